"""What a changed review cycle does to its board's meetings: planned, and shown, before it is done.

`docs/decisions/changed-rules.md` says which meetings follow a rule and which stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from governance.agendas.queries import published_of
from governance.cycles import occurrences, usual_gap_days
from governance.meetings import AHEAD, days_taken, rule_of
from governance.models import CycleKind, Meeting, MeetingStatus, ReviewCycle
from governance.queries import meetings
from governance.reviews.pairing import Pairs, pair, stands_for
from governance.reviews.queries import BEGINS_AT, Wanted, known_of
from tracker.kernel.period import short_date
from tracker.kernel.times import london, london_day, to_london
from tracker.people.board_models import Board

# Why a meeting that a changed rule has no day for was cancelled: by these words it is known, and
# planned again where the rule comes back.
SURPLUS = "The board meets by another rule now."


@dataclass(frozen=True)
class Change:
    """What a changed cycle does to its board's meetings.

    ``moves``: each with its new instant. ``cancels``: no day is left for them. ``revives``: those
    that an earlier change cancelled, and whose day is back. ``makes``: days that get a meeting.
    ``stays``: meetings off the rule that stay where they are, each with why; ``given_up`` are the
    days that they take the place of. ``barred``: days that get no meeting, each with why.
    ``keeps``: meetings on a day of both rules.
    """

    moves: tuple[tuple[Meeting, datetime], ...] = ()
    cancels: tuple[Meeting, ...] = ()
    revives: tuple[Meeting, ...] = ()
    makes: tuple[date, ...] = ()
    stays: tuple[tuple[Meeting, str], ...] = ()
    given_up: tuple[date, ...] = ()
    barred: tuple[tuple[date, str], ...] = ()
    keeps: tuple[Meeting, ...] = ()

    @property
    def mark(self) -> str:
        """A short mark of all that is shown: another one is another change."""
        shown = [
            *(f"move {meeting.id} {at.isoformat()}" for meeting, at in self.moves),
            *(f"cancel {meeting.id}" for meeting in self.cancels),
            *(f"revive {meeting.id}" for meeting in self.revives),
            *(f"make {on}" for on in self.makes),
            *(f"stay {meeting.id}" for meeting, _ in self.stays),
        ]
        return sha256("\n".join(shown).encode()).hexdigest()[:16]


def plan_change(
    session: Session, board: Board, cycle: ReviewCycle | None, wanted: Wanted, *, now: datetime
) -> Change:
    """What saving a cycle, a new one or a changed one, would do to meetings. Nothing is changed.

    Only meetings to come move, and of them only those that stand where the rule put them and are
    not published. What has a day already keeps it, whichever cycle gave it.
    """
    today = london_day(now)
    old_rule = rule_of(cycle) if cycle is not None and cycle.kind is CycleKind.RECURRENCE else None
    gap = usual_gap_days(wanted.rule) if wanted.rule else None
    # A little beyond what is made already, so that the last meetings find their day as well.
    reach = today + AHEAD + timedelta(days=max(gap or 0, 31))
    old = set(occurrences(old_rule, today, reach)) if old_rule else set()
    new = {
        on
        for on in (occurrences(wanted.rule, today, reach) if wanted.rule else [])
        if london(on, wanted.at) > now and (board.ends_on is None or on <= board.ends_on)
    }
    others = {
        on
        for one in known_of(session, board)
        if one.kind is CycleKind.RECURRENCE and (cycle is None or one.id != cycle.id)
        for on in occurrences(rule_of(one), today, reach)
    }
    coming = meetings(session, board.partnership_id, board_ids=[board.id], after=now)
    published = published_of(session, board.partnership_id, [meeting.id for meeting in coming])
    at = (cycle.starts_at or BEGINS_AT) if cycle is not None else BEGINS_AT
    free: dict[date, Meeting] = {}
    stays: list[tuple[Meeting, str]] = []
    given_up: list[date] = []
    for meeting in coming:
        if meeting.is_extra or not {meeting.meets_on, meeting.occurrence_on} & old:
            continue
        why = _why_it_stays(meeting, old, others, published, at, today)
        if why is None:
            free[meeting.meets_on] = meeting
        elif why:
            instead = _taken_place(meeting, new, gap)
            given_up += [instead] if instead is not None else []
            if not meeting.status.fell_away and meeting.meets_on not in new:
                stays.append((meeting, why))
    standing = {
        meeting.meets_on
        for meeting in coming
        if not meeting.status.fell_away and meeting.meets_on not in free
    }
    days = [
        on
        for on in sorted(new - standing - set(given_up))
        if on <= today + AHEAD or stands_for(on, sorted(free), gap) is not None
    ]
    pairs = pair(sorted(free), days)
    return _change(session, board, wanted, coming, free, pairs, today + AHEAD, stays, given_up)


def _why_it_stays(
    meeting: Meeting,
    old: Collection[date],
    others: Collection[date],
    published: Collection[int],
    at: time,
    today: date,
) -> str | None:
    """Why a meeting of the rule does not move; None where it does, "" where it is another's too."""
    if meeting.status.fell_away:
        # One that the rule cancelled is out of count; what somebody cancelled stays cancelled.
        return "" if meeting.status_words == SURPLUS else "it was cancelled"
    if meeting.meets_on in others:
        return ""
    if meeting.status is MeetingStatus.POSTPONED:
        return "it is postponed"
    if meeting.status is not MeetingStatus.PLANNED:
        return f"it was {meeting.status.value}"
    if meeting.meets_on <= today:
        return "it is today"
    if meeting.id in published:
        return "its pack is published"
    if meeting.meets_on not in old:
        return "it was moved by hand"
    if to_london(meeting.starts_at).time() != at:
        return "its time was changed by hand"
    return None


