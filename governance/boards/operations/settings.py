"""What a board sets for itself: its timetable, its standing agenda, its business of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import moving
from governance.agenda import ItemKind, Purpose
from governance.boards.operations.refusals import Refused
from governance.boards.queries import standing_items, standing_rows, timetable_row
from governance.boards.rules import slug_from
from governance.models import Meeting, MeetingStatus
from governance.planning import StepChange, anew, closed_days, plan_of
from governance.queries import meetings, steps
from governance.setting_models import BoardTimetable, BusinessKind, StandingItem, YearBusiness
from governance.timetable import TimetableSettings
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.times import london_day
from tracker.people.board_models import Board

MOST_ITEMS = 40


@dataclass(frozen=True)
class Wanted:
    """What a standing item says."""

    title: str
    purpose: Purpose
    presenter: str | None
    minutes: int | None
    text: str | None


def preview_timetable(
    session: Session,
    board: Board,
    settings: TimetableSettings,
    *,
    now: datetime,
    holidays: BankHolidays,
) -> list[tuple[Meeting, list[StepChange]]]:
    """What other settings would move of a board's coming meetings, by meeting. Changes nothing."""
    closed = closed_days(session, board.partnership_id)
    found = []
    for meeting in meetings(session, board.partnership_id, after=now, board_ids=[board.id]):
        if meeting.status is not MeetingStatus.PLANNED:
            continue
        plan = plan_of(
            session,
            board,
            meeting.starts_at,
            meeting.gap_days,
            holidays,
            closed,
            today=london_day(now),
            settings=settings,
        )
        moves = [one for one in anew(steps(session, meeting), plan, now) if one.moves]
        if moves:
            found.append((meeting, moves))
    return found


def set_timetable(
    session: Session,
    board: Board,
    settings: TimetableSettings,
    *,
    now: datetime,
    holidays: BankHolidays,
) -> int:
    """Keep a board's own timetable and plan its coming meetings anew; returns the steps moved.

    Where access-to-meetings law applies is said of the board, not here. Settings that are the
    standard are kept as no settings at all.
    """
    row = timetable_row(session, board)
    if settings == TimetableSettings(access_to_meetings=settings.access_to_meetings):
        if row is not None:
            session.delete(row)
    else:
        values = columns_of(settings)
        if row is None:
            session.add(
                BoardTimetable(partnership_id=board.partnership_id, board_id=board.id, **values)
            )
        else:
            for column, value in values.items():
                setattr(row, column, value)
    session.flush()
    return moving.plan_anew(
        session, board.partnership_id, now=now, holidays=holidays, board_ids=[board.id]
    )


def columns_of(settings: TimetableSettings) -> dict[str, object]:
    """The columns of a board's own timetable."""
    values: dict[str, object] = {
        name: getattr(settings, name)
        for name in (
            *("clear_days", "close_gap_days", "chairs_briefing", "actions_sent", "asks_at"),
            *("draft_minutes_to_chair", "draft_minutes_to_members", "closes_at"),
        )
    }
    for prefix, run_up in (("close", settings.close), ("far", settings.far)):
        for name in ("agenda_setting", "ask", "chase", "updates_close", "papers_due", "publish"):
            values[f"{prefix}_{name}"] = getattr(run_up, name)
    return values


def own_items(session: Session, board: Board) -> list[StandingItem]:
    """A board's own standing items, in order; where it has none, the standard becomes its own."""
    rows = standing_rows(session, board)
    if rows:
        return list(rows)
    for position, item in enumerate(standing_items(session, board), start=1):
        session.add(
            StandingItem(
                partnership_id=board.partnership_id,
                board_id=board.id,
                slug=item.slug,
                position=position,
                kind=item.kind,
                title=item.title,
                purpose=item.purpose,
                presenter=item.presenter,
                minutes=item.minutes,
            )
        )
    session.flush()
    return list(standing_rows(session, board))


def add_standing_item(
    session: Session, board: Board, kind: ItemKind, wanted: Wanted
) -> StandingItem:
    """Put an item at the end of a board's standing agenda.

    Raises Refused where what writes itself is there already, or there are too many.
    """
    there = own_items(session, board)
    if len(there) >= MOST_ITEMS:
        raise Refused(f"A standing agenda has at most {MOST_ITEMS} items", "title")
    if kind is not ItemKind.TEXT and any(one.kind is kind for one in there):
        raise Refused("That is on the standing agenda already", "kind")
    slugs = {one.slug for one in there} | {one.value for one in ItemKind}
    item = StandingItem(
        partnership_id=board.partnership_id,
        board_id=board.id,
        slug=kind.value if kind is not ItemKind.TEXT else slug_from(wanted.title, slugs),
        position=len(there) + 1,
        kind=kind,
        title=wanted.title,
        purpose=wanted.purpose,
        presenter=wanted.presenter,
        minutes=wanted.minutes,
        text=wanted.text,
    )
    session.add(item)
    session.flush()
    return item


def change_standing_item(session: Session, board: Board, slug: str, wanted: Wanted) -> StandingItem:
    """Change what a standing item says; LookupError where there is none of that name."""
    item = _item(own_items(session, board), slug)
    item.title, item.purpose = wanted.title, wanted.purpose
    item.presenter, item.minutes, item.text = wanted.presenter, wanted.minutes, wanted.text
    session.flush()
    return item


def move_standing_item(session: Session, board: Board, slug: str, by: int) -> None:
    """Move a standing item by so many places; at the ends it stays. LookupError as above."""
    items = own_items(session, board)
    item = _item(items, slug)
    at = items.index(item)
    items.insert(max(0, min(len(items) - 1, at + by)), items.pop(at))
    _number(session, items)


def remove_standing_item(session: Session, board: Board, slug: str) -> None:
    """Take a standing item off. LookupError as above.

    Raises Refused for the last one: a board without any has the standard agenda.
    """
    items = own_items(session, board)
    item = _item(items, slug)
    if len(items) == 1:
        raise Refused("An agenda needs an item. Add another first, or go back to the standard.")
    items.remove(item)
    session.delete(item)
    _number(session, items)


def standard_agenda(session: Session, board: Board) -> None:
    """Go back to the standard agenda."""
    for item in standing_rows(session, board):
        session.delete(item)
    session.flush()


def set_year(session: Session, board: Board, months: Mapping[BusinessKind, int]) -> None:
    """Set in which month (1 to 12) each business of the year comes; without one it never does."""
    rows = session.scalars(
        select(YearBusiness).where(
            YearBusiness.partnership_id == board.partnership_id,
            YearBusiness.board_id == board.id,
        )
    ).all()
    there = {row.kind: row for row in rows}
    for kind in BusinessKind:
        row, month = there.get(kind), months.get(kind)
        if month is None:
            if row is not None:
                session.delete(row)
        elif row is not None:
            row.month = month
        else:
            session.add(
                YearBusiness(
                    partnership_id=board.partnership_id,
                    board_id=board.id,
                    kind=kind,
                    month=month,
                )
            )
    session.flush()


def _item(items: list[StandingItem], slug: str) -> StandingItem:
    found = next((one for one in items if one.slug == slug), None)
    if found is None:
        raise LookupError(f"no standing item is called {slug}")
    return found


def _number(session: Session, items: list[StandingItem]) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
    session.flush()
