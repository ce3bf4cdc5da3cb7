"""What the records say for agenda items: the business of the year, late items, papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import queries
from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem, ItemStatus
from governance.agendas.queries import papers
from governance.agendas.sheets import paper_blocks
from governance.item_writers import adds_to_items, writes
from governance.minute_models import Attendance, AttendanceState
from governance.models import Meeting
from governance.packs.blocks import Block, bullets, column, counted, facts, listed, table, text
from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import london_day, to_london
from tracker.people.board_models import (
    BoardMember,
    BoardMemberOrganisation,
    BoardRole,
    ChairTurn,
    TermsOfReference,
)
from tracker.people.models import Organisation, Person
from tracker.people.queries import board_people

YEAR = timedelta(days=366)


@writes(ItemKind.CHAIR_APPOINTMENT)
def chair_appointment(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """Who chairs now, for how long a chair serves, and whose turn it is where the chair rotates."""
    board = meeting.board
    seated = board_people(session, board.partnership_id, board.id, london_day(as_at))
    rows = [
        (label, ", ".join(person.name for role, person in seated if role is wanted))
        for label, wanted in (("Chair", BoardRole.CHAIR), ("Vice chair", BoardRole.VICE_CHAIR))
    ]
    if board.chair_term_months:
        rows.append(("A chair serves for", counted(board.chair_term_months, "month")))
    turns = session.scalars(
        select(ChairTurn)
        .where(ChairTurn.partnership_id == board.partnership_id, ChairTurn.board_id == board.id)
        .order_by(ChairTurn.position, ChairTurn.id)
    ).all()
    if turns:
        rows.append(("The chair rotates in this order", listed([one.person.name for one in turns])))
    wanted = text("The board is asked to appoint its chair and its vice chair for the year.")
    return [facts(*[(label, said or "Nobody named") for label, said in rows]), wanted]


@writes(ItemKind.TERMS)
def terms(session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime) -> Sequence[Block]:
    """The terms of reference in force: when they were agreed, when they are due for review."""
    found = session.scalar(
        select(TermsOfReference)
        .where(
            TermsOfReference.partnership_id == meeting.partnership_id,
            TermsOfReference.board_id == meeting.board_id,
        )
        .order_by(TermsOfReference.version_number.desc())
        .limit(1)
    )
    if found is None:
        return [text("No terms of reference are on record. The board is asked to agree its own.")]
    rows = [("Version", str(found.version_number)), ("Agreed", short_date(found.agreed_on))]
    if found.review_on:
        rows.append(("Due for review", short_date(found.review_on)))
    if found.file_name:
        rows.append(("File", found.file_name))
    said = [one.strip() for one in (found.text or "").split("\n\n") if one.strip()]
    wanted = text("The board is asked to confirm or change its terms of reference.")
    return [facts(*rows), wanted, *([text(*said)] if said else [])]


@writes(ItemKind.MEMBERSHIP)
def membership(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """Who sits on the board today, for whom, as what, and who may vote."""
    today = london_day(as_at)
    rows = session.execute(
        select(BoardMember, Person)
        .join(Person, Person.id == BoardMember.person_id)
        .where(
            BoardMember.partnership_id == meeting.partnership_id,
            BoardMember.board_id == meeting.board_id,
            BoardMember.from_on <= today,
            (BoardMember.to_on.is_(None)) | (BoardMember.to_on >= today),
        )
        .order_by(Person.name, BoardMember.id)
    ).all()
    speaks: dict[int, list[str]] = {}
    for member_id, name in session.execute(
        select(BoardMemberOrganisation.board_member_id, Organisation.name)
        .join(Organisation, Organisation.id == BoardMemberOrganisation.organisation_id)
        .where(
            BoardMemberOrganisation.partnership_id == meeting.partnership_id,
            BoardMemberOrganisation.board_member_id.in_([member.id for member, _ in rows]),
        )
        .order_by(Organisation.name)
    ):
        speaks.setdefault(member_id, []).append(name)
    order = list(BoardRole)
    shown = sorted(rows, key=lambda row: order.index(row[0].role))
    return [
        table(
            f"Members on {short_date(today)} ({len(rows)})",
            [column("Name", 6), column("For", 7), column("As", 4), column("Votes", 2)],
            [
                [
                    person.name,
                    ", ".join(speaks.get(member.id, [])) or "Nobody named",
                    member.role.value.capitalize(),
                    "Yes" if member.is_voting else "No",
                ]
                for member, person in shown
            ],
            empty="Nobody sits on this board.",
        ),
        text("The board is asked to confirm its membership."),
    ]


@writes(ItemKind.MEETING_DATES)
def meeting_dates(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """The board's meetings in the twelve months after this one."""
    coming = [
        one
        for one in queries.meetings(
            session,
            meeting.partnership_id,
            board_ids=[meeting.board_id],
            after=meeting.ends_at,
            before=meeting.ends_at + YEAR,
        )
        if one.status.is_to_come
    ]
    if not coming:
        return [text("No later meeting is planned yet.")]
    local = [to_london(one.starts_at) for one in coming]
    days = [f"{long_date(at.date())}, {clock_words(at.time())}" for at in local]
    return [text("The board is asked to agree these dates for the next year."), bullets(*days)]


@writes(ItemKind.URGENT)
def late_items(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """What was accepted late, with the reason; nothing of confidential items."""
    found = session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.partnership_id == meeting.partnership_id,
            AgendaItem.meeting_id == meeting.id,
            AgendaItem.status == ItemStatus.ON_AGENDA,
            AgendaItem.late_reason.is_not(None),
            AgendaItem.is_confidential.is_(False),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    if not found:
        return [text("No late items were accepted.")]
    return [
        text("The chair accepted these items late, for the reasons given."),
        facts(*[(one.title, one.late_reason or "") for one in found]),
    ]


@adds_to_items
def apologies(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """Under the welcome: who has sent apologies so far."""
    if item.kind is not ItemKind.WELCOME:
        return []
    names = session.scalars(
        select(Attendance.name)
        .where(
            Attendance.partnership_id == meeting.partnership_id,
            Attendance.meeting_id == meeting.id,
            Attendance.state == AttendanceState.APOLOGIES,
        )
        .order_by(Attendance.name)
        .distinct()
    ).all()
    return [text(f"Apologies so far: {listed(names)}.")] if names else []


@adds_to_items
def item_papers(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """The item's papers, those withdrawn or to follow as such; the confidential under their own."""
    found = papers(
        session, meeting.partnership_id, [item.id], confidential=item.is_confidential
    ).get(item.id, [])
    return [block for paper in found for block in paper_blocks(paper)]
