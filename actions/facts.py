"""The facts of actions, read together: three queries, however many actions there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from actions.answer_models import Agreement
from actions.deadline_models import Deadline
from actions.facts_statements import of_actions, of_milestones
from actions.models import (
    Action,
    ActionHome,
    ActionKind,
    HomeEnding,
    Progress,
)
from actions.names import AMBITION, OWNER, Names, names_around
from actions.rules import ActionFacts, DeadlineFacts, MilestoneFacts
from actions.said import AgreementFacts, EntryFacts
from plans.models import Plan
from priorities.models import Priority
from tracker.kernel.rag import DateRule
from tracker.people.models import PartyRole


def facts(
    session: Session,
    partnership_id: int,
    today: date,
    *,
    plan_ids: Iterable[int] | None = None,
    action_ids: Iterable[int] | None = None,
) -> list[ActionFacts]:
    """The facts of actions, in the order of their plans; one per home that an action has."""
    values: dict[str, object] = {"tenant": partnership_id}
    if plan_ids is not None:
        values["plan_ids"] = list(plan_ids)
    if action_ids is not None:
        values["action_ids"] = list(action_ids)
    chosen = of_actions(plans=plan_ids is not None, actions=action_ids is not None)
    rows = session.execute(chosen, values).all()
    ids = sorted({row.Action.id for row in rows})
    milestones = _milestones(session, partnership_id, ids)
    names = names_around(session, partnership_id, ids, today)
    return [
        build(
            row.ActionHome,
            row.Action,
            row.Plan,
            row.Priority,
            names=names[row.Action.id],
            milestones=tuple(milestones[row.Action.id]),
            deadline=replace(_between(row.first, row.current), proposed_words=row.proposed),
            last_entry=_last(row.Progress, row.signed_by, row.cleared_by),
            date_rule=row.date_rule,
            is_asked=row.is_asked,
            agreement=_agreement(row.Agreement),
            onward=row.onward,
        )
        for row in rows
    ]


def _milestones(
    session: Session, partnership_id: int, ids: Sequence[int]
) -> dict[int, list[MilestoneFacts]]:
    found: dict[int, list[MilestoneFacts]] = defaultdict(list)
    for milestone, original, now in session.execute(
        of_milestones(), {"tenant": partnership_id, "action_ids": list(ids)}
    ):
        found[milestone.action_id].append(
            MilestoneFacts(
                uid=str(milestone.uid),
                title=milestone.title,
                deadline=_between(original, now),
                done_on=milestone.done_on,
            )
        )
    return found


def build(
    home: ActionHome,
    action: Action,
    plan: Plan,
    priority: Priority | None,
    *,
    names: Names,
    milestones: tuple[MilestoneFacts, ...],
    deadline: DeadlineFacts,
    last_entry: EntryFacts | None,
    date_rule: DateRule,
    is_asked: bool,
    agreement: AgreementFacts | None,
    onward: str | None = None,
) -> ActionFacts:
    """The facts of an action in one of its homes, from its rows as they are, or as they were."""
    return ActionFacts(
        action_id=action.id,
        uid=str(action.uid),
        number=action.number,
        reference=home.reference,
        position=home.position,
        title=home.wording or action.title,
        description=action.description,
        measure=action.measure,
        plan_id=plan.id,
        plan_slug=plan.slug,
        plan_title=plan.full_title,
        priority_number=priority.number if priority is not None else None,
        priority_title=priority.title if priority is not None else None,
        is_commitment=action.kind is ActionKind.COMMITMENT,
        lifecycle=action.lifecycle,
        owner_rating=action.owner_rating,
        on_hold_until=action.on_hold_until,
        is_confirmed=action.completion_confirmed_at is not None,
        deadline=deadline,
        followed_from_on=action.followed_from_on,
        date_rule=date_rule,
        leads=tuple(names.by_kind[PartyRole.LEAD]),
        involved=tuple(names.by_kind[PartyRole.INVOLVED]),
        owners=tuple(names.by_kind[OWNER]),
        owner_ids=frozenset(names.owner_ids),
        ambitions=tuple(names.by_kind[AMBITION]),
        milestones=milestones,
        last_entry=last_entry,
        last_entry_at=action.last_entry_at,
        last_ask_closed_at=action.last_ask_closed_at,
        is_asked=is_asked,
        agreement=agreement,
        ended_on=home.ended_on,
        ending_words=_ending(home, onward),
        on_hold_reason=action.on_hold_reason,
        source_note=action.source_note,
    )


def _between(first: Deadline | None, current: Deadline | None) -> DeadlineFacts:
    return deadline_facts([one for one in (first, current) if one is not None])


def _last(progress: Progress | None, who: str | None, cleared: str | None) -> EntryFacts | None:
    return None if progress is None else entry_facts(progress, who or "", cleared)


def _agreement(row: Agreement | None) -> AgreementFacts | None:
    return None if row is None else AgreementFacts(row.agreed_by, row.agreed_as, row.agreed_at)


_GOES_ON = (HomeEnding.CARRIED_FORWARD, HomeEnding.TRANSFERRED, HomeEnding.MOVED)


def _ending(home: ActionHome, onward: str | None) -> str | None:
    if home.ending is None:
        return None
    words = home.ending.value.capitalize()
    return f"{words} into {onward}" if onward and home.ending in _GOES_ON else words


def deadline_facts(history: Sequence[Deadline]) -> DeadlineFacts:
    """A deadline, with how far it slipped, from its original and its current one.

    ``history`` is oldest first; what lies between its ends may be left out.
    """
    if not history:
        return DeadlineFacts(words="no date")
    first, current = history[0], history[-1]
    slipped = 0
    if first.last_on and current.last_on:
        slipped = (current.last_on - first.last_on).days
    changes = current.number - first.number
    return DeadlineFacts(
        words=current.in_words(),
        relation=current.relation,
        first_on=current.first_on,
        last_on=current.last_on,
        original_words=first.in_words() if changes else None,
        slippage_days=slipped,
        changes=changes,
        reason=current.reason,
        number=current.number,
    )


def entry_facts(progress: Progress, name: str, cleared_by: str | None = None) -> EntryFacts:
    """A progress entry as it was signed, with its signer's name, and who cleared it."""
    return EntryFacts(
        number=progress.number,
        entered_at=progress.entered_at,
        person=name,
        lifecycle=progress.lifecycle,
        rating=progress.rating,
        is_no_change=progress.is_no_change,
        happened=progress.happened,
        cause=progress.cause,
        recovery=progress.recovery,
        forecast_on=progress.forecast_on,
        help_needed=progress.help_needed,
        evidence=progress.evidence,
        next_step=progress.next_step,
        next_step_on=progress.next_step_on,
        better_reason=progress.better_reason,
        given_by=progress.given_by,
        given_how=progress.given_how,
        cleared_by=cleared_by,
        is_reopening=progress.is_reopening,
    )
