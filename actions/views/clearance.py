"""Updates that wait for an organisation's clearance: the list, and one of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from actions.answer_models import ProgressDraft
from actions.clearance import NoLongerWaits, clear, overtaken_reason, send_back
from actions.clearers import MOST_WAITING, clearance_of, clears_for, waiting, waiting_from
from actions.drafts import said_in
from actions.forms.hand_on import ReturnForm
from actions.history import of_entry
from actions.models import Action
from actions.operations import NothingToRepeat, Overtaken
from actions.queries import facts
from actions.rules import main_home
from actions.update_queries import recent_entries
from actions.views.ground import found, pages
from actions.views.update import answers_of
from tracker.edges.db import db
from tracker.people.models import Person
from tracker.web.access import Permission, Standing, demand, requires, standing, viewer
from tracker.web.parts import now, this_day

CLEAR = "clear"


@pages.get("/<slug:partnership>/clearance")
@requires(Permission.READ)
def to_clear() -> ResponseReturnValue:
    """The updates that wait for the organisations for which the viewer clears."""
    here, session = standing(), db.session()
    mine = clears_for(session, here.partnership_id, viewer().person_id, this_day())
    rows = waiting(session, here.partnership_id, mine)
    return render_template(
        "actions/to_clear.html", organisations=mine, rows=rows, most=MOST_WAITING
    )


@pages.route("/<slug:partnership>/actions/<int:number>/clearance", methods=["GET", "POST"])
@requires(Permission.READ)
def clearance(number: int) -> ResponseReturnValue:
    """One update that waits: what it says, to be cleared or returned with a reason."""
    here = standing()
    action = found(here, number)
    row = _waiting(here, action)
    if row is None:
        return _gone(here)
    draft, author = row
    assert draft.organisation_id is not None
    organisation = clearance_of(
        db.session(), here.partnership_id, draft.organisation_id, this_day()
    )
    demand(Permission.CLEAR_PROGRESS, clearer_ids=organisation.person_ids)
    form = ReturnForm()
    if request.method == "POST" and (CLEAR in request.form or form.validate()):
        return _decide(form, here, action, draft, author)
    page = render_template(
        "actions/clearance.html",
        form=form,
        action=main_home(
            facts(db.session(), here.partnership_id, this_day(), action_ids=[action.id])
        ),
        author=author,
        organisation=organisation.organisation,
        answers=answers_of(said_in(draft)),
        is_no_change=bool(said_in(draft).get("no_change")),
        draft=draft,
        missed=[
            of_entry(one)
            for one in recent_entries(db.session(), action, since=draft.last_seen)
            if one.number > draft.last_seen
        ],
    )
    return page, 422 if form.errors else 200


def _decide(
    form: ReturnForm, here: Standing, action: Action, draft: ProgressDraft, author: Person
) -> ResponseReturnValue:
    """Clear or return the version that was read; what was overtaken goes back to its author."""
    session, me, name = db.session(), viewer().person_id, author.name
    try:
        if CLEAR in request.form:
            clear(session, action, draft, seen_at=_seen(form), person_id=me, now=now())
            flash(f"Cleared. {name}’s update is submitted.", "success")
        else:
            send_back(
                session, draft, seen_at=_seen(form), person_id=me, reason=form.reason.data or ""
            )
            flash(f"Returned to {name} with your reason.", "success")
    except NoLongerWaits:
        flash(f"Nothing was done: {name} changed this update since you read it. Read it again.")
        return redirect(
            url_for("actions.clearance", partnership=here.slug, number=action.number, of=author.uid)
        )
    except (Overtaken, NothingToRepeat, IntegrityError, StaleDataError):
        return _overtaken(here, action.number)
    return redirect(url_for("actions.to_clear", partnership=here.slug))


def _overtaken(here: Standing, number: int) -> ResponseReturnValue:
    """Somebody else was faster: the update goes back to its author, and nothing of it is lost."""
    session = db.session()
    session.rollback()
    action = found(here, number)
    row = _waiting(here, action)
    if row is None:
        return _gone(here)
    draft, author = row
    newest = next(iter(recent_entries(session, action)), None)
    reason = overtaken_reason(action, newest)
    send_back(session, draft, seen_at=draft.saved_at, person_id=viewer().person_id, reason=reason)
    flash(f"Not submitted: it went back to {author.name}, and nothing of it is lost. {reason}")
    return redirect(url_for("actions.to_clear", partnership=here.slug))


def _waiting(here: Standing, action: Action) -> tuple[ProgressDraft, Person] | None:
    """The update that the address means: whose it is stands in its query."""
    try:
        person_uid = UUID(request.args.get("of", ""))
    except ValueError:
        return None
    return waiting_from(
        db.session(),
        here.partnership_id,
        action.id,
        person_uid,
        lock=request.method == "POST",
    )


def _gone(here: Standing) -> ResponseReturnValue:
    flash("That update does not wait for clearance any more.")
    return redirect(url_for("actions.to_clear", partnership=here.slug))


def _seen(form: ReturnForm) -> datetime | None:
    """The instant of the version that was read; None for what no page of ours has sent."""
    try:
        return datetime.fromisoformat(form.seen.data or "")
    except ValueError:
        return None
