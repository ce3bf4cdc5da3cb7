"""Lists of actions on both databases: their order, their pages, their filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from flask import Flask

from actions.answer_models import Cover, Delegation
from actions.list_queries import Page, Scope, page_of
from actions.lists import (
    Due,
    Need,
    Order,
    Sort,
    Wanted,
    decode,
    encode,
    falls,
)
from actions.models import Action, ActionAmbition, ActionHome, HomeEnding
from actions.operations import Entry, record_progress, refresh
from actions.queries import facts
from actions.rules import main_home
from plans.models import Ambition
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.db import db
from tracker.kernel.rag import Lifecycle, Rating
from tracker.kernel.rag import Relation as By

TODAY = NOW.date()
OWNER, OTHER = "owner@ashshire.example", "other@ashshire.example"
NEEDS = {Need.ASKED: "Update", Need.OVERDUE: "overdue", Need.SOON: "Due ", Need.QUIET: "No update"}


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A partnership with twenty actions of every sort, on a database of each kind."""
    with make_app(any_url).app_context():
        house = House(db.session(), NOW)
        house.person(OWNER)
        house.person(OTHER)
        _fill(house)
        yield house


def _fill(house: House) -> None:
    dates = ["March 2026", "October 2026", "20 November 2026", "December 2026", "April 2027", None]
    made = [
        house.action(f"Action {at}", deadline=dates[at % 6], owner=OWNER if at < 18 else None)
        for at in range(19)
    ]
    house.action("From a date", deadline="May 2026", relation=By.FROM, owner=OWNER)
    for at in (0, 4, 5, 9, 15):
        house.ask(made[at], days=20)
    for at in (4, 8, 11):
        house.ask(made[at], days=-1, closed=True)
    for at, rating in ((1, Rating.RED), (6, Rating.GREEN), (10, Rating.AMBER), (11, Rating.GREEN)):
        _say(house, made[at], Entry(Lifecycle.IN_PROGRESS, rating), days_ago=at)
    _say(house, made[7], Entry(Lifecycle.COMPLETE, Rating.BLUE, evidence="It is open."))
    made[12].lifecycle = Lifecycle.CLOSED_NOT_COMPLETED
    made[13].on_hold_until = TODAY + timedelta(days=90)
    home = house.session.query(ActionHome).filter_by(
        partnership_id=house.tenant, action_id=made[14].id
    )
    home.one().ended_on, home.one().ending = TODAY, HomeEnding.STOPPED
    for one in made:
        refresh(house.session, one)
    house.session.commit()


def _say(house: House, action: Action, entry: Entry, *, days_ago: int = 0) -> None:
    record_progress(
        house.session,
        action,
        entry,
        person_id=house.people[OWNER].id,
        last_seen=0,
        now=NOW - timedelta(days=days_ago),
    )


def _own(house: House) -> Scope:
    return Scope((house.tenant,), house.people[OWNER].id)


def _ids(page: Page) -> list[int]:
    return [key for _, key in page.found]


def _walk(house: House, scope: Scope, order: Order, *, size: int) -> tuple[list[int], list[int]]:
    """The whole list read page by page to its end, and back from there to its beginning."""
    page = page_of(house.session, scope, Wanted(), order, TODAY, size=size)
    there = _ids(page)
    while page.next is not None:
        place = decode(order, encode(order, page.next))
        page = page_of(house.session, scope, Wanted(), order, TODAY, place, size=size)
        there += _ids(page)
    back = _ids(page)
    while page.previous is not None:
        place = decode(order, encode(order, page.previous), is_backwards=True)
        page = page_of(house.session, scope, Wanted(), order, TODAY, place, size=size)
        back = _ids(page) + back
    return there, back


def test_every_order_is_read_page_by_page_there_and_back_without_a_gap(either: House) -> None:
    for is_own, sort, descending in product((True, False), Sort, (False, True)):
        scope = _own(either) if is_own else Scope((either.tenant,))
        order = Order(sort, descending)
        whole = _ids(page_of(either.session, scope, Wanted(), order, TODAY, size=100))
        assert len(whole) == len(set(whole)) == (19 if is_own else 20)
        for size in (1, 7):
            assert _walk(either, scope, order, size=size) == (whole, whole), (order, size)


def test_the_orders_say_what_they_promise(either: House) -> None:
    known = {
        one.action_id: one for one in facts(either.session, either.tenant, TODAY)
    }  # each has one home

    def listed(sort: Sort, *, descending: bool = False) -> list[int]:
        scope = Scope((either.tenant,))
        order = Order(sort, descending)
        return _ids(page_of(either.session, scope, Wanted(), order, TODAY, size=100))

    days = [known[key].deadline.dated.ends_on(By.BY) for key in listed(Sort.DUE)]
    assert days == sorted(days, key=lambda on: on or date.max)
    ranks = [known[key].rating(TODAY).rank for key in listed(Sort.RATING)]
    assert ranks == sorted(ranks)
    ranks = [known[key].rating(TODAY).rank for key in listed(Sort.RATING, descending=True)]
    assert ranks == sorted(ranks, reverse=True)
    assert listed(Sort.REFERENCE) == sorted(known, key=lambda key: known[key].position)
    updates = [known[key].last_entry_at or date.min for key in listed(Sort.UPDATED)]
    assert [str(at) for at in updates] == sorted(str(at) for at in updates)


