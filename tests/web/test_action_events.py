"""An action's history: what was agreed, held, ended, linked, proposed and offered beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from actions.answer_models import AgreedAs, Agreement
from actions.event_queries import events_beside
from actions.history import Event, history
from actions.models import Action, ActionHome, HomeEnding
from actions.proposal_models import (
    ActionLink,
    ActionLinkKind,
    Handover,
    Proposal,
    ProposalKind,
    ProposalStatus,
)
from actions.said import EntryFacts
from tests.conftest import NOW
from tests.factories import House
from tracker.edges.db import db
from tracker.kernel.rag import Lifecycle, Rating
from tracker.ledger.audit import Actor, Source, sign

SECRETARY = "secretary@ashshire.example"


@pytest.fixture
def either(make_app: Callable[[str], Flask], any_url: str) -> Iterator[House]:
    """A small partnership on a database of each kind."""
    with make_app(any_url).app_context():
        yield House(db.session(), NOW)


def told(events: list[Event]) -> list[tuple[str, str | None, dict[str, str]]]:
    """Title, who, and what was said by label; newest first."""
    return [(one.title, one.who, dict(one.details)) for one in history([], [], beside=events)]


def at(house: House, hours: int) -> datetime:
    """Let what follows happen some hours on, done by the secretary."""
    now = NOW + timedelta(hours=hours)
    sign(house.session, Actor(now, Source.WEB, house.people[SECRETARY].id))
    return now


def test_everything_that_was_decided_of_an_action_is_in_its_history(either: House) -> None:
    session, tenant = either.session, either.tenant
    action, other = either.action("Open a hub", deadline="March 2027"), either.action("Open two")
    by = either.person(SECRETARY, name="Sam Ash").id
    ours = {"partnership_id": tenant, "action_id": action.id}
    home = session.scalars(
        select(ActionHome).where(
            ActionHome.partnership_id == tenant, ActionHome.action_id == action.id
        )
    ).one()
    now = at(either, 1)
    agreed = {"agreed_as": AgreedAs.CHAIR, "agreed_by": "Kim Cole", "board_id": either.board.id}
    session.add(Agreement(**ours, **agreed, entry_number=1, agreed_at=now, recorded_by_id=by))
    session.commit()
    at(either, 2)
    action.on_hold_until = date(2027, 1, 31)
    session.commit()
    at(either, 3)
    action.on_hold_until = None
    session.commit()
    now = at(either, 4)
    proposal = Proposal(
        **ours,
        kind=ProposalKind.DEADLINE,
        deadline="by June 2027",
        reason="The builder is late.",
        proposed_by_id=by,
        proposed_at=now,
    )
    session.add(proposal)
    session.commit()
    proposal.status, proposal.decided_at = ProposalStatus.RETURNED, at(either, 5)
    proposal.decided_by, proposal.decided_as = "Kim Cole", AgreedAs.PRIORITY_LEAD
    proposal.decision_words, proposal.recorded_by_id = "Too late.", by
    session.commit()
    now = at(either, 6)
    session.add(
        Handover(
            **ours,
            from_home_id=home.id,
            to_board_id=either.board.id,
            to_plan_id=either.plan.id,
            reason="It is theirs.",
            offered_by_id=by,
            offered_at=now,
            status=ProposalStatus.AGREED,
            decided_by_id=by,
            decided_at=now + timedelta(minutes=30),
        )
    )
    session.commit()
    now = at(either, 7)
    session.add(
        ActionLink(
            **ours,
            other_action_id=other.id,
            kind=ActionLinkKind.MERGED_INTO,
            reason="One hub is enough.",
            made_at=now,
            made_by_id=by,
        )
    )
    session.commit()
    at(either, 8)
    home.ended_on, home.ending = date(2026, 11, 2), HomeEnding.MERGED
    home.ending_reason, home.ended_board_id = "One hub is enough.", either.board.id
    session.commit()

    sam, reason = "Sam Ash", "One hub is enough."
    plan = "Children’s Plan 2026-27"
    assert told(events_beside(session, tenant, action.id)) == [
        (
            "Merged",
            sam,
            {"It was": f"1.1 in {plan}", "Reason": reason, "Decided by": "Trust Board"},
        ),
        ("Became part of action 2, Open two", sam, {"Reason": reason}),
        ("Taken over by Trust Board", sam, {"To": plan}),
        ("Offered to Trust Board", sam, {"To": plan, "Reason": "It is theirs."}),
        (
            "A new deadline was returned",
            sam,
            {"Decided by": "Kim Cole, priority lead", "Reason": "Too late."},
        ),
        (
            "A new deadline was proposed",
            sam,
            {"Proposed": "by June 2027", "Reason": "The builder is late."},
        ),
        ("Taken off hold", sam, {}),
        ("Put on hold until 31 January 2027", sam, {}),
        (
            "Rating agreed, better than the date allows",
            sam,
            {"Agreed by": "Kim Cole, chair", "Board": "Trust Board"},
        ),
    ]
    assert told(events_beside(session, tenant, other.id)) == [
        ("Took in action 1, Open a hub", sam, {"Reason": reason})
    ]


def test_an_action_of_which_nothing_was_decided_has_no_such_events(either: House) -> None:
    action: Action = either.action()
    assert events_beside(either.session, either.tenant, action.id) == []


def test_an_entry_says_why_it_is_better_who_gave_it_and_who_cleared_it() -> None:
    entry = EntryFacts(
        2,
        NOW,
        "Sam Ash",
        Lifecycle.IN_PROGRESS,
        Rating.GREEN,
        better_reason="All but the paint is done.",
        given_by="Jo Bell",
        given_how="telephone",
        cleared_by="Kim Cole",
    )
    (event,) = history([entry], [])
    assert event.who == "Jo Bell, by telephone to Sam Ash"
    assert event.details == (("Reason", "All but the paint is done."), ("Cleared by", "Kim Cole"))


def test_an_entry_that_reopens_says_so() -> None:
    entry = EntryFacts(
        3, NOW, "Sam Ash", Lifecycle.IN_PROGRESS, Rating.AMBER, is_reopening=True, happened="Again."
    )
    (event,) = history([entry], [])
    assert (event.title, event.text) == ("Reopened", "Again.")
