"""What may be said of an indicator's figures."""

from datetime import date
from decimal import Decimal

import pytest

from priorities.rules import (
    IndicatorFacts,
    Polarity,
    PriorityFacts,
    ReadingFacts,
    ReadingState,
    compare,
    grouped,
    trend,
)

YEAR_2012 = (date(2012, 4, 1), date(2013, 3, 31))
YEAR_2011 = (date(2011, 4, 1), date(2012, 3, 31))


def reading(
    value: str | None,
    days: tuple[date, date] | None = YEAR_2012,
    *,
    printed: str | None = None,
    state: ReadingState = ReadingState.VALUE,
    provisional: bool = False,
) -> ReadingFacts:
    return ReadingFacts(
        value=Decimal(value) if value else None,
        printed=printed or value or state.value,
        state=state,
        period="2012/13" if days == YEAR_2012 else "2011/12" if days else None,
        provisional=provisional,
        first_on=days[0] if days else None,
        last_on=days[1] if days else None,
    )


@pytest.mark.parametrize(
    ("own", "other", "polarity", "word"),
    [
        ("5.0", "5.1", Polarity.LOWER, "better"),
        ("5.0", "5.1", Polarity.HIGHER, "worse"),
        ("31.9", "30.7", Polarity.LOWER, "worse"),
        ("46.9", "34.3", Polarity.HIGHER, "better"),
        ("5.0", "5.00", Polarity.LOWER, "the same"),
    ],
)
def test_figures_of_one_period_are_better_or_worse_by_polarity(
    own: str, other: str, polarity: Polarity, word: str
) -> None:
    comparison = compare(reading(own), reading(other), polarity)
    assert (comparison.word, comparison.reason) == (word, None)


def test_figures_of_different_periods_are_not_compared() -> None:
    comparison = compare(reading("48.4"), reading("37.8", YEAR_2011), Polarity.LOWER)
    assert comparison.words == "not compared: different periods"


def test_a_figure_without_a_period_is_not_compared_even_with_another_without() -> None:
    comparison = compare(reading("48.4", None), reading("37.8", None), Polarity.LOWER)
    assert comparison.reason == "different periods"


def test_an_indicator_without_a_direction_is_not_compared() -> None:
    comparison = compare(reading("48.4"), reading("37.8"), Polarity.NONE)
    assert comparison.words == "not compared: no direction set"


def test_words_in_place_of_a_figure_are_not_compared() -> None:
    tbc = reading(None, state=ReadingState.TBC)
    assert compare(tbc, reading("37.8"), Polarity.LOWER).words == "not compared: no figure"
    assert compare(reading("37.8"), None, Polarity.LOWER).words == "not compared: no figure"


def test_a_plan_that_says_only_better_or_worse_is_taken_at_its_word() -> None:
    worse = reading(None, None, state=ReadingState.WORSE)
    assert compare(worse, None, Polarity.NONE).words == "worse"
    assert worse.words == "Worse than national"


@pytest.mark.parametrize(
    ("value", "printed", "words"),
    [
        ("22.0000", "KS2: 22.0%", "22.0%"),
        ("2.5000", "2.5%(p)", "2.5%"),
        ("208.6000", "208.6 per 10,000", "208.6"),
        ("1660.0000", "1,660", "1,660"),
        ("3.0000", "three", "three"),
    ],
)
def test_a_figure_is_shown_as_finely_as_it_was_printed(
    value: str, printed: str, words: str
) -> None:
    assert reading(value, printed=printed).words == words


def test_to_be_confirmed_and_not_applicable_are_said_in_words() -> None:
    assert reading(None, state=ReadingState.TBC).words == "To be confirmed"
    assert reading(None, state=ReadingState.NOT_APPLICABLE).words == "Not applicable"


def test_a_provisional_figure_says_so_beside_its_period() -> None:
    figure = reading("2.5", printed="2.5%(p)", provisional=True)
    assert figure.full_words == "2.5% (2012/13, provisional)"


def test_an_indicators_own_figures_of_two_periods_show_which_way_it_moved() -> None:
    assert trend(reading("5.0"), reading("5.4", YEAR_2011), Polarity.LOWER).word == "better"
    assert trend(reading("5.0"), None, Polarity.LOWER).reason == "no figure"


def test_indicators_stand_under_their_priorities_in_order_then_under_their_themes() -> None:
    def indicator(number: str, priority: str | None, theme: str | None) -> IndicatorFacts:
        return IndicatorFacts(
            uid=number,
            plan_id=1,
            number=number,
            title=f"Measure {number}",
            priority_number=priority,
            theme=theme,
            unit="Number",
            polarity=Polarity.NONE,
            target=None,
            frequency=None,
        )

    priorities = [PriorityFacts(i, str(i), 1, str(i), f"Title {i}") for i in (1, 2, 3)]
    groups = grouped(
        [indicator("1", "3", None), indicator("2", "1", None), indicator("3", None, "Safe")],
        priorities,
    )
    assert [heading for heading, _ in groups] == [
        "Priority 1: Title 1",
        "Priority 3: Title 3",
        "Safe",
    ]