def test_what_needs_somebody_comes_first_exactly_as_the_rule_says(either: House) -> None:
    known = {one.action_id: one for one in facts(either.session, either.tenant, TODAY)}
    order = Order(Sort.NEEDS)
    mine = _ids(page_of(either.session, _own(either), Wanted(), order, TODAY, size=100))
    needed = [bool(known[key].needs(TODAY)) for key in mine]
    assert needed == sorted(needed, reverse=True)
    assert 5 < sum(needed) < len(mine)
    first = [known[key].needs(TODAY)[0] for key in mine if known[key].needs(TODAY)]
    ranks = [next(at for at, words in enumerate(NEEDS.values()) if words in one) for one in first]
    assert ranks == sorted(ranks)
    for need, words in NEEDS.items():
        found = _ids(
            page_of(either.session, _own(either), Wanted(needs=need), order, TODAY, size=100)
        )
        assert set(found) == {
            key for key in mine if any(words in one for one in known[key].needs(TODAY))
        }, need
    everybody = page_of(
        either.session, Scope((either.tenant,)), Wanted(needs=Need.NOBODY), order, TODAY
    )
    assert [known[key].title for key in _ids(everybody)] == ["Action 18"]


def test_the_rating_filter_is_the_rating_shown(either: House) -> None:
    known = facts(either.session, either.tenant, TODAY)
    for rating in Rating:
        found = page_of(
            either.session,
            Scope((either.tenant,)),
            Wanted(rating=rating),
            Order(Sort.DUE),
            TODAY,
        )
        expected = {
            one.action_id for one in known if one.rating(TODAY) is rating and one.is_counted()
        }
        assert set(_ids(found)) == expected, rating


def test_windows_of_days_are_those_of_the_rule(either: House) -> None:
    for due in Due:
        found = page_of(
            either.session, Scope((either.tenant,)), Wanted(due=due), Order(Sort.DUE), TODAY
        )
        known = facts(either.session, either.tenant, TODAY, action_ids=_ids(found))
        days = [one.deadline.dated.ends_on(By.BY) for one in known]
        assert days
        assert all(falls(on, due, TODAY) for on in days), due
        if due is Due.OVERDUE:
            assert all(main_home([one]).is_open for one in known)


def test_plans_priorities_organisations_and_ambitions_filter(either: House) -> None:
    tag = Ambition(partnership_id=either.tenant, slug="start", name="A Good Start")
    led = either.action("Led", lead=either.council)
    either.session.add(tag)
    either.session.flush()
    either.session.add(
        ActionAmbition(
            partnership_id=either.tenant, action_id=led.id, ambition_id=tag.id, is_stated=True
        )
    )
    either.session.commit()
    scope, order = Scope((either.tenant,)), Order(Sort.REFERENCE)
    for wanted, number in (
        (Wanted(plan_ids=(either.plan.id,)), 21),
        (Wanted(plan_ids=()), 0),
        (Wanted(priority_ids=(either.priority.id,)), 21),
        (Wanted(priority_ids=(either.priority.id + 1,)), 0),
        (Wanted(organisation_ids=(either.council.id,)), 1),
        (Wanted(ambition_ids=(tag.id,)), 1),
        (Wanted(ambition_ids=(tag.id,), rating=Rating.RED), 0),
        (Wanted(board_plan_ids=(either.plan.id,), ambition_ids=(tag.id,)), 1),
    ):
        assert len(_ids(page_of(either.session, scope, wanted, order, TODAY))) == number, wanted


def test_every_filter_goes_with_every_order(either: House) -> None:
    everything = Wanted(
        plan_ids=(either.plan.id,),
        board_plan_ids=(either.plan.id,),
        priority_ids=(either.priority.id,),
        rating=Rating.GREY,
        due=Due.LATER,
    )
    for is_own, sort in product((True, False), Sort):
        scope = _own(either) if is_own else Scope((either.tenant,))
        found = page_of(either.session, scope, everything, Order(sort), TODAY)
        assert len(found.found) == 2, (is_own, sort)
        for need in Need:
            wanted = replace(everything, rating=None, due=None, needs=need)
            page_of(either.session, scope, wanted, Order(sort), TODAY)


def test_whom_somebody_covers_and_what_was_handed_to_them_is_theirs(either: House) -> None:
    other = either.people[OTHER]
    scope = Scope((either.tenant,), other.id)
    order = Order()
    assert page_of(either.session, scope, Wanted(), order, TODAY) == Page(())
    ask = either.ask(either.action("Handed", owner=OWNER))
    either.session.add(
        Delegation(
            partnership_id=either.tenant,
            action_id=ask.action_id,
            ask_id=ask.id,
            by_id=either.people[OWNER].id,
            to_id=other.id,
            made_at=NOW,
        )
    )
    either.session.commit()
    assert _ids(page_of(either.session, scope, Wanted(), order, TODAY)) == [ask.action_id]
    either.session.add(
        Cover(
            partnership_id=either.tenant,
            person_id=either.people[OWNER].id,
            cover_id=other.id,
            from_on=TODAY,
            to_on=TODAY,
            made_at=NOW,
        )
    )
    either.session.commit()
    found = page_of(either.session, scope, Wanted(), order, TODAY, size=100)
    assert len(found.found) == 20
    tomorrow = TODAY + timedelta(days=1)
    assert _ids(page_of(either.session, scope, Wanted(), order, tomorrow)) == [ask.action_id]


def test_somebody_in_two_partnerships_has_one_list_and_in_none_an_empty_one(
    either: House,
) -> None:
    other = House(either.session, NOW, slug="oakshire")
    there = other.action("There", deadline="January 2026", owner=OWNER)
    person = either.people[OWNER].id
    both = Scope((either.tenant, other.tenant), person)
    order = Order(Sort.DUE)
    found = page_of(either.session, both, Wanted(), order, TODAY, size=100)
    assert found.found[0] == (other.tenant, there.id)
    assert len(found.found) == 20
    assert page_of(either.session, Scope((), person), Wanted(), order, TODAY) == Page(())
