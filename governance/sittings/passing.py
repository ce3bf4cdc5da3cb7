"""What a meeting owed when it fell away: its plans, its own items, its open asks pass to the next.

What was done stays done, and the meeting keeps its own rows as a record of what it was to review
(`docs/decisions/meetings-that-fall-away.md`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.asks import move_asks, withdraw_asks
from governance.agenda_models import AgendaItem
from governance.agendas.operations import carry_items, write_agenda
from governance.minute_models import ItemMinute
from governance.models import Meeting, MeetingPlan
from governance.planning import closing_step
from governance.sittings.queries import takes_over
from tracker.kernel.period import long_date


@dataclass(frozen=True)
class Passed:
    """What passed on, and to which meeting; None: none is planned, so nothing could.

    ``plans`` and ``items`` are those that the next meeting did not have already; ``asks`` the open
    ones that it took over; ``withdrawn`` those that closed because nobody takes them.
    """

    to: Meeting | None
    plans: int = 0
    items: int = 0
    asks: int = 0
    withdrawn: int = 0

    @property
    def words(self) -> str:
        """What passed on, in a sentence or two."""
        if self.to is None:
            return (
                "No other meeting of this board is planned, so what it owed passes to nobody yet."
                " Call a meeting, or decide between meetings."
            )
        parts = [
            _number(self.plans, "plan"),
            _number(self.items, "agenda item"),
            _number(self.asks, "open ask"),
        ]
        went = [part for part in parts if part]
        day = long_date(self.to.meets_on)
        if not went:
            return f"Nothing had to pass to the next meeting, on {day}."
        listed = " and ".join(filter(None, [", ".join(went[:-1]), went[-1]]))
        return f"To the meeting on {day} passed: {listed}."


def pass_on(session: Session, meeting: Meeting, *, why: str, now: datetime) -> Passed:
    """Hand what a meeting that fell away owed to its board's next planned meeting, nothing twice.

    Open asks go along where that meeting still takes updates; else they close, and count against
    nobody.
    """
    target = takes_over(session, meeting, now=now)
    if target is None:
        return Passed(None, withdrawn=_withdraw(session, meeting, now))
    plans = _plans(session, meeting, target)
    items = carry(session, meeting, target, why=why, now=now)
    closing = closing_step(session, target)
    if closing.done_at is not None or closing.planned_at <= now:
        withdrawn = _withdraw(session, meeting, now)
        return Passed(target, plans, items, withdrawn=withdrawn)
    asks = move_asks(
        session,
        meeting.partnership_id,
        board_id=meeting.board_id,
        from_on=meeting.meets_on,
        to_on=target.meets_on,
        closes_at=closing.planned_at,
        only_open=True,
    )
    return Passed(target, plans, items, asks=asks)


def carry(session: Session, source: Meeting, target: Meeting, *, why: str, now: datetime) -> int:
    """Carry a meeting's own agenda items to another, which writes its agenda anew; how many."""
    carried = carry_items(session, source, target, why=why, now=now)
    write_agenda(session, target, now=now)
    return carried


def go_on_with(
    session: Session, source: Meeting, target: Meeting, *, why: str, now: datetime
) -> None:
    """Have a meeting go on with what an adjourned one did not reach: items and plan reports."""
    reached = set(
        session.scalars(
            select(AgendaItem.plan_id)
            .join(ItemMinute, ItemMinute.item_id == AgendaItem.id)
            .where(
                AgendaItem.partnership_id == source.partnership_id,
                ItemMinute.partnership_id == source.partnership_id,
                AgendaItem.meeting_id == source.id,
                AgendaItem.plan_id.is_not(None),
            )
        )
    )
    _plans(session, source, target, but=reached)
    carry(session, source, target, why=why, now=now)


def _plans(
    session: Session, source: Meeting, target: Meeting, *, but: Collection[int | None] = ()
) -> int:
    """Have a meeting review what another was to review; returns how many plans that adds."""
    chosen = select(MeetingPlan).where(MeetingPlan.partnership_id == source.partnership_id)
    owed = session.scalars(
        chosen.where(MeetingPlan.meeting_id == source.id).order_by(MeetingPlan.id)
    ).all()
    there = {
        row.plan_id for row in session.scalars(chosen.where(MeetingPlan.meeting_id == target.id))
    }
    missing = [row for row in owed if row.plan_id not in there and row.plan_id not in but]
    for row in missing:
        session.add(
            MeetingPlan(
                partnership_id=target.partnership_id,
                meeting_id=target.id,
                plan_id=row.plan_id,
                cycle_id=row.cycle_id,
            )
        )
    session.flush()
    return len(missing)


def _withdraw(session: Session, meeting: Meeting, now: datetime) -> int:
    return withdraw_asks(
        session, meeting.partnership_id, board_id=meeting.board_id, for_on=meeting.meets_on, now=now
    )


def _number(count: int, of: str) -> str:
    return f"{count} {of}{'' if count == 1 else 's'}" if count else ""
