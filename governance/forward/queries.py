"""What comes to a board when, and by which rule, eighteen months ahead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance import queries
from governance.agenda_models import AgendaItem, ItemOrigin, ItemStatus
from governance.cycle_queries import cycles
from governance.forward.entries import fell_away, on_agendas
from governance.forward.rules import AHEAD, takes
from governance.forward.sources import business, reports_below, terms_review
from governance.forward.waiting import waiting_above
from governance.models import CycleKind, Meeting, MeetingBoard, ReviewCycle
from governance.packs.sitting import ForwardRow
from governance.report_models import ForwardItem, ForwardState
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import london_day, to_london
from tracker.people.board_models import Board

ORDINARY = ("Ordinary meeting", "By the board’s own rule")
ON_REQUEST = "On request"
NO_MEETING = "No meeting yet"
BY_THE_BOARD = "Put off or asked for by the board"


@dataclass(frozen=True)
class Coming:
    """Something that comes: what, and by which rule; ``item`` where it was put there by hand."""

    what: str
    why: str
    item: ForwardItem | None = None


@dataclass(frozen=True)
class MeetingAhead:
    """A meeting to come and what it takes."""

    meeting: Meeting
    comes: tuple[Coming, ...]


@dataclass(frozen=True)
class ForwardPlan:
    """A board's forward plan: its meetings, what is parked, what waits, what comes on request."""

    meetings: tuple[MeetingAhead, ...]
    parked: tuple[ForwardItem, ...]
    waiting: tuple[Coming, ...]
    on_request: tuple[Coming, ...]


def forward_plan(
    session: Session,
    board: Board,
    *,
    after: datetime,
    confidential: bool = False,
    is_public: bool = False,
) -> ForwardPlan:
    """A board's forward plan from an instant on.

    ``confidential``: with confidential entries, for readers who may see them. ``is_public``: only
    what rules give, and what was given a meeting; nothing parked, escalated or carried over.
    """
    tenant, today = board.partnership_id, london_day(after)
    ahead = _ahead(session, board, after)
    days = [meeting.meets_on for meeting in ahead if meeting.status.value == "planned"]
    comes: dict[int, list[Coming]] = defaultdict(list)
    _plans(session, tenant, ahead, comes)
    by_day: dict[date, list[Coming]] = defaultdict(list)
    for on, what in business(session, board):
        by_day[on].append(Coming(what, "Business of the year"))
    review_on = terms_review(session, board)
    if review_on is not None and (on_day := takes(max(review_on, today), days)):
        by_day[on_day].append(
            Coming(
                "Review of the terms of reference",
                f"They are to be reviewed by {short_date(review_on)}",
            )
        )
    for on, name, why in reports_below(session, board, days, after=after):
        by_day[on].append(Coming(f"Report of {name}", why))
    for meeting in ahead:
        if meeting.board_id == board.id:
            comes[meeting.id] += by_day.get(meeting.meets_on, [])
    parked = _by_hand(session, board, ahead, comes, confidential=confidential)
    if not is_public:
        _carried(session, board, ahead, comes, confidential=confidential)
    return ForwardPlan(
        meetings=tuple(MeetingAhead(one, tuple(comes.get(one.id, []))) for one in ahead),
        parked=() if is_public else tuple(parked),
        waiting=()
        if is_public
        else tuple(Coming(what, why) for what, why in waiting_above(session, board)),
        on_request=tuple(_on_request(session, board, today, days)),
    )


