"""What stands around an action, who is asked and who covers: the same on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from actions.around import plan_ids_now, who_is_who
from actions.covers import CoveredAlready, CoversOneself, add_cover, end_cover
from actions.owner_queries import agreers, cover_by_id, covers_of, is_away, owners_of, unasked
from actions.owners import AskedAlready, BeforeItBegan, add_owner, assign, end_owner, replace_owner
from actions.page_queries import action_page
from governance.cycle_queries import reviewers
from tests.conftest import NOW
from tests.factories import House
from tests.web.test_action_page_queries import full
from tracker.edges.db import db
from tracker.people.board_models import BoardRole

TODAY = date(2026, 11, 2)
JO, SAM = "jo@ashshire.example", "sam@ashshire.example"


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def test_an_actions_page_is_read_whole(either: House) -> None:
    action = full(either)
    page = action_page(
        either.session,
        either.tenant,
        action.number,
        TODAY,
        boards=lambda key: reviewers(either.tenant, plan_ids_now(either.tenant, key)),
    )
    assert page is not None
    known, near = page.facts, page.around
    owner, secretary = (either.people[f"{who}@ashshire.example"] for who in ("owner", "secretary"))
    assert (known.leads, known.owners) == (("Ashshire Council",), ("owner",))
    assert [entry.number for entry in page.entries] == list(range(50, 30, -1))
    assert [change.after for change in page.changes] == ["by September 2026", "by August 2026"]
    assert known.deadline.proposed_words == "by March 2028"
    assert [step.title for step in known.milestones] == ["A building"]
    assert known.agreement is not None
    assert (known.is_asked, near.strategies) == (True, ["Early Help"])
    assert near.covered_by == {owner.id: ("Sam Secretary", date(2026, 11, 9))}
    assert list(near.handed_to.values()) == [["Sam Secretary"]]
    assert near.answerer_ids == {owner.id, secretary.id}
    assert near.board_ids == {either.board.id}
    assert near.lead_ids == {either.people["lead@ashshire.example"].id}
    assert [one.is_asked(TODAY) for one in near.owners] == [True]
    boards = reviewers(either.tenant, plan_ids_now(either.tenant, action.id))
    ties = who_is_who(either.session, either.tenant, action.id, TODAY, boards=boards)
    assert (ties.answerer_ids, ties.lead_ids, ties.board_ids) == (
        near.answerer_ids,
        near.lead_ids,
        near.board_ids,
    )


def test_owners_follow_one_another_without_overlapping(either: House) -> None:
    action, session = either.action(), either.session
    jo, sam = either.person(JO, name="Jo Bell"), either.person(SAM, name="Sam Ash")
    assert [row.action.number for row in unasked(session, either.tenant, TODAY)] == [1]
    first = add_owner(session, action, jo.id, from_on=TODAY, now=NOW)
    for from_on, to_on in ((TODAY, None), (date(2026, 1, 1), TODAY), (date(2027, 1, 1), None)):
        with pytest.raises(AskedAlready):
            add_owner(session, action, jo.id, from_on=from_on, to_on=to_on, now=NOW)
    add_owner(
        session, action, jo.id, from_on=date(2026, 1, 1), to_on=TODAY - timedelta(days=1), now=NOW
    )
    assert unasked(session, either.tenant, TODAY) == []
    with pytest.raises(BeforeItBegan):
        end_owner(session, action, first, to_on=TODAY - timedelta(days=1), now=NOW)
    end_owner(session, action, first, to_on=date(2027, 6, 30), now=NOW)
    second = replace_owner(session, action, first, sam.id, from_on=date(2027, 5, 1), now=NOW)
    assert (first.to_on, second.to_on) == (date(2027, 4, 30), date(2027, 6, 30))
    found = owners_of(session, either.tenant, [action.id])[action.id]
    assert [one.name for one in found] == ["Jo Bell", "Jo Bell", "Sam Ash"]
    other = either.action("Another")
    taken = assign(session, [action, other], sam.id, from_on=date(2027, 5, 1), now=NOW)
    assert [one.number for one in taken] == [2]
    session.commit()


def test_covers_of_one_person_do_not_overlap_and_end_when_they_are_back(either: House) -> None:
    session, tenant = either.session, either.tenant
    jo, sam = either.person(JO, name="Jo Bell"), either.person(SAM, name="Sam Ash")

    def cover(first: date, last: date, *, by: int = sam.id) -> int:
        return add_cover(
            session, tenant, jo.id, by, from_on=first, to_on=last, made_by_id=jo.id, now=NOW
        ).id

    key = cover(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
    for first, last in ((TODAY, TODAY), (date(2026, 1, 1), date(2027, 1, 1))):
        with pytest.raises(CoveredAlready):
            cover(first, last)
    with pytest.raises(CoversOneself):
        cover(date(2027, 1, 1), date(2027, 1, 2), by=jo.id)
    later = cover(TODAY + timedelta(days=4), TODAY + timedelta(days=9))
    assert [one.key for one in covers_of(session, [tenant], TODAY, person_id=sam.id)] == [
        key,
        later,
    ]
    assert is_away(session, tenant, jo.id, TODAY, TODAY)
    for one in (key, later):
        row = cover_by_id(session, [tenant], one)
        assert row is not None
        end_cover(session, row, today=TODAY)
    assert covers_of(session, [tenant], TODAY) == []
    assert not is_away(session, tenant, jo.id, TODAY, TODAY + timedelta(days=30))
    assert cover_by_id(session, [tenant], later) is None
    session.commit()


def test_who_may_agree_is_named(either: House) -> None:
    either.person(SAM, name="Sam Ash", seat=BoardRole.CHAIR)
    jo = either.person(JO, name="Jo Bell", seat=BoardRole.MEMBER)
    found = agreers(
        either.session, either.tenant, TODAY, board_ids=[either.board.id], lead_ids=[jo.id]
    )
    assert found == ["Jo Bell", "Sam Ash"]
    assert agreers(either.session, either.tenant, TODAY, board_ids=[], lead_ids=[]) == []
