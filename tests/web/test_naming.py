"""A person is found by what somebody types into a field."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import House
from tracker.people.models import Membership, Role
from tracker.people.naming import Unclear, find_member, member_choices


@pytest.mark.parametrize(
    "text",
    [
        "Jo Bell <jo@ashshire.example>",
        "  jo@ashshire.example ",
        "JO@Ashshire.example",
        "Jo Bell",
        "jo  BELL",
        "Somebody else <jo@ashshire.example>",
    ],
)
def test_a_member_is_found_by_address_or_by_a_name_that_is_theirs_alone(
    house: House, text: str
) -> None:
    jo = house.person("jo@ashshire.example", name="Jo Bell")
    house.person("sam@ashshire.example", name="Sam Ash")
    assert find_member(house.session, house.tenant, text, house.now.date()) is jo


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Say who"),
        ("   ", "Say who"),
        ("Kim", "Nobody in this partnership is known as “Kim”"),
        ("kim@ashshire.example", "Nobody in this partnership"),
        ("Jo Bell <>", "Nobody in this partnership"),
        ("<script>@", "Nobody in this partnership"),
        ("Jo Bell", "There are 2 people called Jo Bell"),
        ("x" * 5000, "Nobody in this partnership"),
    ],
)
def test_a_text_that_names_nobody_or_several_is_refused_in_plain_words(
    house: House, text: str, words: str
) -> None:
    house.person("jo@ashshire.example", name="Jo Bell")
    house.person("jo.bell@ashshire.example", name="Jo Bell")
    with pytest.raises(Unclear, match=words):
        find_member(house.session, house.tenant, text, house.now.date())


def test_only_who_belongs_to_this_partnership_that_day_is_offered(house: House) -> None:
    today = house.now.date()
    house.person("sam@ashshire.example", name="sam Ash")
    both = house.person("jo@ashshire.example", name="Jo Bell")
    house.person("jo@ashshire.example", role=Role.ADMINISTRATOR)
    gone = house.person("gone@ashshire.example", name="Gone Long Since")
    gone.left_on = today
    ended = house.person("ended@ashshire.example", name="Ended Yesterday")
    for one in house.session.scalars(
        select(Membership).where(
            Membership.partnership_id == house.tenant, Membership.person_id == ended.id
        )
    ):
        one.to_on = today - timedelta(days=1)
    other = House(house.session, house.now, slug="birchshire")
    other.person("stranger@birchshire.example", name="A Stranger")
    house.session.commit()
    assert member_choices(house.session, house.tenant, today) == [
        "Jo Bell <jo@ashshire.example>",
        "sam Ash <sam@ashshire.example>",
    ]
    assert find_member(house.session, house.tenant, "Jo Bell", today) is both
    for text in ("gone@ashshire.example", "Ended Yesterday", "stranger@birchshire.example"):
        with pytest.raises(Unclear):
            find_member(house.session, house.tenant, text, today)
