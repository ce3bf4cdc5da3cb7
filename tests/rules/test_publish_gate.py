"""The publish gate finds what is wrong with a pack, and names nothing that is confidential."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.agenda import ItemKind, Purpose
from governance.publishing.rules import (
    ALWAYS,
    GateFacts,
    ItemFacts,
    PaperFacts,
    findings,
    has_date_of_birth,
    has_nhs_number,
    marks_in,
)

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
ITEM = ItemFacts("u6", "6", "Family hubs", ItemKind.TEXT, Purpose.INFORMATION, 10)
FACTS = GateFacts(items=(ITEM,), today=NOW.date(), now=NOW, length=120)
PAPER = PaperFacts("p1", "Options")


def keys(facts: GateFacts) -> list[str]:
    """What the gate finds, by key."""
    return [one.key for one in findings(facts)]


def with_item(**changes: Any) -> GateFacts:
    """The facts with one item that differs."""
    return replace(FACTS, items=(replace(ITEM, **changes),))


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert findings(FACTS) == []


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (with_item(purpose=Purpose.DECISION), ["no-paper:u6"]),
        (with_item(purpose=Purpose.DECISION, papers=(PAPER,)), []),
        (with_item(purpose=Purpose.DECISION, kind=ItemKind.MINUTES), []),
        (
            with_item(purpose=Purpose.DECISION, papers=(replace(PAPER, is_withdrawn=True),)),
            ["no-paper:u6"],
        ),
        (with_item(papers=(replace(PAPER, is_to_follow=True),)), ["to-follow:p1"]),
        (with_item(papers=(replace(PAPER, faults=("It is not tagged",)),)), ["file:p1"]),
        (with_item(papers=(replace(PAPER, classification="OFFICIAL-SENSITIVE"),)), ["marked:u6"]),
        (with_item(texts=("This is Official Sensitive.",)), ["marked:u6"]),
        (with_item(texts=("This is confidential.",), is_confidential=True), []),
        (with_item(texts=("NHS number 943 476 5919",)), ["nhs-number:u6"]),
        (with_item(texts=("DOB: 12/03/2014",)), ["birth:u6"]),
        (with_item(minutes=121), ["too-long"]),
        (replace(FACTS, unanswered={"Council": 2, "Police": 1}), ["unanswered"]),
        (replace(FACTS, unanswered={}), []),
        (replace(FACTS, has_chair=True), ["not-approved"]),
        (replace(FACTS, has_chair=True, approved_at=NOW), []),
        (replace(FACTS, approved_at=NOW, changed_since_approval=True), ["changed"]),
        (replace(FACTS, minutes_missing=date(2026, 9, 8)), ["minutes"]),
        (replace(FACTS, publish_due_at=datetime(2026, 11, 26, 17, tzinfo=UTC)), ["late"]),
        (replace(FACTS, publish_due_at=datetime(2026, 11, 27, 17, tzinfo=UTC)), []),
        (replace(FACTS, lawful_until=date(2026, 11, 27)), []),
        (replace(FACTS, lawful_until=date(2026, 11, 26)), ["unlawful"]),
    ],
)
def test_each_thing_that_is_wrong_is_found_once(facts: GateFacts, found: list[str]) -> None:
    assert keys(facts) == found


def test_owners_who_have_not_answered_are_counted_by_organisation() -> None:
    (one,) = findings(replace(FACTS, unanswered={"Police": 1, "Council": 2}))
    assert one.words == "3 actions had no answer: Council (2), Police (1)."


def test_a_confidential_item_is_named_by_nothing_but_its_number() -> None:
    papers = (
        replace(PAPER, title="Secret", is_to_follow=True),
        replace(PAPER, uid="p2", title="Secret", faults=("It carries scripts",)),
    )
    facts = with_item(title="Secret", is_confidential=True, papers=papers, texts=("Secret",))
    found = findings(facts)
    assert [one.key for one in found] == ["to-follow:p1", "file:p2"]
    assert not any("Secret" in one.words + one.where for one in found)


def test_a_later_version_is_asked_only_about_its_texts_and_files() -> None:
    facts = replace(
        with_item(
            purpose=Purpose.DECISION,
            texts=("Confidential",),
            papers=(replace(PAPER, faults=("x",)),),
        ),
        has_chair=True,
        unanswered={"Police": 1},
        lawful_until=date(2026, 11, 1),
    )
    assert [one.key for one in findings(facts, ALWAYS)] == ["marked:u6", "file:p1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("OFFICIAL-SENSITIVE", ["OFFICIAL-SENSITIVE"]),
        ("Part 2 and part 2", ["Part 2"]),
        ("part 21", []),
        ("an exempt item, not for publication", ["exempt", "not for publication"]),
        ("confidentiality is kept", []),
        ("unrestricted", []),
    ],
)
def test_words_that_mark_a_text(text: str, found: list[str]) -> None:
    assert marks_in(text) == found


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("943 476 5919", True),
        ("9434765919", True),
        ("943-476-5919", True),
        ("943 476 5918", False),
        ("1111111111", False),
        ("Call 01632 960 001", False),
        ("19434765919", False),
    ],
)
def test_an_nhs_number_is_known_by_its_check_digit(text: str, is_one: bool) -> None:
    assert has_nhs_number(text) is is_one


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_of_the_ten_last_digits_at_most_one_makes_an_nhs_number(start: str) -> None:
    assert sum(has_nhs_number(start + last) for last in "0123456789") <= 1


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("DOB 1.2.2015", True),
        ("date of birth: 3 May 2012", True),
        ("born on 3rd March 2014", True),
        ("by 3 May 2027", False),
        ("newborn babies", False),
        ("Born and bred", False),
    ],
)
def test_a_date_of_birth_is_known_by_what_stands_before_it(text: str, is_one: bool) -> None:
    assert has_date_of_birth(text) is is_one
