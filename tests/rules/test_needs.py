"""Why an action's owner is needed now."""

from dataclasses import replace
from datetime import UTC, date, datetime

from actions.rules import ActionFacts, DeadlineFacts
from actions.said import AskFacts
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import DateRule, Rating, Relation

TODAY = date(2026, 11, 20)


def due(on: date) -> DeadlineFacts:
    return DeadlineFacts(words=f"by {on}", relation=Relation.BY, first_on=on, last_on=on)


ACTION = ActionFacts(
    action_id=1,
    uid="u",
    number=1,
    reference="1.1",
    title="Publish the pathway",
    plan_id=1,
    plan_slug="plan",
    plan_title="Plan",
    priority_number="1",
    priority_title="Priority",
    is_commitment=False,
    lifecycle=Lifecycle.IN_PROGRESS,
    owner_rating=Rating.GREEN,
    deadline=due(date(2027, 6, 30)),
    followed_from_on=date(2026, 1, 1),
    date_rule=DateRule.AMBER_FOR_A_MONTH,
    last_entry_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
)


def test_an_action_far_from_its_deadline_and_not_asked_about_needs_nobody() -> None:
    assert ACTION.needs(TODAY) == ()


def test_what_is_asked_for_comes_before_what_is_overdue() -> None:
    action = replace(ACTION, is_asked=True, deadline=due(date(2026, 11, 19)))
    assert action.needs(TODAY) == ("Update asked for", "1 day overdue")


def test_a_deadline_within_thirty_days_is_said_in_days() -> None:
    def needs(on: date) -> tuple[str, ...]:
        return replace(ACTION, deadline=due(on)).needs(TODAY)

    assert needs(TODAY) == ("Due today",)
    assert needs(date(2026, 11, 21)) == ("Due tomorrow",)
    assert needs(date(2026, 12, 20)) == ("Due in 30 days",)
    assert needs(date(2026, 12, 21)) == ()


def test_an_ask_that_closed_unanswered_leaves_no_update_since_its_last_month() -> None:
    action = replace(ACTION, last_ask_closed_at=datetime(2026, 11, 1, 17, tzinfo=UTC))
    assert action.needs(TODAY) == ("No update since October",)


def test_what_is_on_hold_complete_or_closed_needs_nobody() -> None:
    late = replace(ACTION, deadline=due(date(2026, 1, 31)), is_asked=True)
    assert late.needs(TODAY)
    assert replace(late, on_hold_until=TODAY).needs(TODAY) == ()
    assert replace(late, lifecycle=Lifecycle.COMPLETE).needs(TODAY) == ()
    assert replace(late, lifecycle=Lifecycle.CLOSED_NOT_COMPLETED).needs(TODAY) == ()


def test_the_most_pressing_action_sorts_first() -> None:
    asked = replace(ACTION, reference="asked", is_asked=True)
    overdue = replace(ACTION, reference="overdue", deadline=due(date(2026, 10, 1)))
    soon = replace(ACTION, reference="soon", deadline=due(date(2026, 12, 1)))
    undated = replace(ACTION, reference="undated", deadline=DeadlineFacts(words="ongoing"))
    ordered = sorted([undated, soon, overdue, asked], key=lambda one: one.urgency(TODAY))
    assert [one.reference for one in ordered] == ["asked", "overdue", "soon", "undated"]


def test_an_ask_says_whose_meeting_it_is_for_and_when_updates_close() -> None:
    ask = AskFacts("Trust Board", date(2026, 12, 8), datetime(2026, 11, 26, 17, tzinfo=UTC))
    assert ask.words == (
        "Trust Board asks for an update for its meeting on 8 December 2026;"
        " updates close at 5pm on 26 November 2026"
    )
    closed = replace(ask, is_closed=True)
    assert "updates closed at 5pm" in closed.words
