"""Lists of actions: what needs somebody now and the rest; all of a partnership."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from actions.list_queries import Scope
from actions.lists import Sort
from governance import answer_views
from governance.listing import listing, tasks_of
from governance.mine_ground import own_scope, pages
from governance.mine_queries import diary
from tracker.edges.db import db
from tracker.web.access import Permission, Viewer, requires, standing, viewer
from tracker.web.parts import now, this_day

__all__ = ["answer_views", "pages"]

OWN_SORTS = (Sort.NEEDS, Sort.DUE, Sort.RATING, Sort.REFERENCE, Sort.UPDATED)
ALL_SORTS = (Sort.DUE, Sort.RATING, Sort.REFERENCE, Sort.UPDATED)


@pages.get("/my-actions")
@requires(Permission.BE_SIGNED_IN)
def index() -> ResponseReturnValue:
    """What needs you now, then the rest, across partnerships and plans."""
    today, who = this_day(), viewer()
    standings = list(who.standings.values())
    found = listing(db.session(), own_scope(), standings, today, sorts=OWN_SORTS)
    tasks, coming = diary(
        db.session(), found.asked.scope.partnership_ids, who.person_id, _own_boards(who), now()
    )
    by_need = found.asked.order.sort is Sort.NEEDS
    return render_template(
        "mine/index.html",
        listing=found,
        now=[one for one in found.rows if one.needs] if by_need else [],
        rest=[one for one in found.rows if not (by_need and one.needs)],
        by_need=by_need,
        tasks=tasks_of(found, tasks, today),
        coming=[] if found.asked.is_set() or not found.is_first else coming,
        standings=standings,
        today=today,
    )


@pages.get("/<slug:partnership>/actions")
@requires(Permission.READ)
def everything() -> ResponseReturnValue:
    """All actions of a partnership."""
    here, today = standing(), this_day()
    scope = Scope((here.partnership_id,))
    return render_template(
        "mine/everything.html",
        listing=listing(db.session(), scope, [here], today, sorts=ALL_SORTS),
        today=today,
    )


def _own_boards(who: Viewer) -> list[int]:
    """The boards that somebody sits on or serves, in every partnership."""
    return sorted(board for here in who.standings.values() for board in here.sits_on)
