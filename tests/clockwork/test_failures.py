"""What goes wrong in one thing that is due stops no other, is counted, and is tried again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.ask_models import Ask
from governance.meetings import make_meetings
from governance.models import Meeting, MeetingStatus
from governance.operations import do_step, due_steps
from governance.pack_models import Pack, PackStatus
from governance.timetable import StepKind
from tests.clockwork.conftest import Found
from tests.conftest import NOW
from tests.factories import House
from tests.fakes import Postbox
from tracker.app import create_app
from tracker.edges.bank_holidays import EnglishBankHolidays
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.mail import Letter
from tracker.edges.pdf import RenderedPdf
from tracker.jobs import tick
from tracker.kernel.times import london
from tracker.ledger.blobs import file_bytes
from tracker.ledger.models import Deed, MailState, OutboxMail
from tracker.ledger.outbox import LEASE
from tracker.settings import Settings

ASK = date(2026, 11, 10)
CLOSE = date(2026, 11, 26)
MEETING = date(2026, 12, 8)


def meetings_of(house: House, found: Found) -> list[date]:
    """The days on which a house's boards meet."""
    days: list[date] = found(select(Meeting.meets_on).where(Meeting.partnership_id == house.tenant))
    return days


def test_a_review_rule_that_cannot_be_read_stops_only_its_own_partnership(
    app: Flask,
    house: House,
    clock: SetClock,
    found: Found,
    postbox: Postbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = house.cycle("EVERY OTHER TUESDAY")
    beech = House(house.session, NOW, slug="beechshire")
    beech.cycle()
    beech.action(owner="owner@a.example")
    clock.set(london(ASK, time(7)))
    tally = tick(app)
    assert tally.failed == 1
    assert "1 could not be done" in str(tally)
    assert f"could not be done: meetings of partnership {house.tenant}" in caplog.text
    assert not meetings_of(house, found)
    assert meetings_of(beech, found)
    assert [letter.recipient for letter in postbox.letters] == ["owner@a.example"]

    house.session.expire_all()
    wrong.rule = "FREQ=MONTHLY;BYDAY=2TU"
    house.session.commit()
    tally = tick(app)
    assert tally.failed == 0
    assert meetings_of(house, found)


def test_a_draft_that_cannot_be_written_leaves_updates_open_and_holds_up_no_other_board(
    app: Flask, house: House, clock: SetClock, found: Found
) -> None:
    _board_with_a_damaged_pack(house)
    beech = House(house.session, NOW, slug="beechshire")
    beech.cycle()
    beech.action()
    beech.meetings()
    clock.set(london(CLOSE, time(17)))
    assert tick(app).failed == 1
    assert found(select(Pack.partnership_id).where(Pack.status == PackStatus.DRAFT)) == [
        beech.tenant
    ]
    assert found(select(Ask.closed_at).where(Ask.partnership_id == house.tenant)) == [None]
    closings = select(Deed.key).where(Deed.key.startswith("updates-close:"))
    assert len(found(closings)) == 1

    clock.set(london(MEETING, time(17)))
    assert tick(app).failed == 1
    statuses = select(Meeting.status).where(
        Meeting.partnership_id == house.tenant, Meeting.meets_on == MEETING
    )
    assert found(statuses) == [MeetingStatus.PLANNED]

    _mend_the_pack(house)
    assert tick(app).failed == 0
    assert found(statuses) == [MeetingStatus.HELD]
    assert len(found(closings)) == 2


def _board_with_a_damaged_pack(house: House) -> None:
    """A board whose pack of the last meeting, the baseline of the next, cannot be read."""
    house.cycle("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU", starts_on=date(2026, 9, 1))
    house.action()
    session = house.session
    september = NOW - timedelta(days=60)
    make_meetings(session, house.partnership, EnglishBankHolidays(), now=september)
    session.flush()
    last = session.scalars(
        select(Meeting).where(Meeting.partnership_id == house.tenant).order_by(Meeting.starts_at)
    ).first()
    assert last is not None
    last.status = MeetingStatus.HELD
    session.add(
        Pack(
            partnership_id=house.tenant,
            meeting_id=last.id,
            status=PackStatus.PUBLISHED,
            schema_version=1,
            composed_at=september,
            as_at=september,
            snapshot_sha256=file_bytes(session, b"{}", "application/json", now=NOW),
            pdf_sha256=file_bytes(session, b"%PDF", "application/pdf", now=NOW),
            published_at=september,
        )
    )
    session.commit()


def _mend_the_pack(house: House) -> None:
    session = house.session
    session.expire_all()
    pack = session.scalar(
        select(Pack).where(Pack.partnership_id == house.tenant, Pack.status == PackStatus.PUBLISHED)
    )
    assert pack is not None
    whole = b'{"facts": {"actions": []}}'
    pack.snapshot_sha256 = file_bytes(session, whole, "application/json", now=NOW)
    session.commit()


class BrokenRenderer:
    """A renderer that breaks down, which is another thing than a pack that cannot be rendered."""

    def render(self, pack: Mapping[str, object]) -> RenderedPdf:
        raise OSError("no more processes")


class BrokenMailer:
    """A mailer that breaks down, which is another thing than a letter that is not taken."""

    sends = True

    def send(self, letter: Letter) -> None:
        raise RuntimeError("out of paper")


@pytest.fixture
def broken(app: Flask, any_url: str, clock: SetClock) -> Iterator[Flask]:
    """The application on the same database with edges that break down."""
    settings = Settings(
        secret_key="a secret for tests, and for nothing else",
        database_url=any_url,
        base_url="http://localhost",
    )
    made = create_app(settings, clock, BrokenMailer(), BrokenRenderer())
    yield made
    with made.app_context():
        db.engine.dispose()


def test_a_renderer_that_breaks_down_renders_another_time(
    house: House, app: Flask, broken: Flask, clock: SetClock, found: Found
) -> None:
    house.cycle()
    house.action()
    clock.set(london(CLOSE, time(17)))
    assert tick(broken).failed == 1
    assert found(select(Pack.pages)) == [None]
    assert tick(app).failed == 0
    assert found(select(Pack.pages)) == [7]


def test_a_mailer_that_breaks_down_leaves_its_letter_in_doubt_until_the_lease_is_over(
    house: House, app: Flask, broken: Flask, clock: SetClock, found: Found, postbox: Postbox
) -> None:
    house.cycle()
    house.action(owner="owner@a.example")
    clock.set(london(ASK, time(7)))
    assert tick(broken).failed == 1
    assert found(select(OutboxMail.state)) == [MailState.CLAIMED]
    assert tick(app).mail.sent == 0
    clock.set(clock.now() + LEASE + timedelta(seconds=1))
    tally = tick(app)
    assert (tally.mail.sent, tally.mail.in_doubt, tally.failed) == (1, 1, 0)
    assert len(postbox.letters) == 1


def test_a_step_whose_meeting_was_moved_away_after_it_was_found_due_is_not_done(
    house: House, session: Session, found: Found
) -> None:
    house.cycle()
    house.action()
    meeting = house.meetings()[0]
    (step,) = due_steps(session, london(ASK, time(7)))
    assert step.kind is StepKind.ASK
    meeting.status = MeetingStatus.CANCELLED
    session.commit()
    assert do_step(session, step.step_id, now=london(ASK, time(7))) is None
    assert do_step(session, step.step_id, now=london(ASK, time(6))) is None
    session.commit()
    assert not found(select(Ask.id))
