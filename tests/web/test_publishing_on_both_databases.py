"""Publishing, supplements, the gate and who is told are the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from governance import documents
from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.models import Meeting, MeetingBoard
from governance.pack_models import Pack, PackPart
from governance.publishing import operations
from governance.publishing.gate import gate_facts
from governance.publishing.queries import baseline, latest_packs
from governance.publishing.rules import findings
from governance.publishing.telling import pack_readers
from tests.conftest import NOW
from tests.factories import House
from tests.fakes import PlainRenderer
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.jobs import tick
from tracker.ledger.audit import Actor, Source, sign
from tracker.people.board_models import BoardRole

OWNER, SECRETARY, MEMBER = (f"{who}@ashshire.example" for who in ("owner", "secretary", "member"))


def published(
    house: House,
    meeting: Meeting,
    editions: list[operations.Edition],
    at: SetClock,
    person_id: int,
) -> list[Pack]:
    """File editions as the secretary."""
    rendered = [PlainRenderer().render(edition.value) for edition in editions]
    packs = operations.file_editions(
        house.session,
        meeting,
        editions,
        rendered,
        person_id=person_id,
        now=at.now(),
    )
    house.session.commit()
    return packs


def test_a_pack_its_confidential_part_and_a_supplement(
    make_app: Callable[[str], Flask], any_url: str, clock: SetClock
) -> None:
    app = make_app(any_url)
    with app.app_context():
        house = House(db.session(), NOW)
        house.person(SECRETARY, seat=BoardRole.SECRETARY)
        house.person(MEMBER, seat=BoardRole.MEMBER)
        other = house.make_board("Executive")
        house.person("joint@ashshire.example", seat=BoardRole.MEMBER, board=other)
        house.action("Open a family hub", deadline="April 2027", owner=OWNER, lead=house.council)
        house.cycle()
        house.meetings()
        other_id, secretary_id = other.id, house.people[SECRETARY].id
        house.session.rollback()
    for days in (8, 17):
        clock.set(clock.now() + timedelta(days=days))
        tick(app)
    with app.app_context():
        house.session = db.session()
        sign(house.session, Actor(at=clock.now(), source=Source.COMMAND))
        meeting = house.session.scalars(
            select(Meeting).where(Meeting.partnership_id == house.tenant).limit(1)
        ).one()
        house.session.add(
            MeetingBoard(partnership_id=house.tenant, meeting_id=meeting.id, board_id=other_id)
        )
        secret = AgendaItem(
            partnership_id=house.tenant,
            meeting_id=meeting.id,
            position=1,
            kind=ItemKind.TEXT,
            title="A contract",
            purpose=Purpose.DECISION,
            is_confidential=True,
        )
        house.session.add(secret)
        house.session.commit()
        editions = operations.first_editions(house.session, meeting, now=clock.now())
        wrong = findings(
            gate_facts(
                house.session,
                meeting,
                [edition.value for edition in editions],
                now=clock.now(),
                holidays=EnglishBankHolidays(),
            )
        )
        assert [one.key for one in wrong] == ["unanswered", f"no-paper:{secret.uid}"]
        open_pack, hidden = published(house, meeting, editions, clock, secretary_id)
        readers = pack_readers(
            house.session, [(open_pack, meeting), (hidden, meeting)], clock.now().date()
        )
        assert len(readers[open_pack.id]) == 3
        assert readers[hidden.id] == [secretary_id]
        house.session.add(
            Paper(
                partnership_id=house.tenant,
                item_id=secret.id,
                kind=PaperKind.REPORT,
                title="The bids",
                added_at=clock.now(),
                is_confidential=True,
            )
        )
        house.session.commit()
        (late,) = operations.supplement(house.session, meeting, now=clock.now())
        assert (late.part, late.supplement) == (PackPart.CONFIDENTIAL, 1)
        assert [one["number"] for one in late.value["items"]] == [f"{secret.number}A"]
        (pack,) = published(house, meeting, [late], clock, secretary_id)
        assert pack.first_page == 8
        assert len(latest_packs(house.session, meeting)) == 1
        found = baseline(house.session, meeting)
        assert found is not None
        assert (found.version, found.supplements) == (1, 0)
        assert documents.latest_version(house.session, meeting, PackPart.CONFIDENTIAL) == 1
        house.session.rollback()
