"""The days stored for lists agree with the rule as it is told, and nothing improves a rating."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import add_months
from tracker.kernel.rag import Dated, DateRule, Rating, Relation, allowed, reason, shown, thresholds

RED, AMBER = Rating.RED, Rating.AMBER
OPEN = [Lifecycle.NOT_STARTED, Lifecycle.IN_PROGRESS]
UNDATED = Dated()
# Dates within two years, so that rules meet often.
DAYS = st.dates(date(2027, 1, 1), date(2028, 12, 31))
DATED = st.one_of(
    st.just(UNDATED),
    st.builds(
        lambda relation, last_on, done: Dated(relation, last_on, last_on, done),
        st.sampled_from(Relation),
        DAYS,
        st.booleans(),
    ),
)
ACTIONS = st.fixed_dictionaries(
    {
        "lifecycle": st.sampled_from(Lifecycle),
        "deadline": DATED,
        "last_entry_on": st.none() | DAYS,
        "followed_from_on": DAYS,
        "milestones": st.lists(DATED, max_size=3),
        "date_rule": st.sampled_from(DateRule),
        "on_hold_until": st.none() | DAYS,
    }
)


def naive(
    today: date,
    *,
    lifecycle: Lifecycle,
    deadline: Dated,
    last_entry_on: date | None,
    followed_from_on: date,
    milestones: list[Dated],
    date_rule: DateRule,
    on_hold_until: date | None,
) -> Rating | None:
    """The rule as it is told, asked of one day."""
    if lifecycle not in OPEN or (on_hold_until and today <= on_hold_until):
        return None
    best = []
    if deadline.relation is Relation.BY and deadline.last_on:
        if today > deadline.last_on and date_rule is not DateRule.NONE:
            month_on = add_months(deadline.last_on, 1)
            at_once = date_rule is DateRule.RED_AT_ONCE
            best.append(RED if at_once or today > month_on else AMBER)
        quiet = (today - (last_entry_on or followed_from_on)).days
        if (deadline.last_on - today).days <= 30 and quiet >= 60:
            best.append(AMBER)
    for dated in [deadline, *(milestone for milestone in milestones if not milestone.done)]:
        if dated.last_on is None or today <= dated.last_on:
            continue
        if dated.relation is Relation.FROM and lifecycle is Lifecycle.NOT_STARTED:
            best.append(AMBER)
        if dated.relation is Relation.BY and dated is not deadline:
            best.append(AMBER)
    return min(best, key=lambda rating: rating.rank, default=None)


@given(ACTIONS, DAYS)
@settings(max_examples=150)
def test_the_stored_days_agree_with_the_rule_asked_day_by_day(
    action: dict[str, object], first_day: date
) -> None:
    found = thresholds(**action)  # type: ignore[arg-type]  # by strategy
    for today in (first_day + timedelta(days=gap) for gap in range(0, 200, 7)):
        told = naive(today, **action)  # type: ignore[arg-type]  # by strategy
        assert allowed(found, today) is told
        amber_on, red_on = found.amber_from_on, found.red_from_on
        stored = RED if red_on and red_on <= today else None
        stored = stored or (AMBER if amber_on and amber_on <= today else None)
        assert stored is told
        assert bool(reason(found, today)) is (told is not None)


@given(ACTIONS, DAYS, st.sampled_from(Rating))
@settings(max_examples=50)
def test_what_is_shown_is_never_better_than_the_owner_or_the_date_says(
    action: dict[str, object], today: date, owner: Rating
) -> None:
    best = allowed(thresholds(**action), today)  # type: ignore[arg-type]  # by strategy
    seen = shown(owner, best)
    assert seen.rank <= owner.rank
    assert best is None or seen.rank <= best.rank
    assert seen in (owner, best)
