"""Pages of plans and priorities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from actions.models import ActionHome, ActionKind
from actions.operations import Entry, record_progress
from plans.models import PlanLink, PlanLinkKind, PlanReview
from priorities.indicator_models import (
    IndicatorFramework,
    IndicatorPart,
    Series,
)
from priorities.models import Judgement
from priorities.queries import indicators_of
from priorities.rules import ReadingState
from tests.factories import House
from tests.pages import Visitor
from tests.web.measures import indicator, reading
from tracker.kernel.rag import Lifecycle, Rating

SignIn = Callable[[Visitor, str], None]
PLAN = "/ashshire/plans/childrens-plan"


@pytest.fixture
def reader(client: Visitor, house: House, sign_in: SignIn) -> Visitor:
    """Somebody who belongs to the partnership and to nothing in it."""
    house.person("member@ashshire.example")
    sign_in(client, "member@ashshire.example")
    return client


def test_the_plans_of_a_partnership_come_with_their_counts_in_words(
    reader: Visitor, house: House
) -> None:
    house.action("Far away", deadline="March 2027")
    house.action("Long overdue", deadline="March 2026")
    page = reader.page("/ashshire/plans")
    assert "Children’s Plan 2026-27" in page.text
    assert "1 Red 0 Amber 0 Green 1 Grey 0 Blue" in page.text


def test_a_partnership_without_plans_says_so(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    other = House(house.session, house.now, slug="oakshire")
    other.session.delete(other.priority)
    other.session.flush()
    other.session.delete(other.plan)
    other.person("member@oakshire.example")
    sign_in(client, "member@oakshire.example")
    assert "no plans yet" in client.page("/oakshire/plans").text


def test_a_plan_shows_its_actions_under_their_priority_and_its_commitments_after(
    reader: Visitor, house: House
) -> None:
    house.action("Open a hub", deadline="March 2026", lead=house.council)
    promise = house.action("Report each year")
    promise.kind = ActionKind.COMMITMENT
    house.session.commit()
    text = reader.page(PLAN).text
    assert text.index("Priority 1: Children are safe") < text.index("1.1 Open a hub")
    assert text.index("1.1 Open a hub") < text.rindex("Commitments")
    assert "Ashshire Council" in text
    assert "By March 2026" in text
    assert "Red 216 days overdue" in text


def test_a_plan_shows_what_it_hangs_together_with(reader: Visitor, house: House) -> None:
    older = house.make_plan("Older Plan")
    for kind, title, other in (
        (PlanLinkKind.SUCCESSOR_OF, "Older Plan", older.id),
        (PlanLinkKind.STRATEGY, "Housing Strategy", None),
    ):
        house.session.add(
            PlanLink(
                partnership_id=house.tenant,
                plan_id=house.plan.id,
                other_plan_id=other,
                title=title,
                kind=kind,
            )
        )
    house.session.add(
        PlanReview(
            partnership_id=house.tenant,
            plan_id=house.plan.id,
            review_on=date(2026, 12, 31),
            words="After one year",
        )
    )
    house.session.commit()
    page = reader.page(PLAN)
    assert "/ashshire/plans/older-plan" in page.hrefs
    assert "Linked strategies Housing Strategy" in page.text
    assert "After one year: 31 December 2026" in page.text


def test_a_plan_without_actions_or_indicators_is_still_a_page(
    reader: Visitor, house: House
) -> None:
    assert "No actions of this plan are kept here" in reader.page(PLAN).text


def test_a_plan_shows_each_indicator_beside_the_national_average(
    reader: Visitor, house: House
) -> None:
    plans = indicator(house, "1", "Child protection plans")
    reading(house, plans, "48.4", 2024)
    reading(house, plans, "37.8", 2023, series=Series.NATIONAL)
    absence = indicator(house, "2", "Absence", theme="School")
    reading(house, absence, "5.0", 2024, provisional=True)
    reading(house, absence, "5.1", 2024, series=Series.NATIONAL)
    text = reader.page(PLAN).text
    assert "48.4 2024/25 Reduce 37.8 2023/24 Not compared: different periods" in text
    assert "5.0 2024/25, provisional Reduce 5.1 2024/25 Better" in text
    assert text.index("Child protection plans") < text.index("School")


def test_a_plan_page_takes_at_most_ten_queries_whatever_it_holds(
    reader: Visitor, house: House, statements: list[str]
) -> None:
    def queries() -> int:
        statements.clear()
        reader.page(PLAN)
        return sum(one.startswith("SELECT") for one in statements)

    def add(count: int) -> None:
        for _ in range(count):
            action = house.action(deadline="March 2027", owner="o@ashshire.example")
            house.milestone(action, "A step", "January 2027")

    add(1)
    few = queries()
    add(25)
    for number in range(1, 8):
        reading(house, indicator(house, str(number), f"Measure {number}"), "1.5", 2024)
    assert queries() == few <= 10


def test_a_priority_shows_its_leads_judgement_and_its_indicators_in_full(
    reader: Visitor, house: House
) -> None:
    lead = house.person("lead@ashshire.example", name="Priority lead")
    house.session.add(
        Judgement(
            partnership_id=house.tenant,
            priority_id=house.priority.id,
            number=1,
            made_at=house.now,
            person_id=lead.id,
            rating=Rating.AMBER,
            achievements="Two hubs opened.",
            difference_made="Families wait two weeks less.",
        )
    )
    plans = indicator(house, "1", "Child protection plans")
    reading(house, plans, "48.4", 2023, baseline=True)
    reading(house, plans, "45.0", 2024, provisional=True)
    reading(house, plans, None, 2024, series=Series.NATIONAL, state=ReadingState.NOT_APPLICABLE)
    text = reader.page(f"{PLAN}/priorities/1").text
    assert "Amber Achievements Two hubs opened." in text
    assert "Priority lead, 2 November 2026 at 10am" in text
    assert "Rate per 10,000. Lower is better. Target: Reduce. Reported quarterly." in text
    assert "Own figure 45.0 2024/25 Provisional" in text
    assert "Own figure (baseline) 48.4 2023/24" in text
    assert "National average Not applicable 2024/25 Not compared: no figure" in text


def test_parts_of_an_indicator_keep_figures_of_their_own(session: Session, house: House) -> None:
    gap = indicator(house, "1", "Attainment gap")
    parts = [
        IndicatorPart(
            partnership_id=house.tenant,
            indicator_id=gap.id,
            slug=name.lower(),
            name=name,
            position=place,
        )
        for place, name in enumerate(("KS2", "KS4"))
    ]
    session.add_all(parts)
    session.add_all(
        IndicatorFramework(
            partnership_id=house.tenant, indicator_id=gap.id, name=name, is_stated=stated
        )
        for name, stated in (("National set", True), ("Impact reports", False))
    )
    session.commit()
    reading(house, gap, "22.0", 2023, part=parts[0], baseline=True)
    reading(house, gap, "20.5", 2024, part=parts[0])
    reading(house, gap, "17.0", 2024, part=parts[0], series=Series.NATIONAL)
    reading(house, gap, "16.0", 2025, part=parts[0], series=Series.NATIONAL)
    reading(house, gap, None, 2024, part=parts[1], state=ReadingState.TBC)
    found = indicators_of(session, house.tenant, [house.plan.id])
    assert len(found) == 1
    assert found[0].also_in == ("National set", "Impact reports (assigned by us)")
    first, second = found[0].parts
    assert (first.name, second.name) == ("KS2", "KS4")
    assert [
        one.words if one else None for one in (first.latest, first.previous, first.baseline)
    ] == [
        "20.5",
        "22.0",
        "22.0",
    ]
    beside = first.comparator("National average")
    assert beside is not None
    assert beside.words == "17.0"
    assert second.latest is not None
    assert second.latest.words == "To be confirmed"
    assert second.previous is None


def test_a_tbc_stands_only_until_there_is_a_figure(session: Session, house: House) -> None:
    row = indicator(house, "1", "First time entrants")
    reading(house, row, "12.0", 2023)
    reading(house, row, None, 2025, state=ReadingState.TBC)
    part = indicators_of(session, house.tenant, [house.plan.id])[0].parts[0]
    assert part.latest is not None
    assert part.latest.words == "12.0"


def test_another_partnerships_pages_are_not_found(reader: Visitor, house: House) -> None:
    other = House(house.session, house.now, slug="oakshire")
    other.make_plan("Secret Plan")
    other.session.commit()
    for path in (
        "/oakshire/plans",
        "/oakshire/plans/childrens-plan",
        "/oakshire/plans/childrens-plan/priorities/1",
        "/ashshire/plans/secret-plan",
        "/ashshire/plans/childrens-plan/priorities/9",
    ):
        assert reader.page(path, status=404).h1 == ["Page not found"]


def test_an_action_in_two_priorities_counts_once_in_its_plan(
    reader: Visitor, house: House, session: Session
) -> None:
    action = house.action("Shared", deadline="March 2027", owner="o@ashshire.example")
    second = house.make_priority("2", "Children are healthy")
    session.add(
        ActionHome(
            partnership_id=house.tenant,
            action_id=action.id,
            plan_id=house.plan.id,
            priority_id=second.id,
            reference="2.1",
            wording="Shared, for health",
            position=9,
        )
    )
    record_progress(
        session,
        action,
        Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened="Begun."),
        person_id=house.people["o@ashshire.example"].id,
        last_seen=0,
        now=house.now + timedelta(hours=1),
    )
    session.commit()
    text = reader.page(PLAN).text
    assert "0 Red 0 Amber 1 Green 0 Grey 0 Blue" in text
    assert "1.1 Shared" in text
    assert "2.1 Shared, for health" in text
