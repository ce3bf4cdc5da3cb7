"""Deciding between meetings, the action log, the chair's briefing: their pages, and ways there."""

from __future__ import annotations

from governance.deciding import briefing_views, circulation_views, log_views, telling
from governance.ground import ON_BOARDS, ON_MEETINGS, Group, Signpost
from tracker.web.access import Permission

__all__ = ["briefing_views", "circulation_views", "log_views", "telling"]

ON_BOARDS += [
    Signpost(
        "governance.action_log", "Action log", Permission.READ_MINUTES, 40, group=Group.RECORDS
    ),
    Signpost(
        "governance.between_meetings",
        "Decisions between meetings",
        Permission.ANSWER_BETWEEN,
        45,
        group=Group.RECORDS,
    ),
]
ON_MEETINGS.append(
    Signpost(
        "governance.briefing",
        "Chair’s briefing",
        Permission.READ_BRIEFING,
        30,
        lambda meeting: meeting.status.is_to_come,
    )
)
