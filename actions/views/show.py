"""One action: where it stands, who is asked, what was promised, and everything recorded of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from actions.asked import asked_now, gap_words
from actions.event_queries import events_beside
from actions.history import history
from actions.link_queries import links_of
from actions.page_queries import ActionPage, action_page
from actions.proposal_queries import proposals_about
from actions.views.ground import boards_of, pages, ties_of
from tracker.edges.db import db
from tracker.kernel.lifecycle import Lifecycle
from tracker.web.access import Permission, may, requires, standing, viewer
from tracker.web.parts import this_day


@pages.get("/<slug:partnership>/actions/<int:number>")
@requires(Permission.READ)
def show(number: int) -> ResponseReturnValue:
    """One action, and what was recorded of it: the newest entries, or all of them."""
    here, today = standing(), this_day()
    page = action_page(
        db.session(),
        here.partnership_id,
        number,
        today,
        boards=partial(boards_of, here),
        **({"newest": None} if request.args.get("all") else {}),
    )
    if page is None:
        abort(404)
    return render_template(
        "actions/show.html",
        page=page,
        action=page.facts,
        may_do=_may_do(page),
        gap=gap_words(page.around.owners, today),
        events=history(
            page.entries,
            page.changes,
            confirmed_at=page.action.completion_confirmed_at,
            confirmed_by=page.confirmed_by,
            beside=events_beside(db.session(), here.partnership_id, page.action.id),
        ),
        proposals=proposals_about(db.session(), here.partnership_id, page.action.id),
        links=links_of(db.session(), here.partnership_id, page.action.id),
        today=today,
    )


@dataclass(frozen=True)
class MayDo:
    """What the viewer may do with this action as it stands, by the name of the button."""

    record: bool
    delegate: bool
    confirm: bool
    reopen: bool
    agree: bool
    change: bool
    hold: bool
    tick: bool
    propose: bool


def _may_do(page: ActionPage) -> MayDo:
    ties, action = ties_of(page.around), page.facts
    is_complete = action.lifecycle is Lifecycle.COMPLETE
    may_change = may(Permission.CHANGE_PLANS)
    may_record = may(Permission.RECORD_PROGRESS, **ties)
    may_confirm = may(Permission.CONFIRM_COMPLETION, **ties) and is_complete
    owns = viewer().person_id in {
        one.person_id for one in asked_now(page.around.owners, this_day())
    }
    return MayDo(
        record=may_record and action.lifecycle is not Lifecycle.CLOSED_NOT_COMPLETED,
        delegate=may(Permission.DELEGATE, **ties)
        and any(not ask.is_closed for ask in page.around.asks.values()),
        confirm=may_confirm and not action.is_confirmed and not owns,
        reopen=may_confirm,
        agree=may(Permission.AGREE, **ties) and action.may_be_agreed(),
        change=may_change,
        hold=may_change and action.is_open,
        tick=may_change or (may_record and bool(action.milestones)),
        propose=may(Permission.PROPOSE, **ties) and action.is_open,
    )
