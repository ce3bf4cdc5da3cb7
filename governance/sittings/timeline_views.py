"""The page of a board's time line: what was planned around its meetings, and what was done."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_of, pages
from governance.sittings.timeline import time_line
from tracker.edges.db import db
from tracker.web.access import Permission, may, requires
from tracker.web.parts import now

# The page shows this many meetings to come, and every one that was.
TO_COME = 2


@pages.get(f"{BOARD}/timeline")
@requires(Permission.READ)
def timeline(slug: str) -> ResponseReturnValue:
    """Each meeting of a board with each step, planned and done; the latest first."""
    board = board_of(slug)
    at = now()
    found = time_line(
        db.session(),
        board,
        now=at,
        confidential=may(Permission.READ_CONFIDENTIAL, board_id=board.id),
    )
    ahead = [one for one in found.meetings if one.starts_at > at][:TO_COME]
    past = [one for one in found.meetings if one.starts_at <= at]
    return render_template(
        "governance/sittings/timeline.html",
        board=board,
        line=found,
        meetings=[*reversed(ahead), *reversed(past)],
        this_instant=at,
    )


ON_BOARDS.append(
    Signpost("governance.timeline", "Timeline", Permission.READ, 90, group=Group.BOARD)
)
