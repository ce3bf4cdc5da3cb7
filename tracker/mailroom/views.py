"""Pages of mail, for administrators: what waits, went, failed and came back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.edges.db import db
from tracker.ledger.models import MailState
from tracker.mailroom import operations, queries
from tracker.mailroom.queries import MailRow, Show
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import now, parts

pages = Blueprint("mailroom", __name__, url_prefix="/<slug:partnership>/mail")
SHOWN = {
    Show.WAITING: "Waiting",
    Show.SENT: "Sent",
    Show.FAILED: "Failed",
    Show.IN_DOUBT: "In doubt",
    Show.BOUNCED: "Came back",
}


@pages.get("")
@requires(Permission.READ_MAIL)
def index() -> ResponseReturnValue:
    """Every mail to people of the partnership, newest first, or those in one state."""
    session, here = db.session(), standing().partnership_id
    show = _shown()
    after = _found(request.args["after"]).mail if "after" in request.args else None
    counted = queries.how_many(session, here)
    return render_template(
        "mail/index.html",
        page=queries.mail_page(session, here, show, after),
        show=show,
        choices=SHOWN,
        is_first=after is None,
        waiting=sum(counted.get(state, 0) for state in queries.ON_THE_WAY),
        failed=counted.get(MailState.FAILED, 0),
        unreachable=queries.people_without_mail(session, here),
        sends=parts().mailer.sends,
    )


@pages.get("/<uuid:uid>")
@requires(Permission.READ_MAIL)
def show(uid: UUID) -> ResponseReturnValue:
    """One mail's story."""
    return render_template("mail/show.html", row=_found(uid), sends=parts().mailer.sends)


@pages.post("/<uuid:uid>/try-again")
@requires(Permission.MANAGE_PEOPLE)
def try_again(uid: UUID) -> ResponseReturnValue:
    """Send a mail that failed once more."""
    row = _found(uid)
    if operations.try_again(db.session(), row.mail, now=now()):
        flash("It waits again, and goes within a minute.", "success")
    else:
        flash("Nothing was changed: this mail has not failed, or its text is no longer kept.")
    return redirect(url_for("mailroom.show", partnership=standing().slug, uid=uid))


@pages.post("/<uuid:uid>/address-works")
@requires(Permission.MANAGE_PEOPLE)
def address_works(uid: UUID) -> ResponseReturnValue:
    """Note that mail to this person arrives again."""
    row = _found(uid)
    if row.person is None:
        abort(404)
    operations.address_works(db.session(), row.person)
    flash(f"Noted: mail to {row.person.name} arrives again.", "success")
    return redirect(url_for("mailroom.show", partnership=standing().slug, uid=uid))


def _found(uid: UUID | str) -> MailRow:
    """The mail of an address; 404 where it is no mail to people of this partnership."""
    try:
        uid = uid if isinstance(uid, UUID) else UUID(uid)
    except ValueError:
        abort(404)
    row = queries.one_mail(db.session(), standing().partnership_id, uid)
    if row is None:
        abort(404)
    return row


def _shown() -> Show | None:
    """What the list is narrowed to; 404 for a word that it does not know."""
    word = request.args.get("show", "")
    try:
        return Show(word) if word else None
    except ValueError:
        abort(404)
