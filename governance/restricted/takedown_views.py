"""Pages on which text that identifies a child is taken down, shown again, or erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance.ground import pages
from governance.restricted import erasures, queries, takeable, takedown
from governance.restricted.forms import DecideForm, HideForm, LookForm
from governance.restricted.gaps import fingerprint
from governance.restricted.takeable import called
from governance.takedown_models import Takedown
from tracker.edges.db import db
from tracker.web.access import Permission, may, requires, standing, viewer
from tracker.web.parts import now, parts

TAKEN_DOWN = "/<slug:partnership>/taken-down"
MOST = 30
CHANGED = "Somebody changed this meanwhile. Look again."


@pages.get(TAKEN_DOWN)
@requires(Permission.HIDE_TEXT)
def takedowns() -> ResponseReturnValue:
    """What was taken down: what, when, by whom, why, and whether it is erased; never the words."""
    return render_template(
        "governance/restricted/takedowns.html",
        takedowns=queries.takedowns(db.session(), standing().partnership_id),
        called=called,
    )


@pages.route(f"{TAKEN_DOWN}/new", methods=["GET", "POST"])
@requires(Permission.HIDE_TEXT)
def take_down() -> ResponseReturnValue:
    """Look for a text by some of its words, choose it, say why: it is hidden at once.

    The words come by POST alone, so that no address or log ever holds them.
    """
    look, hide = LookForm(), HideForm()
    if not look.is_submitted():
        return render_template("governance/restricted/look.html", form=look)
    if not hide.hide.data:
        if not look.validate():
            return render_template("governance/restricted/look.html", form=look), 422
        return _choose(hide, look.phrase.data or "")
    if not hide.validate():
        return _choose(hide, hide.phrase.data or ""), 422
    record, field = _chosen(hide.where.data)
    if record is None:
        hide.where.errors = [CHANGED]
        return _choose(hide, hide.phrase.data or ""), 409
    try:
        done = takedown.hide_text(
            db.session(),
            record,
            field,
            reason=hide.reason.data or "",
            person_id=viewer().person_id,
            now=now(),
        )
    except takedown.CannotTakeDown as why:
        hide.where.errors = [str(why)]
        return _choose(hide, hide.phrase.data or ""), 422
    flash("The text is hidden everywhere. Packs and minutes are being written again.", "success")
    return redirect(_address(done))


@pages.get(f"{TAKEN_DOWN}/<uuid:uid>")
@requires(Permission.HIDE_TEXT)
def one_takedown(uid: UUID) -> ResponseReturnValue:
    """One take-down: where the text stood, why, and what can be done now."""
    found = _found(uid)
    record = takeable.record_of(
        db.session(), found.partnership_id, found.table_name, found.record_id
    )
    sealed = takedown.sealed_of(db.session(), found) if _decides(found, record) else None
    return render_template(
        "governance/restricted/takedown.html",
        takedown=found,
        name=queries.person_name(db.session(), found.hidden_by_id),
        title=called(found.table_name, found.field),
        where=queries.whereabouts(db.session(), record).words if record is not None else "",
        words=sealed.words if sealed else None,
        form=DecideForm(data={"seen": found.version}),
        may_erase=may(Permission.ERASE_TEXT),
    )


@pages.post(f"{TAKEN_DOWN}/<uuid:uid>/show-again")
@requires(Permission.HIDE_TEXT)
def show_text_again(uid: UUID) -> ResponseReturnValue:
    """Show a text again that was hidden by mistake."""
    found = _found(uid)
    if not _may_show_again(found):
        abort(403)
    if not _as_seen(found):
        return redirect(_address(found))
    try:
        left = takedown.show_again(db.session(), found, now=now())
    except takedown.CannotTakeDown as why:
        flash(str(why))
    else:
        flash("The text is shown again.", "success")
        if left:
            flash(f"In {left} places something else was written since: they stay as they are.")
    return redirect(_address(found))


@pages.route(f"{TAKEN_DOWN}/<uuid:uid>/erase", methods=["GET", "POST"])
@requires(Permission.ERASE_TEXT)
def erase_text(uid: UUID) -> ResponseReturnValue:
    """Erase a hidden text for good, once that is confirmed."""
    found, form = _found(uid), DecideForm()
    if not form.is_submitted():
        if found.sealed is None:
            return redirect(_address(found))
        form = DecideForm(data={"seen": found.version})
        title = called(found.table_name, found.field)
        return render_template(
            "governance/restricted/erase.html", takedown=found, form=form, title=title
        )
    address = _address(found)
    if not _as_seen(found):
        return redirect(address)
    try:
        takedown.erase_text(db.session(), found, person_id=viewer().person_id, now=now())
        erasures.note_erasure(db.session(), found, parts().settings.erasure_register)
    except takedown.CannotTakeDown as why:
        flash(str(why))
        return redirect(address)
    except OSError:
        db.session.rollback()
        flash(
            "Nothing was erased: the register of erasures cannot be written. Tell whoever runs"
            " the product; TRACKER_ERASURES says where it is."
        )
        return redirect(address)
    db.session.commit()  # the file can be written anew only outside the transaction
    erasures.forget(db.engine)
    flash("The text is erased everywhere.", "success")
    return redirect(address)


def _found(uid: UUID) -> Takedown:
    found = queries.takedown_by_uid(db.session(), standing().partnership_id, uid)
    if found is None:
        abort(404)
    return found


def _address(found: Takedown) -> str:
    return url_for("governance.one_takedown", partnership=standing().slug, uid=found.uid)


def _as_seen(found: Takedown) -> bool:
    """Whether the form was sent from a page that showed the take-down as it is."""
    form = DecideForm()
    if form.validate() and form.seen.data == found.version:
        return True
    flash(CHANGED)
    return False


def _choose(form: HideForm, phrase: str) -> str:
    """The page of the texts that hold some words, of those that the viewer may read."""
    form.phrase.data, form.phrase.raw_data = phrase, None
    texts: list[tuple[str, str]] = []
    choices: list[tuple[str, str]] = []
    for record, field, said in takeable.found(db.session(), standing().partnership_id, phrase):
        if len(choices) == MOST or not _readable(record):
            continue
        key = f"{record.__tablename__}:{record.id}:{field}:{fingerprint(said)[:16]}"
        where = queries.whereabouts(db.session(), record).words
        title = f"{called(record.__tablename__, field)}" + (f" ({where})" if where else "")
        choices.append((key, title))
        texts.append((title, said))
    form.where.choices = choices
    return render_template("governance/restricted/choose.html", form=form, texts=texts)


def _chosen(where: str | None) -> tuple[Any, str]:
    """The record and field that were chosen, if the text still is what the page showed."""
    table, _, rest = (where or "").partition(":")
    key, _, rest = rest.partition(":")
    field, _, seen = rest.partition(":")
    fields = takeable.takeable().get(table, (None, ()))[1]
    if field not in fields or not key.isascii() or not key.isdigit() or len(key) > 18:
        return None, field
    record = takeable.record_of(db.session(), standing().partnership_id, table, int(key))
    if record is None or not _readable(record):
        return None, field
    said = getattr(record, field)
    return (record if said and fingerprint(said)[:16] == seen else None), field


def _readable(record: Any) -> bool:
    """Whether the viewer may read a record's text: of a board's drafts only its own people."""
    where = queries.whereabouts(db.session(), record)
    if where.board_id is None:
        return not where.is_confidential
    if where.is_confidential and not may(Permission.READ_CONFIDENTIAL, board_id=where.board_id):
        return False
    return may(Permission.READ_DRAFT_PACK, board_id=where.board_id)


def _may_show_again(found: Takedown) -> bool:
    """Whether the viewer may undo it: who hid it, who may erase it, who reads where it stood.

    Any secretary may hide a text at once; showing one again is for those who know what it said.
    """
    if found.hidden_by_id == viewer().person_id or may(Permission.ERASE_TEXT):
        return True
    record = takeable.record_of(
        db.session(), found.partnership_id, found.table_name, found.record_id
    )
    return record is not None and _readable(record)


def _decides(found: Takedown, record: Any) -> bool:
    """Whether the viewer may see the hidden words, to decide what becomes of them."""
    is_theirs = found.hidden_by_id == viewer().person_id or may(Permission.ERASE_TEXT)
    return is_theirs and record is not None and _readable(record)
