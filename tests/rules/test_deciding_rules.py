"""What carries a decision between meetings, by each rule that a board may have."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.deciding.rules import (
    Answers,
    Rule,
    Standing,
    Verdict,
    chairs_outcome,
    change_words,
    decision_reference,
    delegates_outcome,
    outcome,
)
from governance.decision_models import CirculationState
from tracker.people.board_models import CarriedBy

OPEN, A, N = Verdict.OPEN, Verdict.AGREED, Verdict.NOT_AGREED


@st.composite
def _circulations(draw: st.DrawFn) -> tuple[int, Answers]:
    counts = draw(st.tuples(*[st.integers(0, 6)] * 4))
    return sum(counts) + draw(st.integers(0, 6)), Answers(*counts)


def test_the_rules_are_those_that_a_board_may_choose() -> None:
    assert {one.value for one in Rule} == {one.value for one in CarriedBy}
    assert {one.value for one in Verdict} <= {one.value for one in CirculationState}


@pytest.mark.parametrize(
    ("rule", "voting", "answers", "open_", "closed"),
    [
        # More than half of all voting members, whoever answered.
        (Rule.MAJORITY, 5, Answers(agree=3), OPEN, A),
        (Rule.MAJORITY, 6, Answers(agree=3), OPEN, N),
        (Rule.MAJORITY, 5, Answers(agree=2, disagree=1), OPEN, N),
        (Rule.MAJORITY, 5, Answers(agree=3, disagree=2), A, A),
        (Rule.MAJORITY, 5, Answers(disagree=2, abstain=1), N, N),
        (Rule.MAJORITY, 4, Answers(disagree=2), N, N),
        (Rule.MAJORITY, 5, Answers(agree=4, at_meeting=1), N, N),
        (Rule.MAJORITY, 5, Answers(agree=3, at_meeting=1), OPEN, N),
        (Rule.MAJORITY, 5, Answers(), OPEN, N),
        # Every member: silence and abstaining are no agreement.
        (Rule.EVERYBODY, 3, Answers(agree=3), A, A),
        (Rule.EVERYBODY, 3, Answers(agree=2), OPEN, N),
        (Rule.EVERYBODY, 3, Answers(agree=2, abstain=1), N, N),
        (Rule.EVERYBODY, 3, Answers(agree=1, disagree=1), OPEN, N),
        # Nobody disagrees: silence agrees, but not before the time is over.
        (Rule.NO_OBJECTION, 3, Answers(), OPEN, A),
        (Rule.NO_OBJECTION, 3, Answers(agree=2, abstain=1), A, A),
        (Rule.NO_OBJECTION, 3, Answers(agree=2, disagree=1), N, N),
        (Rule.NO_OBJECTION, 3, Answers(at_meeting=1), OPEN, N),
        # A board without voting members agrees to nothing.
        (Rule.NO_OBJECTION, 0, Answers(), OPEN, N),
        (Rule.EVERYBODY, 0, Answers(), OPEN, N),
    ],
)
def test_what_carries_while_it_is_open_and_when_its_time_is_over(
    rule: Rule, voting: int, answers: Answers, open_: Verdict, closed: Verdict
) -> None:
    assert outcome(rule, voting, answers, False).state is open_
    assert outcome(rule, voting, answers, True).state is closed


@given(st.sampled_from(Rule), _circulations())
def test_at_its_time_it_is_never_open(rule: Rule, found: tuple[int, Answers]) -> None:
    assert outcome(rule, *found, True).state is not OPEN


@given(st.sampled_from(Rule), _circulations())
def test_what_closes_early_would_have_closed_alike_at_its_time(
    rule: Rule, found: tuple[int, Answers]
) -> None:
    early = outcome(rule, *found, False)
    assert early.state is OPEN or early == outcome(rule, *found, True)


@given(st.sampled_from(Rule), _circulations(), st.sampled_from(["agree", "disagree", "abstain"]))
def test_what_closed_early_no_further_answer_would_change(
    rule: Rule, found: tuple[int, Answers], further: str
) -> None:
    voting, answers = found
    early = outcome(rule, voting, answers, False).state
    if early is OPEN or answers.given == voting:
        return
    more = Answers(**{**vars(answers), further: getattr(answers, further) + 1})
    assert outcome(rule, voting, more, False).state is early


@given(st.sampled_from(Rule), _circulations())
def test_whoever_wants_a_meeting_gets_it(rule: Rule, found: tuple[int, Answers]) -> None:
    voting, answers = found
    if answers.at_meeting:
        said = outcome(rule, voting, answers, True)
        assert said.state is N
        assert "decided at a meeting" in said.words


@given(_circulations())
def test_what_every_member_agrees_to_carries_by_every_rule(found: tuple[int, Answers]) -> None:
    voting, answers = found
    if outcome(Rule.EVERYBODY, voting, answers, True).state is A:
        assert {outcome(rule, voting, answers, True).state for rule in Rule} == {A}


def test_the_words_count_who_said_what() -> None:
    said = outcome(Rule.MAJORITY, 8, Answers(agree=5, disagree=1), True)
    assert said.words == "Of 8 voting members 5 agree, 1 disagrees, 2 have not answered."
    said = outcome(Rule.MAJORITY, 8, Answers(agree=1), True)
    assert said.words.endswith("1 agrees, 7 have not answered. More than half must agree.")


@pytest.mark.parametrize(
    ("answers", "open_", "closed"),
    [
        (Answers(), OPEN, N),
        (Answers(agree=1), A, A),
        (Answers(disagree=1), N, N),
        (Answers(at_meeting=1), N, N),
        (Answers(abstain=1), OPEN, N),
        (Answers(agree=1, disagree=1), N, N),
    ],
)
def test_the_chair_alone_settles_a_chairs_action(
    answers: Answers, open_: Verdict, closed: Verdict
) -> None:
    assert chairs_outcome(answers, False).state is open_
    assert chairs_outcome(answers, True).state is closed


def test_a_delegated_decision_that_nobody_recorded_is_none() -> None:
    assert delegates_outcome(False).state is OPEN
    assert delegates_outcome(True).state is N


def test_decisions_between_meetings_are_numbered_within_their_month() -> None:
    march = date(2026, 3, 4)
    taken = ["CTB/2026-03/E1", "CTB/2026-03/D7", "CTB/2026-02/E9", "XCTB/2026-03/E8"]
    assert decision_reference("CTB", march, []) == "CTB/2026-03/E1"
    assert decision_reference("CTB", march, taken) == "CTB/2026-03/E2"


def test_a_change_says_from_what_to_what() -> None:
    first, second = Standing("Jo Bell", None), Standing("Ann Lee", date(2026, 3, 4))
    assert change_words(first, first) == ""
    assert change_words(first, second) == (
        "Lead changed from Jo Bell to Ann Lee. Due date changed from no date to 4 March 2026."
    )