def _taken_place(meeting: Meeting, new: Collection[date], gap: int | None) -> date | None:
    """The new day for which a meeting that stays counts."""
    if meeting.occurrence_on in new:
        return meeting.occurrence_on
    return stands_for(meeting.meets_on, sorted(new), gap)


def _change(
    session: Session,
    board: Board,
    wanted: Wanted,
    coming: Sequence[Meeting],
    free: Mapping[date, Meeting],
    pairs: Pairs,
    last_on: date,
    stays: Sequence[tuple[Meeting, str]],
    given_up: Sequence[date],
) -> Change:
    moves = [(free[was], london(will, wanted.at)) for was, will in pairs.moved]
    for on in pairs.kept:
        starts_at = london(on, wanted.at)
        if free[on].starts_at != starts_at:
            moves.append((free[on], starts_at))
    moving = {meeting.id for meeting, _ in moves}
    lost = {
        meeting.meets_on: meeting
        for meeting in coming
        if meeting.status.fell_away and meeting.status_words == SURPLUS
    }
    missing = [on for on in pairs.missing if on <= last_on]
    taken = {
        on for board_id, on in days_taken(session, board.partnership_id) if board_id == board.id
    }
    return Change(
        moves=tuple(sorted(moves, key=lambda move: move[1])),
        cancels=tuple(free[on] for on in pairs.surplus),
        revives=tuple(lost[on] for on in missing if on in lost),
        makes=tuple(on for on in missing if on not in lost and on not in taken),
        stays=tuple(stays),
        given_up=tuple(given_up),
        barred=tuple(
            (on, _barred_words(on, coming)) for on in missing if on in taken and on not in lost
        ),
        keeps=tuple(free[on] for on in pairs.kept if free[on].id not in moving),
    )


def _barred_words(on: date, coming: Sequence[Meeting]) -> str:
    for meeting in coming:
        if on in (meeting.occurrence_on, meeting.meets_on):
            if meeting.status.fell_away:
                return "the meeting of that day was cancelled"
            return f"the meeting of that day meets on {short_date(meeting.meets_on)}"
    return "there was a meeting on that day"
