"""Actions and plans as they stood on a day: facts read backwards, and the pages of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from actions.answer_models import AgreedAs, Agreement
from actions.as_it_stood import facts_as_of, stood_as_of
from actions.deadline_models import Deadline, DeadlineKind
from actions.deadlines import change_deadline
from actions.models import Action, ActionAmbition, ActionHome, HomeEnding, Owner
from actions.operations import Entry, record_progress
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from actions.queries import facts
from actions.rules import ActionFacts
from plans.models import Ambition
from tests.conftest import NOW
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.clock import SetClock
from tracker.edges.db import clean, db
from tracker.kernel.period import Calendar, Precision
from tracker.kernel.rag import DateRule, Lifecycle, Rating, Relation
from tracker.kernel.times import london_day
from tracker.ledger.audit import Actor, Source, sign

SignIn = Callable[[Visitor, str], None]
OWNER, MEMBER = "owner@ashshire.example", "member@ashshire.example"
DAY = timedelta(days=1)


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def at(house: House, instant: datetime) -> datetime:
    """Let what follows happen at an instant."""
    sign(house.session, Actor(at=instant, source=Source.COMMAND))
    return instant


def say(
    house: House, action: Action, rating: Rating, now: datetime, *, better_reason: str | None = None
) -> None:
    """Record an entry in progress at an instant."""
    record_progress(
        house.session,
        action,
        Entry(
            Lifecycle.IN_PROGRESS, rating, happened=f"It is {rating}.", better_reason=better_reason
        ),
        person_id=house.people[OWNER].id,
        last_seen=action.last_entry_number,
        now=at(house, now),
    )
    house.session.commit()


def by(day: date) -> Deadline:
    """A deadline by a day."""
    return Deadline(
        kind=DeadlineKind.DATED,
        relation=Relation.BY,
        first_on=day,
        last_on=day,
        precision=Precision.DAY,
        calendar=Calendar.CALENDAR,
        printed=f"{day.day} December 2026",
    )


def days_of(house: House) -> Iterator[datetime]:
    """Something happens to an action on each of some days; gives the instant when it has.

    A neighbour rests beside it.
    """
    house.action("Neighbour", deadline="March 2027", owner="other@ashshire.example")
    action = house.action("Open a hub", deadline="September 2026", owner=OWNER, lead=house.council)
    step = house.milestone(action, "Find a building", "October 2026")
    tag = Ambition(partnership_id=house.tenant, slug="start", name="A Good Start")
    house.session.add(tag)
    house.session.commit()
    yield NOW
    say(house, action, Rating.GREEN, NOW + DAY, better_reason="All but the paint is done.")
    yield NOW + DAY
    now = at(house, NOW + 2 * DAY)
    ours = {"partnership_id": house.tenant, "action_id": action.id}
    owner_id = house.people[OWNER].id
    agreed = {"agreed_as": AgreedAs.CHAIR, "agreed_by": "Kim Cole", "recorded_by_id": owner_id}
    house.session.add(Agreement(**ours, **agreed, entry_number=1, deadline_number=1, agreed_at=now))
    house.session.add(ActionAmbition(**ours, ambition_id=tag.id, is_stated=True))
    house.session.commit()
    yield now
    now = at(house, NOW + 3 * DAY)
    proposal = Proposal(
        **ours,
        kind=ProposalKind.DEADLINE,
        deadline="by 15 December 2026",
        reason="The builder is late.",
        proposed_by_id=owner_id,
        proposed_at=now,
    )
    house.session.add(proposal)
    step.done_on, step.title = date(2026, 11, 5), "Find any building"
    house.session.commit()
    yield now
    now = at(house, NOW + 4 * DAY)
    proposal.status, proposal.decided_at = ProposalStatus.AGREED, now
    reason = "The builder is late."
    new = by(date(2026, 12, 15))
    change_deadline(
        house.session, action, new, person_id=None, board_id=house.board.id, reason=reason, now=now
    )
    house.session.commit()
    yield now
    now = at(house, NOW + 5 * DAY)
    house.ask(action)
    house.partnership.date_rule = DateRule.RED_AT_ONCE
    house.session.commit()
    yield now
    say(house, action, Rating.RED, NOW + 6 * DAY)
    yield NOW + 6 * DAY
    now = at(house, NOW + 7 * DAY)
    home = house.session.scalars(
        select(ActionHome).where(
            ActionHome.partnership_id == house.tenant, ActionHome.action_id == action.id
        )
    ).one()
    home.ended_on, home.ending = date(2026, 11, 9), HomeEnding.STOPPED
    house.plan.title = "Plan for Children"
    house.session.commit()
    yield now
    now = at(house, NOW + 8 * DAY)
    owner = house.session.scalars(select(Owner).where(Owner.partnership_id == house.tenant)).first()
    house.session.delete(owner)
    house.action("Afterthought")
    yield now


def test_facts_as_they_stood_are_those_that_were_shown_on_every_day(either: House) -> None:
    session, tenant = either.session, either.tenant
    shown: dict[datetime, list[ActionFacts]] = {}
    for instant in days_of(either):
        shown[instant] = facts(session, tenant, london_day(instant))
    assert len(shown) == 9
    for instant, expected in shown.items():
        assert facts_as_of(session, tenant, instant) == expected
        assert facts_as_of(session, tenant, instant, plan_ids=[either.plan.id]) == expected
    ids = [expected[1].action_id]
    assert facts_as_of(session, tenant, NOW, action_ids=ids) == shown[NOW][1:2]
    assert facts_as_of(session, tenant, NOW - DAY) == []


def test_an_agreement_that_lapsed_says_why(either: House) -> None:
    instants = list(days_of(either))
    lapsed = []
    for instant in instants:
        one = next(
            one
            for one in stood_as_of(either.session, either.tenant, instant)
            if one.facts.title == "Open a hub"
        )
        beside = one.beside
        lapsed.append(beside.lapsed_because if beside.lapsed else bool(one.facts.agreement))
    changed, newer = "the deadline was changed", "a newer update was entered"
    assert lapsed == [False, False, True, True, changed, changed, newer, newer, newer]


def test_however_many_actions_there_are_they_are_read_back_in_the_same_few_queries(
    house: House, statements: list[str]
) -> None:
    def queries() -> int:
        statements.clear()
        facts_as_of(house.session, house.tenant, NOW + DAY, plan_ids=[house.plan.id])
        return sum(one.startswith("SELECT") for one in statements)

    house.action(owner=OWNER, lead=house.council)
    few = queries()
    for _ in range(20):
        action = house.action(deadline="March 2027", owner=OWNER, lead=house.council)
        house.milestone(action, "A step", "January 2027")
        say(house, action, Rating.AMBER, NOW + DAY)
    assert queries() == few == 5


@pytest.fixture
def reader(client: Visitor, house: House, clock: SetClock, sign_in: SignIn) -> Visitor:
    """A member who looks back on the tenth day after all of it."""
    list(days_of(house))
    house.session.commit()
    house.person(MEMBER)
    clock.set(NOW + 10 * DAY)
    sign_in(client, MEMBER)
    return client


def test_an_actions_page_of_a_day_says_what_was_known_then_and_why_it_was_rated_so(
    reader: Visitor,
) -> None:
    text = reader.page("/ashshire/actions/2/as-it-stood?on=5+November+2026").text
    for words in (
        "Open a hub: as it stood on 5 November 2026",
        "Green In progress , 36 days overdue",
        "The owner’s rating stood, as agreed; the date allowed only Red.",
        "Green, given by owner on 3 November 2026 at 10am",
        "Red from 31 October 2026, because its deadline is 30 September 2026. The worst that the"
        " date says.",
        "Amber for one month after a deadline, then Red",
        "By September 2026; by 15 December 2026 proposed, not agreed",
        "Agreed by Kim Cole, chair, on 4 November 2026. It covered this update",
        "Find any building: by October 2026, done 5 November 2026",
        "Asked about it owner",
        "Ambitions A Good Start",
        "in Children’s Plan 2026-27",
    ):
        assert words in text
    earlier = reader.page("/ashshire/actions/2/as-it-stood?on=2026-11-02").text
    assert (
        "Red from 31 October 2026, because its deadline is 30 September 2026. This decided."
        in (earlier)
        or "Grey; nobody had recorded anything yet" in earlier
    )
    assert "Find a building: by October 2026" in earlier


def test_a_page_without_a_day_shows_how_it_stands_now(reader: Visitor) -> None:
    text = reader.page("/ashshire/actions/2/as-it-stood").text
    assert "as it stood now" in text
    assert "Stopped" in text
    assert "It did not count in this plan, so no rating was shown." in text


def test_before_it_was_kept_there_is_nothing_to_show(reader: Visitor) -> None:
    page = reader.page("/ashshire/actions/2/as-it-stood?on=1+May+2026")
    assert "was not kept here yet on 1 May 2026" in page.text
    assert "No actions of this plan were kept here on 1 May 2026" in (
        reader.page("/ashshire/plans/childrens-plan/as-it-stood?on=1+May+2026").text
    )


def test_a_plans_page_of_a_day_shows_its_ratings_then(reader: Visitor) -> None:
    then = reader.page("/ashshire/plans/childrens-plan/as-it-stood?on=8+November+2026")
    assert "Children’s Plan 2026-27: as it stood on 8 November 2026" in then.text
    assert "1 Red 0 Amber 0 Green 1 Grey 0 Blue" in then.text
    assert "No longer in this plan" not in then.text
    assert "/ashshire/actions/2/as-it-stood?on=8+November+2026" in then.hrefs
    now = reader.page("/ashshire/plans/childrens-plan/as-it-stood").text
    assert "0 Red 0 Amber 0 Green 2 Grey 0 Blue" in now
    assert "No longer in this plan" in now
    assert "1.2 Open a hub Stopped 9 November 2026" in now


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31 February 2026", "We cannot read “31 February 2026” as a day"),
        ("soon", "We cannot read “soon” as a day"),
        ("March 2026", "Give one day, such as 4 March 2026."),
        ("1 March 2026 to 3 March 2026", "Give one day, such as 4 March 2026."),
        ("2031-01-01", "1 January 2031 is still to come."),
        ("<script>alert(1)</script>", "We cannot read “<script>alert(1)</script>” as a day"),
        ("٣ March ٢٠٢٦" * 40, "We cannot read"),
        ("👶\x00\u202e", "We cannot read “👶” as a day"),
    ],
)
def test_what_is_no_day_gets_a_plain_error_beside_the_field_and_stays_typed(
    reader: Visitor, typed: str, said: str
) -> None:
    for path in ("actions/2", "plans/childrens-plan"):
        answer = reader.get(f"/ashshire/{path}/as-it-stood", query_string={"on": typed})
        assert answer.status_code == 422
        page = read(answer.text)
        assert said in page.text
        assert page.title.startswith("Error: ")
        (field,) = [one for one in page.fields if one.get("name") == "on"]
        assert field["value"] == clean(typed)[:40]


def test_the_pages_of_a_day_take_at_most_ten_queries(
    reader: Visitor, statements: list[str]
) -> None:
    for path in ("actions/2/as-it-stood", "plans/childrens-plan/as-it-stood", "actions/2/changes"):
        statements.clear()
        reader.page(f"/ashshire/{path}")
        assert sum(one.startswith("SELECT") for one in statements) <= 10


def test_another_partnerships_past_is_not_found(reader: Visitor, house: House) -> None:
    other = House(house.session, house.now, slug="oakshire")
    other.make_plan("Secret Plan")
    other.action("Secret")
    for path in (
        "/oakshire/actions/1/as-it-stood",
        "/oakshire/actions/1/changes",
        "/ashshire/actions/99/as-it-stood",
        "/ashshire/actions/99/changes",
        "/ashshire/plans/secret-plan/as-it-stood",
        "/oakshire/changes",
    ):
        reader.page(path, status=404)