def forward_rows(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> tuple[ForwardRow, ...]:
    """The forward plan of a meeting's board as its pack prints it, from the next meeting on.

    A row without a day belongs to the meeting above it; the pack puts together what repeats.
    """
    plan = forward_plan(session, meeting.board, after=meeting.ends_at, confidential=confidential)
    rows: list[ForwardRow] = []
    for ahead in plan.meetings:
        at = when_of(ahead.meeting)
        for what, why in [(one.what, one.why) for one in ahead.comes] or [ORDINARY]:
            rows.append(ForwardRow(at, what, why))
            at = ""
    at = NO_MEETING
    for item in plan.parked:
        rows.append(ForwardRow(at, item.title, item.why or BY_THE_BOARD))
        at = ""
    rows += [ForwardRow(ON_REQUEST, one.what, one.why) for one in plan.on_request]
    return tuple(rows)


def when_of(meeting: Meeting) -> str:
    """When a meeting is, for a forward plan."""
    if meeting.status.value == "postponed":
        return f"Postponed from {short_date(meeting.meets_on)}"
    at = clock_words(to_london(meeting.starts_at).time())
    return f"{long_date(meeting.meets_on)}, {at}"


def _ahead(session: Session, board: Board, after: datetime) -> list[Meeting]:
    """The meetings to come of a board, joint ones included, as far as a forward plan looks."""
    tenant = board.partnership_id
    joint = select(MeetingBoard.meeting_id).where(
        MeetingBoard.partnership_id == tenant, MeetingBoard.board_id == board.id
    )
    found = session.scalars(
        select(Meeting)
        .where(
            Meeting.partnership_id == tenant,
            or_(Meeting.board_id == board.id, Meeting.id.in_(joint)),
            Meeting.starts_at >= after,
            Meeting.meets_on <= london_day(after) + AHEAD,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [meeting for meeting in found if meeting.status.is_to_come]


def _plans(
    session: Session, tenant: int, ahead: Sequence[Meeting], comes: dict[int, list[Coming]]
) -> None:
    """The plans that cycles bring; those of a coordinated report stand together."""
    rows = queries.meeting_plan_rows(session, tenant, [meeting.id for meeting in ahead])
    for meeting_id, brought in rows.items():
        together: dict[int, tuple[ReviewCycle, list[str]]] = {}
        for plan, cycle in brought:
            key = cycle.id if cycle.is_coordinated else -plan.id
            together.setdefault(key, (cycle, []))[1].append(plan.full_title)
        for cycle, titles in together.values():
            what = titles[0] if len(titles) == 1 else f"One report: {'; '.join(titles)}"
            comes[meeting_id].append(Coming(what, cycle.words))


def _by_hand(
    session: Session,
    board: Board,
    ahead: Sequence[Meeting],
    comes: dict[int, list[Coming]],
    *,
    confidential: bool,
) -> list[ForwardItem]:
    """Add what was given a meeting by hand; returns what has none, or lost the one it had."""
    found = session.scalars(
        select(ForwardItem)
        .where(
            ForwardItem.partnership_id == board.partnership_id,
            ForwardItem.board_id == board.id,
            ForwardItem.state.in_((ForwardState.PARKED, ForwardState.SCHEDULED)),
            ForwardItem.is_confidential.in_((False, confidential)),
        )
        .order_by(ForwardItem.is_confidential, ForwardItem.added_at, ForwardItem.id)
    ).all()
    statuses = on_agendas(session, board, found)
    to_come = {meeting.id for meeting in ahead}
    gone = fell_away(session, board, found)
    parked = []
    for item in found:
        status = statuses.get(item.id)
        if (
            item.state is ForwardState.PARKED
            or status is ItemStatus.REMOVED
            or (item.meeting_id in gone and status is not ItemStatus.DEFERRED)
        ):
            parked.append(item)
        elif item.meeting_id in to_come and status is ItemStatus.ON_AGENDA:
            why = item.why or BY_THE_BOARD
            comes[item.meeting_id or 0].append(Coming(item.title, why, item))
    return parked


def _carried(
    session: Session,
    board: Board,
    ahead: Sequence[Meeting],
    comes: dict[int, list[Coming]],
    *,
    confidential: bool,
) -> None:
    """Add what other meetings passed on, and what was escalated from below.

    Confidential items are their own board's: of a joint meeting that another one runs, none.
    """
    own = {meeting.id for meeting in ahead if meeting.board_id == board.id}
    for item in session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.partnership_id == board.partnership_id,
            AgendaItem.meeting_id.in_([meeting.id for meeting in ahead]),
            AgendaItem.status == ItemStatus.ON_AGENDA,
            AgendaItem.origin.in_((ItemOrigin.CARRIED, ItemOrigin.ESCALATED)),
            AgendaItem.is_confidential.in_((False, confidential)),
        )
        .order_by(AgendaItem.is_confidential, AgendaItem.position, AgendaItem.id)
    ):
        if item.is_confidential and item.meeting_id not in own:
            continue
        words = item.origin_words or item.origin.value
        comes[item.meeting_id].append(Coming(item.title, words[:1].upper() + words[1:]))


def _on_request(session: Session, board: Board, today: date, days: Sequence[date]) -> list[Coming]:
    """Reviews that come when the board asks, and those that come once and have no meeting yet."""
    found = []
    for cycle in cycles(session, board.partnership_id, board.id):
        if cycle.ends_on is not None and cycle.ends_on < today:
            continue
        if cycle.kind is CycleKind.ON_REQUEST:
            found.append(Coming(cycle.words, "When the board asks"))
            continue
        once_on = cycle.once_on
        if once_on is not None and once_on >= today and takes(once_on, days) is None:
            why = f"Once, at the first meeting from {short_date(once_on)} on"
            found.append(Coming(cycle.words, why))
    return found
