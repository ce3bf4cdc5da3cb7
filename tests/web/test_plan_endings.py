"""Plans extended, ended early, superseded and closed, with a decision for each open action."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from actions.asks import open_asks
from actions.models import HomeEnding
from actions.queries import facts, rating_counts
from plans.decisions import decisions_of
from plans.models import Plan, PlanDecision, PlanDecisionKind, PlanLink, PlanLinkKind, PlanStatus
from priorities.models import Priority
from tests.factories import House
from tests.pages import Visitor, read
from tests.web.endings import CHAIR, OWNER, SECRETARY, SignIn, state
from tracker.kernel.rag import Lifecycle
from tracker.people.board_models import BoardRole

HERE = "/ashshire/plans/childrens-plan"
SUPERSEDED = f"{HERE}/close?kind=superseded&successor=next-plan"


@pytest.fixture
def successor(house: House, client: Visitor, sign_in: SignIn) -> Plan:
    """Five open actions of a plan, and a plan with one priority that follows it."""
    for title in ("Done in fact", "Goes on", "Goes elsewhere", "Part of another", "Daily work"):
        house.action(title, deadline="April 2027", owner=OWNER)
    house.person(SECRETARY, name="Sam Ash", seat=BoardRole.SECRETARY)
    old, priority = house.plan, house.priority
    house.plan = house.make_plan("Other Plan")
    house.make_priority("7", "Elsewhere")
    house.plan = following = house.make_plan("Next Plan")
    house.make_priority("4", "Children are heard")
    house.plan, house.priority = old, priority
    house.session.commit()
    sign_in(client, SECRETARY)
    return following


def place(house: House, slug: str) -> str:
    home = house.session.execute(
        select(Plan.id, Plan.slug).where(Plan.partnership_id == house.tenant, Plan.slug == slug)
    ).one()
    priority_id = house.session.scalars(
        select(Priority.id).where(
            Priority.partnership_id == house.tenant, Priority.plan_id == home.id
        )
    ).one()
    house.session.commit()
    return f"{home.id}-{priority_id}"


def head(house: House, **values: str) -> dict[str, str]:
    house.session.refresh(house.plan)
    said = {
        "version": str(house.plan.version),
        "decided_on": "1 November 2026",
        "board": str(house.board.id),
        "reason": "The next plan begins.",
    }
    house.session.commit()
    return said | values


def every_decision(house: House) -> dict[str, str]:
    return {
        "action-1-fate": "completed",
        "action-1-evidence": "The report is out.",
        "action-2-fate": "carried forward",
        "action-2-forward_to": place(house, "next-plan"),
        "action-3-fate": "transferred",
        "action-3-transfer_to": place(house, "other-plan"),
        "action-3-reference": "7.77",
        "action-4-fate": "merged",
        "action-4-into": "1.2",
        "action-5-fate": "business as usual",
        "action-5-reason": "The team does it every day.",
    }


def test_a_plan_is_superseded_with_a_decision_for_each_open_action(
    client: Visitor, house: House, successor: Plan
) -> None:
    client.page(SUPERSEDED)
    answer = client.post(SUPERSEDED, data=head(house) | every_decision(house))
    assert answer.status_code == 302, read(answer.text).text
    closed, opened = Lifecycle.CLOSED_NOT_COMPLETED, Lifecycle.NOT_STARTED
    assert state(house) == {
        "Done in fact": (Lifecycle.COMPLETE, [None]),
        "Goes on": (opened, [HomeEnding.CARRIED_FORWARD, None]),
        "Goes elsewhere": (opened, [HomeEnding.TRANSFERRED, None]),
        "Part of another": (closed, [HomeEnding.MERGED]),
        "Daily work": (closed, [HomeEnding.BUSINESS_AS_USUAL]),
    }
    house.session.refresh(house.plan)
    assert house.plan.status is PlanStatus.SUPERSEDED
    (said,) = decisions_of(house.session, house.tenant, house.plan.id)
    assert said.words == (
        "Superseded by Next Plan 2026-27, on 1 November 2026, by decision of Trust Board"
    )
    assert (said.successor_slug, said.reason) == ("next-plan", "The next plan begins.")
    link = house.session.scalars(
        select(PlanLink).where(PlanLink.partnership_id == house.tenant)
    ).one()
    assert (link.plan_id, link.other_plan_id) == (successor.id, house.plan.id)
    assert link.kind is PlanLinkKind.SUCCESSOR_OF
    new = [
        (one.plan_slug, one.reference, one.title)
        for one in facts(house.session, house.tenant, house.now.date())
        if one.plan_slug != "childrens-plan"
    ]
    assert sorted(new) == [
        ("next-plan", "4.1", "Goes on"),
        ("other-plan", "7.77", "Goes elsewhere"),
    ]
    counts = rating_counts(house.session, house.tenant, house.now.date())
    assert sum(counts[house.plan.id].values()) == counts[house.plan.id]["Blue"] == 1
    asked = open_asks(
        house.session,
        house.tenant,
        plan_ids=[house.plan.id],
        board_id=house.board.id,
        for_on=date(2026, 12, 8),
        opens_at=house.now,
        closes_at=house.now,
        one_ask_days=30,
    )
    assert asked == []
    house.session.rollback()
    assert "Nothing was changed: this plan has ended" in client.send(f"{HERE}/close").text


def test_nothing_is_saved_while_one_action_is_undecided_and_all_that_was_typed_is_kept(
    client: Visitor, house: House, successor: Plan
) -> None:
    before = state(house)
    data = head(house) | every_decision(house) | {"action-5-fate": ""}
    answer = client.post(SUPERSEDED, data=data)
    assert answer.status_code == 422
    text = read(answer.text).text
    assert "Say what becomes of action 1.5" in text
    for kept in ("The report is out.", "7.77", "The next plan begins.", "1 November 2026"):
        assert kept in answer.text
    assert state(house) == before
    assert (
        house.session.scalars(
            select(PlanDecision).where(PlanDecision.partnership_id == house.tenant)
        ).all()
        == []
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"action-1-evidence": "\u200b"}, "Say what shows that it is complete"),
        ({"action-2-forward_to": ""}, "Choose the priority that it goes to"),
        ({"action-2-forward_to": "1-1"}, "Choose from the list"),
        ({"action-3-transfer_to": ""}, "Choose the plan and priority that it goes to"),
        ({"action-4-into": "9.9"}, "We know no open action “9.9”"),
        ({"action-4-into": "1.5"}, "“Daily work” ends here as well"),
        ({"action-4-into": "1.1"}, "“Done in fact” ends here as well"),
        ({"action-5-fate": "forgotten"}, "Say what becomes of action 1.5"),
        ({"action-5-reason": "x" * 1001}, "Use 1,000 characters or fewer"),
        ({"decided_on": "3 November 2026"}, "Give a day that is not in the future"),
        ({"board": "0"}, "Choose the board that decided this"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_a_decision_that_does_not_hold_is_refused_and_changes_nothing(
    client: Visitor, house: House, successor: Plan, values: dict[str, str], words: str
) -> None:
    before = state(house)
    answer = client.post(SUPERSEDED, data=head(house) | every_decision(house) | values)
    assert answer.status_code == 422
    assert words in read(answer.text).text
    assert state(house) == before


def test_two_actions_cannot_be_merged_into_each_other(
    client: Visitor, house: House, successor: Plan
) -> None:
    before = state(house)
    data = head(house) | every_decision(house)
    data |= {"action-5-fate": "merged", "action-5-into": "1.4", "action-4-into": "1.5"}
    answer = client.post(SUPERSEDED, data=data)
    assert answer.status_code == 422
    assert state(house) == before


def test_an_old_page_of_a_plan_is_a_conflict(
    client: Visitor, house: House, successor: Plan
) -> None:
    data = head(house) | every_decision(house)
    house.plan.summary = "Another summary."
    house.session.commit()
    assert client.post(SUPERSEDED, data=data).status_code == 409
    assert client.post(f"{HERE}/extend", data=data | {"ends_on": "2028"}).status_code == 409


def test_a_plan_is_extended_with_a_reason_and_the_board_that_decided(
    client: Visitor, house: House, successor: Plan
) -> None:
    answer = client.post(f"{HERE}/extend", data=head(house, ends_on="March 2027"))
    assert answer.status_code == 422
    assert "Give a day after 31 December 2027" in read(answer.text).text
    client.send(f"{HERE}/extend", **head(house, ends_on="March 2028"))
    house.session.refresh(house.plan)
    assert (house.plan.status, house.plan.ends_on) == (PlanStatus.EXTENDED, date(2028, 3, 31))
    (said,) = decisions_of(house.session, house.tenant, house.plan.id)
    assert said.words == (
        "Extended to 31 March 2028, on 1 November 2026, by decision of Trust Board"
    )
    assert said.ends_on_before == date(2027, 12, 31)


def test_a_plan_that_ends_early_says_its_last_day(
    client: Visitor, house: House, successor: Plan
) -> None:
    path = f"{HERE}/close?kind=ended+early"
    decisions = {f"action-{at}-fate": "stopped" for at in range(1, 6)}
    for day, words in (
        ("", "Say its last day"),
        ("31 December 2027", "Give a day from 1 January 2026"),
        ("not a day", "We cannot read"),
    ):
        answer = client.post(path, data=head(house, ends_on=day) | decisions)
        assert answer.status_code == 422
        assert words in read(answer.text).text
    client.send(path, **head(house, ends_on="30 November 2026"), **decisions)
    house.session.refresh(house.plan)
    assert (house.plan.status, house.plan.ends_on) == (
        PlanStatus.ENDED_EARLY,
        date(2026, 11, 30),
    )


def test_the_first_page_leads_to_what_was_decided(
    client: Visitor, house: House, successor: Plan
) -> None:
    client.page(f"{HERE}/end")
    for values, where in (
        ({"kind": "extended"}, f"{HERE}/extend"),
        ({"kind": "superseded", "successor": "next-plan"}, SUPERSEDED),
        ({"kind": "closed", "successor": "next-plan"}, f"{HERE}/close?kind=closed"),
    ):
        answer = client.post(f"{HERE}/end", data=values)
        assert (answer.status_code, answer.headers["Location"]) == (302, where)
    for values in ({}, {"kind": "burnt"}, {"kind": "superseded", "successor": "childrens-plan"}):
        assert client.post(f"{HERE}/end", data=values).status_code == 422
    assert client.get(f"{HERE}/close?kind=burnt").status_code == 302
    assert client.get(f"{HERE}/close?kind=superseded").status_code == 302
    client.page(f"{HERE}/close?kind=superseded&successor=no-such", status=404)


def test_a_plan_without_open_actions_is_closed_at_once(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    sign_in(client, SECRETARY)
    assert "No action of this plan is open." in client.page(f"{HERE}/close").text
    client.send(f"{HERE}/close", **head(house))
    (said,) = decisions_of(house.session, house.tenant, house.plan.id)
    assert said.kind is PlanDecisionKind.CLOSED
    assert said.words == "Closed on 1 November 2026, by decision of Trust Board"


def test_the_page_on_which_a_plan_ends_makes_few_queries_however_many_actions_there_are(
    client: Visitor, house: House, successor: Plan, statements: list[str]
) -> None:
    for at in range(20):
        house.action(f"One more {at}")
    statements.clear()
    client.page(SUPERSEDED)
    assert len([one for one in statements if one.startswith("SELECT")]) <= 10


def test_only_a_secretary_or_an_administrator_ends_a_plan(
    client: Visitor, house: House, successor: Plan, sign_in: SignIn
) -> None:
    house.person(CHAIR, seat=BoardRole.CHAIR)
    client.post("/sign-out")
    for email in (OWNER, CHAIR):
        sign_in(client, email)
        for then in ("end", "extend", "close"):
            assert client.get(f"{HERE}/{then}").status_code == 403
        client.post("/sign-out")
