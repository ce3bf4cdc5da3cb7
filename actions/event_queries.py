"""What was recorded of an action beside its entries and deadlines, as events of its history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from actions.answer_models import Agreement
from actions.history import Event, event
from actions.models import Action, ActionHome
from actions.proposal_models import (
    ActionLink,
    ActionLinkKind,
    Handover,
    Proposal,
    ProposalKind,
    ProposalStatus,
)
from plans.models import Plan
from tracker.kernel.period import short_date
from tracker.ledger.models import AuditEntry
from tracker.people.board_models import Board
from tracker.people.models import Person

_KINDS: tuple[type[Any], ...] = (Agreement, ActionHome, ActionLink, Proposal, Handover, AuditEntry)
_HOLD, _CONFIRMED, _ENDED = "on_hold_until", "completion_confirmed_at", "ended_on"
_PROPOSED = {
    ProposalKind.NEW_ACTION: "This action",
    ProposalKind.DEADLINE: "A new deadline",
    ProposalKind.CLOSING: "Closing, not completed,",
}


@dataclass(frozen=True)
class _Row:
    """One record with what stands around it: ``by`` made it, ``decided_by`` recorded its end."""

    record: Any
    plan: Plan | None
    board: str | None
    other: Action | None
    by: str | None
    decided_by: str | None


def events_beside(session: Session, partnership_id: int, action_id: int) -> list[Event]:
    """Agreements, endings, links, proposals, handovers and holds of an action; one query.

    Of completion confirmed only what was taken back: one that holds is said by whoever shows the
    action. In no order.
    """
    rows = [
        _Row(next(one for one in row[: len(_KINDS)] if one is not None), *row[len(_KINDS) :])
        for row in session.execute(_chosen(partnership_id, action_id))
        if any(one is not None for one in row[: len(_KINDS)])
    ]
    homes = {row.record.id: row for row in rows if isinstance(row.record, ActionHome)}
    events: list[Event] = []
    for row in rows:
        match row.record:
            case Agreement():
                events.append(_agreed(row, row.record))
            case ActionLink():
                events.append(_linked(row, row.record, action_id))
            case Proposal():
                events += _proposed(row, row.record)
            case Handover():
                events += _offered(row, row.record)
            case AuditEntry(table_name="action_home"):
                events += _ended(row.record, homes.get(row.record.record_id), row.by)
            case AuditEntry():
                events += _of_the_action(row.record, row.by)
    return events


def _chosen(partnership_id: int, action_id: int) -> Select[Any]:
    """Each kind of record with the names around it.

    The action is joined with a number for each kind, and each kind with its own number only, so
    that the rows add up and do not multiply.
    """
    each = union_all(*(select(literal(n).label("n")) for n in range(len(_KINDS)))).subquery()
    other, by, decided_by = aliased(Action), aliased(Person), aliased(Person)
    plan_id = func.coalesce(ActionHome.plan_id, Handover.to_plan_id)
    board_id = func.coalesce(
        Agreement.board_id, ActionHome.ended_board_id, Proposal.board_id, Handover.to_board_id
    )
    by_id = func.coalesce(
        Agreement.recorded_by_id,
        ActionLink.made_by_id,
        Proposal.proposed_by_id,
        Handover.offered_by_id,
        AuditEntry.person_id,
    )
    other_id = case(
        (ActionLink.action_id == action_id, ActionLink.other_action_id), else_=ActionLink.action_id
    )
    chosen = select(*_KINDS, Plan, Board.name, other, by.name, decided_by.name)
    chosen = chosen.select_from(Action).join(each, true())
    for number, model in enumerate(_KINDS):
        belongs = _belongs(model, partnership_id, action_id)
        chosen = chosen.outerjoin(model, and_(each.c.n == number, belongs))
    return (
        chosen.outerjoin(Plan, Plan.id == plan_id)
        .outerjoin(Board, Board.id == board_id)
        .outerjoin(other, other.id == other_id)
        .outerjoin(by, by.id == by_id)
        .outerjoin(
            decided_by,
            decided_by.id == func.coalesce(Proposal.recorded_by_id, Handover.decided_by_id),
        )
        .where(Action.partnership_id == partnership_id, Action.id == action_id)
    )


def _belongs(model: type[Any], partnership_id: int, action_id: int) -> ColumnElement[bool]:
    if model is AuditEntry:
        return _entries(partnership_id, action_id)
    ours: ColumnElement[bool] = model.partnership_id == partnership_id
    own: ColumnElement[bool] = model.action_id == action_id
    if model is ActionLink:
        own = or_(own, ActionLink.other_action_id == action_id)
    return and_(ours, own)


def _entries(partnership_id: int, action_id: int) -> ColumnElement[bool]:
    """The entries of holds, confirmations and endings, found by the keys of their records."""
    homes = select(ActionHome.id).where(
        ActionHome.partnership_id == partnership_id, ActionHome.action_id == action_id
    )
    of_action = select(AuditEntry.id).where(
        AuditEntry.table_name == "action",
        AuditEntry.record_id == action_id,
        AuditEntry.field.in_((_HOLD, _CONFIRMED)),
    )
    of_homes = select(AuditEntry.id).where(
        AuditEntry.table_name == "action_home",
        AuditEntry.record_id.in_(homes),
        AuditEntry.field == _ENDED,
    )
    return AuditEntry.id.in_(union_all(of_action, of_homes))


def _agreed(row: _Row, one: Agreement) -> Event:
    return event(
        one.agreed_at,
        "Rating agreed, better than the date allows",
        row.by,
        ("Agreed by", f"{one.agreed_by}, {one.agreed_as.value}"),
        ("Board", row.board),
        ("In these words", one.words),
    )


def _linked(row: _Row, one: ActionLink, action_id: int) -> Event:
    other = f"action {row.other.number}, {row.other.title}" if row.other else "another action"
    merged = one.kind is ActionLinkKind.MERGED_INTO
    if one.action_id == action_id:
        title = f"Became part of {other}" if merged else f"Split: {other}"
    else:
        title = f"Took in {other}" if merged else f"Split off from {other}"
    return event(one.made_at, title, row.by, ("Reason", one.reason))


def _proposed(row: _Row, one: Proposal) -> list[Event]:
    what = _PROPOSED[one.kind]
    asked = ("Proposed", one.deadline if one.kind is ProposalKind.DEADLINE else one.title)
    found = [event(one.proposed_at, f"{what} was proposed", row.by, asked, ("Reason", one.reason))]
    if one.decided_at is not None and one.status is not ProposalStatus.WAITING:
        decider = f"{one.decided_by}, {one.decided_as.value}" if one.decided_as else one.decided_by
        found.append(
            event(
                one.decided_at,
                f"{what} was {_decided(one.status)}",
                row.decided_by or one.decided_by,
                ("Decided by", decider),
                ("Board", row.board),
                ("Reason", one.decision_words),
            )
        )
    return found


def _offered(row: _Row, one: Handover) -> list[Event]:
    to = ("To", row.plan.full_title if row.plan else None)
    board = row.board or "another board"
    found = [event(one.offered_at, f"Offered to {board}", row.by, to, ("Reason", one.reason))]
    if one.decided_at is not None and one.status is not ProposalStatus.WAITING:
        words = ("Reason", one.decision_words)
        taken = "Taken over" if one.status is ProposalStatus.AGREED else _decided(one.status)
        title = f"{taken[:1].upper()}{taken[1:]} by {board}"
        if one.status is ProposalStatus.WITHDRAWN:
            title = f"Offer to {board} withdrawn"
        found.append(event(one.decided_at, title, row.decided_by, to, words))
    return found


def _decided(status: ProposalStatus) -> str:
    return {ProposalStatus.AGREED: "agreed", ProposalStatus.RETURNED: "returned"}.get(
        status, "withdrawn"
    )


def _ended(entry: AuditEntry, home: _Row | None, by: str | None) -> list[Event]:
    if home is None or home.record.ending is None or _value(entry.after) is None:
        return []
    words = home.record.ending.value
    plan = home.plan.full_title if home.plan else None
    place = f"{home.record.reference} in {plan}" if plan else home.record.reference
    title = f"{words[:1].upper()}{words[1:]}"
    reason = ("Reason", home.record.ending_reason)
    return [event(entry.at, title, by, ("It was", place), reason, ("Decided by", home.board))]


def _of_the_action(entry: AuditEntry, by: str | None) -> list[Event]:
    before, after = _value(entry.before), _value(entry.after)
    if entry.field == _HOLD:
        if after is None:
            return [event(entry.at, "Taken off hold", by)]
        return [event(entry.at, f"Put on hold until {short_date(date.fromisoformat(after))}", by)]
    return [event(entry.at, "Completion no longer confirmed", by)] if before and not after else []


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)
