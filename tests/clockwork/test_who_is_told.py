"""Who gets which news in the day's message: covers, delegates, chairs, members, and once only."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from actions.answer_models import Cover, Delegation
from actions.ask_models import Ask
from actions.models import Action
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import ASK, CHASE, CLOSE, OTHER, OWNER, answer
from tests.factories import House
from tests.fakes import Postbox
from tracker.kernel.times import london
from tracker.people.board_models import BoardRole
from tracker.people.models import Person

DAY = timedelta(days=1)


def cover(house: House, away: str, by: str, first: date, last: date) -> None:
    """Somebody answers for somebody who is away."""
    house.session.add(
        Cover(
            partnership_id=house.tenant,
            person_id=house.people[away].id,
            cover_id=house.people[by].id,
            from_on=first,
            to_on=last,
            made_at=house.now,
        )
    )
    house.session.commit()


def hand(house: House, action: Action, by: str, to: str) -> Delegation:
    """Somebody hands the one ask on an action to somebody else."""
    house.session.expire_all()
    handed = Delegation(
        partnership_id=house.tenant,
        action_id=action.id,
        ask_id=house.session.scalars(
            select(Ask.id).where(Ask.partnership_id == house.tenant, Ask.action_id == action.id)
        ).one(),
        by_id=house.people[by].id,
        to_id=house.people[to].id,
        made_at=house.now,
    )
    house.session.add(handed)
    house.session.commit()
    return handed


def told(postbox: Postbox) -> list[str]:
    """Who has got a message since this was last asked."""
    found = [letter.recipient for letter in postbox.letters]
    postbox.letters.clear()
    return found


def test_whoever_covers_is_asked_in_place_of_who_is_away(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.person(OWNER, name="Jo Bell")
    house.person(OTHER)
    house.action("Open a family hub", owner=OWNER)
    cover(house, OWNER, OTHER, ASK, ASK + DAY)
    run_at(ASK)
    text = postbox.letters[0].text
    assert told(postbox) == [OTHER]
    assert "For Jo Bell. Children’s Plan 2026-27; updates close at 5pm on 26 November" in text
    run_at(ASK + 2 * DAY)  # back at work, and still not asked
    assert told(postbox) == [OWNER]


def test_a_cover_who_has_left_leaves_the_owner_asked(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.person(OTHER).left_on = ASK
    house.action(owner=OWNER)
    cover(house, OWNER, OTHER, ASK, CLOSE)
    run_at(ASK)
    assert told(postbox) == [OWNER]


def test_whoever_was_handed_the_ask_is_told_of_it_in_place_of_its_owner(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.person(OWNER, name="Jo Bell")
    house.person(OTHER)
    house.person("cover@a.example")
    action = house.action("Open a family hub", owner=OWNER)
    run_at(ASK)
    assert told(postbox) == [OWNER]
    handed = hand(house, action, OWNER, OTHER)
    run_at(ASK + DAY)
    assert "Handed to you by Jo Bell." in postbox.letters[0].text
    assert told(postbox) == [OTHER]
    cover(house, OTHER, "cover@a.example", CHASE, CHASE)
    run_at(CHASE)
    assert told(postbox) == ["cover@a.example"]
    house.session.expire_all()
    handed.ended_at = london(CHASE, time(12))
    house.session.commit()
    run_at(CLOSE)
    assert told(postbox) == [OWNER]


def test_the_last_call_goes_to_whoever_has_not_answered_on_the_morning_of_the_close(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    answered = house.action("Train forty mentors", owner=OTHER)
    run_at(ASK)
    run_at(CHASE)
    answer(house, answered, OTHER, london(CHASE, time(11)))
    told(postbox)
    run_at(CLOSE, time(6, 59))
    assert not postbox.letters
    run_at(CLOSE)
    (letter,) = postbox.letters
    assert letter.recipient == OWNER
    assert letter.subject == "Last call: 1 action needs an update from you"
    run_at(CLOSE, time(17))
    run_at(CLOSE + DAY)
    assert len(postbox.letters) == 1


def test_who_is_asked_about_several_gets_the_link_to_the_table_first_and_each_link_once(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    other = house.make_board("Executive")
    house.cycle(board=other)
    for number in range(8):
        house.action(f"Open family hub {number}", owner=OWNER)
    house.action("Only one", owner=OTHER)
    run_at(ASK)
    several, one = sorted(postbox.letters, key=lambda letter: -len(letter.text))
    assert several.subject == "8 actions need an update from you"
    first_link = next(word for word in several.text.split() if word.startswith("http"))
    assert first_link == "http://localhost/my-actions/answer"
    for number in range(1, 9):
        assert several.text.count(f"/ashshire/actions/{number}/progress") == 1
        assert several.html.count(f'/ashshire/actions/{number}/progress"') == 1
    assert "/my-actions/answer" not in one.text


def test_plain_text_is_at_most_78_columns_wide_but_for_a_link(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.board.name = "The Board for the Children and Young People of Ashshire " * 3
    house.action("Open a family hub in every district that has none yet " * 5, owner=OWNER)
    house.action("Lmnopqrstuvwxyz" * 19, owner=OWNER)
    run_at(ASK)
    for line in postbox.letters[0].text.splitlines():
        assert len(line) <= 78 or line.strip().startswith("http"), line


@pytest.mark.parametrize("wants", [True, False])
def test_papers_are_news_for_members_who_want_it_and_the_message_says_how_to_stop_it(
    house: House, app: object, run_at: RunAt, postbox: Postbox, wants: bool
) -> None:
    from governance import documents
    from tests.fakes import PlainRenderer

    house.cycle()
    member = house.person(OTHER, seat=BoardRole.MEMBER)
    member.wants_optional_mail = wants
    house.session.commit()
    run_at(CLOSE, time(17))
    house.session.expire_all()
    meeting, at = house.meetings()[0], london(CLOSE, time(18))
    value, version = documents.for_publication(house.session, meeting, now=at, by="the secretary")
    documents.publish(
        house.session,
        meeting,
        value,
        PlainRenderer().render(value),
        version=version,
        person_id=member.id,
        now=at,
    )
    house.session.commit()
    run_at(CLOSE + DAY)
    assert told_of_papers(postbox) == ([OTHER] if wants else [])
    for letter in postbox.letters:
        assert "http://localhost/account#mail" in letter.text
        assert 'href="http://localhost/account#mail"' in letter.html


def told_of_papers(postbox: Postbox) -> list[str]:
    """Who was told of published papers."""
    return [letter.recipient for letter in postbox.letters if "Papers for" in letter.subject]


def test_mail_to_an_address_that_bounced_is_still_written(
    house: House, run_at: RunAt, postbox: Postbox, found: Found
) -> None:
    house.cycle()
    house.person(OWNER).mail_bounced_at = house.now
    house.action(owner=OWNER)
    run_at(ASK)
    assert told(postbox) == [OWNER]
    assert found(select(func.count()).select_from(Person)) == [1]
