"""What the publish gate looks at, read from the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from actions.models import ActionParty
from governance import queries
from governance.agenda_models import AgendaItem, Paper
from governance.agendas.changing import changed_since_approval
from governance.agendas.queries import papers
from governance.minute_models import Minutes, MinutesState
from governance.models import Meeting
from governance.publishing.queries import last_meeting
from governance.publishing.rules import GateFacts, ItemFacts, PaperFacts, strings_of
from governance.sittings.queries import lawfulness
from governance.timetable import StepKind
from tracker.edges.bank_holidays import BankHolidays
from tracker.kernel.times import london_day
from tracker.people.board_models import BoardRole
from tracker.people.models import Organisation, PartyRole
from tracker.people.queries import board_people

NOBODY = "actions without a lead organisation"


def gate_facts(
    session: Session,
    meeting: Meeting,
    values: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    holidays: BankHolidays,
) -> GateFacts:
    """All that the gate looks at before these values of a meeting are published."""
    today = london_day(now)
    law = lawfulness(session, meeting, now, holidays)
    people = board_people(session, meeting.partnership_id, meeting.board_id, today)
    publish = next((s for s in queries.steps(session, meeting) if s.kind is StepKind.PUBLISH), None)
    return GateFacts(
        items=_items(session, meeting, values),
        today=today,
        now=now,
        length=round((meeting.ends_at - meeting.starts_at).total_seconds() / 60),
        unanswered=_unanswered(session, meeting),
        has_chair=any(role is BoardRole.CHAIR for role, _ in people),
        approved_at=meeting.agenda_approved_at,
        changed_since_approval=bool(changed_since_approval(session, meeting)),
        minutes_missing=_minutes_missing(session, meeting),
        publish_due_at=publish.planned_at if publish is not None else None,
        lawful_until=law.last_on if law is not None else None,
        clear_days=law.clear_days if law is not None else 0,
    )


def _items(
    session: Session, meeting: Meeting, values: Sequence[Mapping[str, Any]]
) -> tuple[ItemFacts, ...]:
    """The items of the values, with the papers that they print."""
    agenda = queries.agenda(session, meeting, confidential=True)
    rows = {str(item.uid): item for item in agenda}
    under = papers(session, meeting.partnership_id, [item.id for item in agenda], confidential=True)
    every = {str(paper.uid): paper for each in under.values() for paper in each}
    of_item = {item.id: item for item in agenda}
    found = []
    for value in values:
        facts = {fact["uid"]: fact for fact in value["facts"].get("items", ())}
        for printed in value["items"]:
            fact = facts.get(printed.get("uid"))
            if fact is None:
                continue
            row = rows.get(fact["uid"])
            if row is None and fact["uid"] in every:
                row = of_item[every[fact["uid"]].item_id]
            if row is None:
                continue
            its = [every[one["uid"]] for one in fact["papers"] if one["uid"] in every]
            found.append(_item(row, printed, fact, its))
    return tuple(found)


def _item(
    row: AgendaItem, printed: Mapping[str, Any], fact: Mapping[str, Any], its: Sequence[Paper]
) -> ItemFacts:
    said = (printed["title"], *strings_of(printed["blocks"]))
    return ItemFacts(
        uid=fact["uid"],
        number=printed["number"],
        title=printed["title"],
        kind=row.kind,
        purpose=row.purpose,
        minutes=printed["minutes"],
        is_confidential=row.is_confidential,
        papers=tuple(
            PaperFacts(
                uid=str(paper.uid),
                title=paper.title,
                is_to_follow=paper.is_to_follow,
                is_withdrawn=paper.withdrawn_at is not None,
                classification=paper.classification,
                faults=tuple(line for line in (paper.findings or "").splitlines() if line),
            )
            for paper in its
        ),
        texts=() if row.is_confidential else said,
    )


def _unanswered(session: Session, meeting: Meeting) -> Mapping[str, int]:
    """How many actions were asked about for this meeting and not answered, by organisation.

    An action with several lead organisations counts under the first of them by name.
    """
    rows = session.execute(
        select(Ask.action_id, Organisation.name)
        .outerjoin(
            ActionParty,
            (ActionParty.action_id == Ask.action_id)
            & (ActionParty.partnership_id == Ask.partnership_id)
            & (ActionParty.role == PartyRole.LEAD),
        )
        .outerjoin(Organisation, Organisation.id == ActionParty.organisation_id)
        .where(
            Ask.partnership_id == meeting.partnership_id,
            Ask.board_id == meeting.board_id,
            Ask.for_on == meeting.meets_on,
            Ask.answered_at.is_(None),
            Ask.opens_at < Ask.closes_at,
        )
        .order_by(Organisation.name_key)
    )
    first: dict[int, str] = {}
    for action_id, name in rows:
        first.setdefault(action_id, name or NOBODY)
        if first[action_id] == NOBODY and name:
            first[action_id] = name
    return Counter(first.values())


def _minutes_missing(session: Session, meeting: Meeting) -> date | None:
    """The day of the last meeting that was held, where its minutes have not gone to members."""
    last = last_meeting(session, meeting.board, meeting.starts_at)
    if last is None or not last.status.took_place:
        return None
    minutes = session.scalar(
        select(Minutes).where(
            Minutes.partnership_id == last.partnership_id, Minutes.meeting_id == last.id
        )
    )
    sent = (MinutesState.WITH_MEMBERS, MinutesState.CONFIRMED)
    return None if minutes is not None and minutes.state in sent else last.meets_on
