"""Reading agendas: every item with what became of it, papers, and what rules want on agendas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.agenda import STANDARD, AgendaEntry, PlanOnAgenda
from governance.agenda_models import AgendaItem, ItemStatus, Paper
from governance.agendas.rules import Wanted, wanted_items
from governance.forward.rules import business_falls_on
from governance.models import FELL_AWAY, Meeting, MeetingPlan, ReviewCycle
from governance.pack_models import Pack, PackStatus
from governance.setting_models import StandingItem, YearBusiness
from plans.models import Plan
from priorities.indicator_models import Indicator


def all_items(
    session: Session, partnership_id: int, meeting_ids: Collection[int]
) -> dict[int, list[AgendaItem]]:
    """Every item of meetings, those that left the agenda and confidential ones included.

    For what keeps agendas in order; nothing that is shown to people reads it.
    """
    found: dict[int, list[AgendaItem]] = defaultdict(list)
    for item in session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.partnership_id == partnership_id,
            AgendaItem.meeting_id.in_(sorted(meeting_ids)),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    ):
        found[item.meeting_id].append(item)
    return found


def off_agenda(
    session: Session, meeting: Meeting, *, confidential: bool = False
) -> Sequence[AgendaItem]:
    """What was taken off a meeting's agenda or deferred; confidential only for the entitled."""
    return session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.partnership_id == meeting.partnership_id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.status != ItemStatus.ON_AGENDA,
            AgendaItem.is_confidential.in_((False, confidential)),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def item_by_uid(
    session: Session, meeting: Meeting, uid: UUID, *, confidential: bool = False
) -> AgendaItem | None:
    """An item of a meeting by its address; a confidential one only for the entitled."""
    return session.scalar(
        select(AgendaItem).where(
            AgendaItem.partnership_id == meeting.partnership_id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.uid == uid,
            AgendaItem.is_confidential.in_((False, confidential)),
        )
    )


def thread_items(
    session: Session, item: AgendaItem, board_id: int, *, confidential: bool = False
) -> list[tuple[AgendaItem, Meeting]]:
    """The same business at each meeting of a board where it was, the first of them first."""
    rows = session.execute(
        select(AgendaItem, Meeting)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(
            AgendaItem.partnership_id == item.partnership_id,
            AgendaItem.thread == item.thread,
            Meeting.board_id == board_id,
            AgendaItem.is_confidential.in_((False, confidential)),
        )
        .order_by(Meeting.starts_at, AgendaItem.id)
    )
    return [(one, meeting) for one, meeting in rows]


def papers(
    session: Session,
    partnership_id: int,
    item_ids: Collection[int],
    *,
    confidential: bool = False,
) -> dict[int, list[Paper]]:
    """The papers of items in their order, withdrawn ones included, by item id."""
    found: dict[int, list[Paper]] = defaultdict(list)
    for paper in session.scalars(
        select(Paper)
        .where(
            Paper.partnership_id == partnership_id,
            Paper.item_id.in_(sorted(item_ids)),
            Paper.is_confidential.in_((False, confidential)),
        )
        .order_by(Paper.item_id, Paper.position, Paper.id)
    ):
        found[paper.item_id].append(paper)
    return dict(found)


