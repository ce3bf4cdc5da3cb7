"""Actions as they stood at an instant: their facts, read backwards through the audit trail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from actions.answer_models import Agreement
from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.explanation import Beside
from actions.facts import build, deadline_facts
from actions.models import Action, ActionAmbition, ActionHome, ActionParty, Milestone, Owner
from actions.names import AMBITION, OWNER, Names
from actions.proposal_models import Proposal, ProposalStatus
from actions.rows_then import Then, read_then
from actions.rules import ActionFacts, DeadlineFacts, MilestoneFacts
from actions.said import AgreementFacts
from plans.models import Ambition
from tracker.kernel.times import london_day
from tracker.people.board_models import Board
from tracker.people.models import Organisation, Person


@dataclass(frozen=True)
class Stood:
    """An action's facts at an instant, with what an explanation says beside them."""

    facts: ActionFacts
    beside: Beside


def facts_as_of(
    session: Session,
    partnership_id: int,
    at: datetime,
    *,
    plan_ids: Iterable[int] | None = None,
    action_ids: Iterable[int] | None = None,
) -> list[ActionFacts]:
    """The facts of actions as they stood at an instant, for the day that it was in London.

    In the order of their plans, one per home that an action had then, as ``facts`` gives them.
    """
    found = stood_as_of(session, partnership_id, at, plan_ids=plan_ids, action_ids=action_ids)
    return [one.facts for one in found]


def stood_as_of(
    session: Session,
    partnership_id: int,
    at: datetime,
    *,
    plan_ids: Iterable[int] | None = None,
    action_ids: Iterable[int] | None = None,
) -> list[Stood]:
    """The facts of actions as they stood at an instant, each with what stands beside them."""
    then = read_then(session, partnership_id, at, plan_ids=plan_ids, action_ids=action_ids)
    if then is None:
        return []
    starts = {plan.id: plan.starts_on for plan in then.plans.values()}
    homes = [one for one in then.homes if one.action_id in then.actions and one.plan_id in starts]
    homes.sort(key=lambda home: (starts[home.plan_id], home.plan_id, *_place(home)))
    return [_stood(home, then, london_day(at)) for home in homes]


def _place(row: Any) -> tuple[int, int]:
    return row.position, row.id


def _stood(home: ActionHome, then: Then, today: date) -> Stood:
    action = then.actions[home.action_id]
    current = _deadline([d for d in then.own(action.id, Deadline) if d.milestone_id is None])
    agreements = then.own(action.id, Agreement)
    numbers = (action.last_entry_number, current.number)
    live = [one for one in agreements if (one.entry_number, one.deadline_number) == numbers]
    waiting = [p for p in then.own(action.id, Proposal) if p.status is ProposalStatus.WAITING]
    facts = build(
        home,
        action,
        then.plans[home.plan_id],
        then.priorities.get(home.priority_id) if home.priority_id else None,
        names=_names_around(action, then, today),
        milestones=_milestones(action, then),
        deadline=replace(current, proposed_words=waiting[0].deadline if waiting else None),
        last_entry=then.entries.get(action.id),
        date_rule=then.partnership.date_rule,
        is_asked=any(
            ask.answered_at is None and ask.closed_at is None for ask in then.own(action.id, Ask)
        ),
        agreement=_agreement(live),
    )
    return Stood(facts, _beside(action, then, [] if live else agreements))


def _beside(action: Action, then: Then, lapsed: Sequence[Agreement]) -> Beside:
    confirmer = action.completion_confirmed_by_id
    newer = bool(lapsed) and lapsed[-1].entry_number != action.last_entry_number
    return Beside(
        confirmed_at=action.completion_confirmed_at,
        confirmed_by=then.name(Person, confirmer) if confirmer else None,
        lapsed=_agreement(lapsed),
        lapsed_because="a newer update was entered" if newer else "the deadline was changed",
    )


def _agreement(rows: Sequence[Agreement]) -> AgreementFacts | None:
    if not rows:
        return None
    return AgreementFacts(rows[-1].agreed_by, rows[-1].agreed_as, rows[-1].agreed_at)


def _deadline(rows: Sequence[Deadline]) -> DeadlineFacts:
    first = [one for one in rows if one.number == 1]
    current = [one for one in rows if one.is_current]
    return deadline_facts(first + current)


def _milestones(action: Action, then: Then) -> tuple[MilestoneFacts, ...]:
    deadlines: dict[int | None, list[Deadline]] = defaultdict(list)
    for one in then.own(action.id, Deadline):
        deadlines[one.milestone_id].append(one)
    return tuple(
        MilestoneFacts(
            uid=str(one.uid),
            title=one.title,
            deadline=_deadline(deadlines[one.id]),
            done_on=one.done_on,
        )
        for one in sorted(then.own(action.id, Milestone), key=_place)
    )


def _names_around(action: Action, then: Then, today: date) -> Names:
    """The names around one action that day, each kind in its order."""
    found = Names()
    for party in sorted(then.own(action.id, ActionParty), key=_place):
        found.by_kind[party.role].append(_party(party, then))
    asked = [
        (then.name(Person, one.person_id), one.id, one.person_id)
        for one in then.own(action.id, Owner)
        if one.from_on <= today and (one.to_on is None or one.to_on >= today)
    ]
    for name, _, person_id in sorted(asked):
        found.by_kind[OWNER].append(name)
        found.owner_ids.add(person_id)
    tags = [one.ambition_id for one in then.own(action.id, ActionAmbition)]
    for key in sorted(tags, key=lambda key: (then.place(Ambition, key), key)):
        found.by_kind[AMBITION].append(then.name(Ambition, key))
    return found


def _party(party: ActionParty, then: Then) -> str:
    if party.organisation_id is not None:
        return then.name(Organisation, party.organisation_id)
    if party.board_id is not None:
        return then.name(Board, party.board_id)
    assert party.person_id is not None  # the database sees to it that one of them is named
    return then.name(Person, party.person_id)
