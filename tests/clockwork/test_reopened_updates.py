"""Updates opened again by the secretary: asked again, closed again, the draft composed anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from actions.ask_models import Ask
from actions.models import Action
from governance import documents
from governance.models import Meeting, TimetableStep
from governance.pack_models import Pack
from governance.reopening import CannotReopen, reopen_updates
from governance.timetable import StepKind
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import ASK, CLOSE, OTHER, OWNER, answer
from tests.factories import House
from tests.fakes import PlainRenderer, Postbox
from tracker.edges.pdf import RenderedPdf
from tracker.jobs import tick
from tracker.kernel.times import london
from tracker.ledger.models import AuditEntry, Deed

FRIDAY = CLOSE + timedelta(days=1)
AGAIN = london(FRIDAY, time(17))
PUBLISH = date(2026, 12, 1)


@pytest.fixture
def meeting(house: House, run_at: RunAt) -> Meeting:
    """A meeting whose updates have closed, with one of two asks answered."""
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    answered = house.action("Train forty mentors", owner=OTHER)
    run_at(ASK)
    answer(house, answered, OTHER, london(ASK, time(11)))
    run_at(CLOSE, time(17))
    house.session.expire_all()
    return house.meetings()[0]


def unanswered(house: House) -> Action:
    """The action about which nobody has said anything."""
    return house.session.scalars(
        select(Action).where(Action.partnership_id == house.tenant, Action.number == 1)
    ).one()


def test_who_has_not_answered_is_asked_again_and_the_draft_holds_what_they_say(
    house: House,
    meeting: Meeting,
    run_at: RunAt,
    found: Found,
    postbox: Postbox,
    renderer: PlainRenderer,
) -> None:
    at, meeting_id = london(CLOSE, time(18)), meeting.id
    assert reopen_updates(house.session, meeting, until=AGAIN, now=at) == 1
    house.session.commit()
    assert found(select(Ask.closed_at, Ask.closes_at).where(Ask.answered_at.is_(None))) == [
        (None, AGAIN)
    ]
    assert found(select(Action.last_ask_closed_at).order_by(Action.id)) == [None, None]
    before = found(select(Pack.snapshot_sha256))
    postbox.letters.clear()
    run_at(FRIDAY)
    assert [letter.recipient for letter in postbox.letters] == [OWNER]
    assert "Trust Board takes updates again" in postbox.letters[0].text
    assert "updates close at 5pm on 27 November" in postbox.letters[0].text
    answer(house, unanswered(house), OWNER, london(FRIDAY, time(11)))
    run_at(FRIDAY, time(17))
    after = found(select(Pack.snapshot_sha256))
    assert len(after) == 1
    assert after != before
    assert found(select(Pack.as_at, Pack.pages)) == [(AGAIN, 7)]
    assert len(renderer.rendered) == 2
    closings = found(select(Deed.key).where(Deed.key.startswith("updates-close:")))
    assert sorted(key.count(":") for key in closings) == [2, 3]
    closing = select(TimetableStep.round, TimetableStep.done_at).where(
        TimetableStep.meeting_id == meeting_id, TimetableStep.kind == StepKind.UPDATES_CLOSE
    )
    assert found(closing) == [(2, AGAIN)]
    recorded = select(func.count()).where(
        AuditEntry.table_name == "pack", AuditEntry.field == "snapshot_sha256"
    )
    assert found(recorded) == [1]
    run_at(FRIDAY, time(18))
    assert len(renderer.rendered) == 2


def test_who_says_nothing_again_is_without_an_update_from_the_second_close(
    house: House, meeting: Meeting, run_at: RunAt, found: Found
) -> None:
    reopen_updates(house.session, meeting, until=AGAIN, now=london(CLOSE, time(18)))
    house.session.commit()
    run_at(FRIDAY, time(17))
    assert found(select(Action.last_ask_closed_at).order_by(Action.id)) == [AGAIN, None]


def test_an_entry_made_after_the_close_is_in_time_once_updates_are_open_again(
    house: House, meeting: Meeting, run_at: RunAt, found: Found, postbox: Postbox
) -> None:
    late = london(CLOSE, time(19))
    answer(house, unanswered(house), OWNER, late)
    postbox.letters.clear()
    assert reopen_updates(house.session, meeting, until=AGAIN, now=late + timedelta(hours=1)) == 0
    house.session.commit()
    assert sorted(found(select(Ask.answered_at))) == [london(ASK, time(11)), late]
    run_at(FRIDAY, time(17))
    assert not postbox.letters
    assert found(select(Action.last_ask_closed_at).order_by(Action.id)) == [None, None]


def test_an_earlier_close_without_an_answer_is_remembered(
    house: House, meeting: Meeting, found: Found
) -> None:
    action = unanswered(house)
    earlier = house.ask(action, days=-60, closed=True)
    action.last_ask_closed_at = london(CLOSE, time(17))
    house.session.commit()
    reopen_updates(house.session, meeting, until=AGAIN, now=london(CLOSE, time(18)))
    house.session.commit()
    assert found(select(Action.last_ask_closed_at).where(Action.number == 1)) == [earlier.closed_at]


def test_nothing_is_published_while_updates_are_open_again(
    house: House, meeting: Meeting, renderer: PlainRenderer
) -> None:
    at = london(CLOSE, time(18))
    reopen_updates(house.session, meeting, until=AGAIN, now=at)
    with pytest.raises(documents.CannotPublish, match="open again until 27 November 2026 at 5pm"):
        documents.for_publication(house.session, meeting, now=at, by="the board secretary")


@dataclass
class Overtaken:
    """A renderer that takes so long that something happens meanwhile."""

    renderer: PlainRenderer
    meanwhile: Callable[[], object]
    was_asked: bool = False

    def render(self, pack: Mapping[str, object]) -> RenderedPdf:
        self.was_asked = True
        self.meanwhile()
        return self.renderer.render(pack)


def test_a_draft_that_is_composed_anew_while_its_pdf_is_made_gets_the_new_one(
    app: Flask, house: House, meeting: Meeting, run_at: RunAt, found: Found, renderer: PlainRenderer
) -> None:
    pack_id, old = found(select(Pack.id, Pack.snapshot_sha256))[0]
    reopen_updates(house.session, meeting, until=AGAIN, now=london(CLOSE, time(18)))
    house.session.commit()
    pack = house.session.scalars(
        select(Pack).where(Pack.partnership_id == house.tenant, Pack.id == pack_id)
    ).one()
    pack.pdf_sha256 = pack.pages = None
    house.session.commit()
    slow = Overtaken(renderer, lambda: run_at(FRIDAY, time(17)))
    assert not documents.render_kept(house.session, pack_id, slow, now=AGAIN)
    assert slow.was_asked
    assert found(select(Pack.as_at, Pack.snapshot_sha256 != old)) == [(AGAIN, True)]
    assert tick(app).failed == 0
    assert found(select(Pack.pages)) == [7]


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (london(CLOSE, time(17, 30)), "That time has passed"),
        (london(PUBLISH, time(17, 1)), "Give a time by 1 December 2026 at 5pm"),
    ],
)
def test_updates_are_not_opened_into_the_past_or_past_publication(
    house: House, meeting: Meeting, until: datetime, words: str
) -> None:
    with pytest.raises(CannotReopen, match=words):
        reopen_updates(house.session, meeting, until=until, now=london(CLOSE, time(18)))


def test_once_the_day_of_publication_is_missed_updates_may_be_open_until_the_meeting(
    house: House, meeting: Meeting
) -> None:
    late = london(date(2026, 12, 2), time(9))
    with pytest.raises(CannotReopen, match="by 8 December 2026 at 2pm"):
        reopen_updates(house.session, meeting, until=late + timedelta(days=7), now=late)
    assert reopen_updates(house.session, meeting, until=late + timedelta(days=1), now=late) == 1