def paper_by_uid(
    session: Session, meeting: Meeting, uid: UUID, *, confidential: bool = False
) -> tuple[Paper, AgendaItem] | None:
    """A paper of a meeting by its address, with its item; confidential only for the entitled."""
    found = session.execute(
        select(Paper, AgendaItem)
        .join(AgendaItem, AgendaItem.id == Paper.item_id)
        .where(
            Paper.partnership_id == meeting.partnership_id,
            Paper.uid == uid,
            Paper.is_confidential.in_((False, confidential)),
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.is_confidential.in_((False, confidential)),
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def published_of(session: Session, partnership_id: int, meeting_ids: Collection[int]) -> set[int]:
    """Which of these meetings have a published pack: their item numbers are frozen."""
    return set(
        session.scalars(
            select(Pack.meeting_id)
            .where(
                Pack.partnership_id == partnership_id,
                Pack.meeting_id.in_(sorted(meeting_ids)),
                Pack.status == PackStatus.PUBLISHED,
            )
            .distinct()
        )
    )


def is_published(session: Session, meeting: Meeting) -> bool:
    """Whether a meeting's pack is published, so that its numbers do not change any more."""
    return bool(published_of(session, meeting.partnership_id, [meeting.id]))


@dataclass(frozen=True)
class Sources:
    """All from which the agendas of some meetings are written, read at once."""

    standing: dict[int, list[tuple[str, AgendaEntry]]]
    plans: dict[int, list[PlanOnAgenda]]
    year: dict[int, list[tuple[str, int]]]

    def wanted(self, meeting: Meeting) -> list[Wanted]:
        """What rules want on a meeting's agenda, in its order."""
        standing = self.standing.get(meeting.board_id)
        if standing is None:
            standing = [(entry.kind.value, entry) for entry in STANDARD]
        plans = self.plans.get(meeting.id, [])
        return wanted_items(standing, plans, self.year.get(meeting.id, []))


def sources(session: Session, partnership_id: int, meetings: Sequence[Meeting]) -> Sources:
    """What gives these meetings their agendas; a few queries, however many meetings they are."""
    board_ids = sorted({meeting.board_id for meeting in meetings})
    return Sources(
        standing=_standing(session, partnership_id, board_ids),
        plans=_plans(session, partnership_id, [meeting.id for meeting in meetings]),
        year=_year(session, partnership_id, board_ids),
    )


def _standing(
    session: Session, partnership_id: int, board_ids: Collection[int]
) -> dict[int, list[tuple[str, AgendaEntry]]]:
    """The boards' own standing agendas; a board with none is not in it."""
    found: dict[int, list[tuple[str, AgendaEntry]]] = defaultdict(list)
    for row in session.scalars(
        select(StandingItem)
        .where(StandingItem.partnership_id == partnership_id, StandingItem.board_id.in_(board_ids))
        .order_by(StandingItem.position, StandingItem.id)
    ):
        entry = AgendaEntry(
            row.kind, row.title, row.purpose, row.presenter, row.minutes, None, row.text
        )
        found[row.board_id].append((row.slug, entry))
    return dict(found)


def _plans(
    session: Session, partnership_id: int, meeting_ids: Collection[int]
) -> dict[int, list[PlanOnAgenda]]:
    """The plans that meetings review, in the order of the plans, with how they are reported."""
    rows = session.execute(
        select(MeetingPlan.meeting_id, Plan, ReviewCycle.id, ReviewCycle.is_coordinated)
        .join(Plan, Plan.id == MeetingPlan.plan_id)
        .join(ReviewCycle, ReviewCycle.id == MeetingPlan.cycle_id)
        .where(
            MeetingPlan.partnership_id == partnership_id,
            MeetingPlan.meeting_id.in_(sorted(meeting_ids)),
        )
        .order_by(Plan.starts_on, Plan.id)
    ).all()
    with_indicators = set(
        session.scalars(
            select(Indicator.plan_id)
            .where(
                Indicator.partnership_id == partnership_id,
                Indicator.plan_id.in_({plan.id for _, plan, *_ in rows}),
            )
            .distinct()
        )
    )
    found: dict[int, list[PlanOnAgenda]] = defaultdict(list)
    for meeting_id, plan, cycle_id, is_coordinated in rows:
        found[meeting_id].append(
            PlanOnAgenda(
                plan.id,
                plan.full_title,
                plan.id in with_indicators,
                cycle_id if is_coordinated else None,
            )
        )
    return dict(found)


def _year(
    session: Session, partnership_id: int, board_ids: Collection[int]
) -> dict[int, list[tuple[str, int]]]:
    """The business of the year that falls on each meeting, by meeting id, with its year."""
    months: dict[int, dict[str, int]] = defaultdict(dict)
    for row in session.scalars(
        select(YearBusiness)
        .where(YearBusiness.partnership_id == partnership_id, YearBusiness.board_id.in_(board_ids))
        .order_by(YearBusiness.id)
    ):
        months[row.board_id][row.kind.value] = row.month
    if not months:
        return {}
    days: dict[int, dict[date, int]] = defaultdict(dict)
    for meeting_id, board_id, on in session.execute(
        select(Meeting.id, Meeting.board_id, Meeting.meets_on).where(
            Meeting.partnership_id == partnership_id,
            Meeting.board_id.in_(sorted(months)),
            Meeting.status.not_in(FELL_AWAY),
        )
    ):
        days[board_id].setdefault(on, meeting_id)
    return {
        days[board_id][on]: [(kind, on.year) for kind in kinds]
        for board_id, by_kind in months.items()
        for on, kinds in business_falls_on(by_kind, sorted(days[board_id])).items()
    }
