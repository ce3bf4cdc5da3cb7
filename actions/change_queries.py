"""The records whose changes are an action’s: its own, and all that belongs to it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    inspect,
    literal,
    or_,
    select,
    union,
)

from actions.answer_models import Agreement, Delegation, ProgressDraft
from actions.ask_models import Ask
from actions.deadline_models import Deadline
from actions.models import (
    Action,
    ActionAmbition,
    ActionHome,
    ActionParty,
    ActionStrategy,
    Milestone,
    Owner,
    Progress,
)
from actions.proposal_models import ActionLink, Handover, Proposal
from tracker.ledger.audit import table_name
from tracker.ledger.history import WHOLE
from tracker.ledger.models import AuditEntry

BELONGING: tuple[type[Any], ...] = (
    ActionAmbition,
    ActionHome,
    ActionLink,
    ActionParty,
    ActionStrategy,
    Agreement,
    Ask,
    Deadline,
    Delegation,
    Handover,
    Milestone,
    Owner,
    Progress,
    ProgressDraft,
    Proposal,
)
# The others are never deleted: their entries need not be searched for it.
DELETED: tuple[type[Any], ...] = (
    ActionAmbition,
    ActionParty,
    ActionStrategy,
    Ask,
    Delegation,
    Milestone,
    Owner,
    ProgressDraft,
)


def records_of(partnership_id: int, action_id: int) -> CompoundSelect[Any]:
    """Table and key of an action, and of everything that belongs, or belonged, to it."""
    kept = [
        select(literal(_table(model)), model.id).where(
            model.partnership_id == partnership_id, _is_its(model, action_id)
        )
        for model in BELONGING
    ]
    itself = select(literal(_table(Action)), Action.id.label("id")).where(
        Action.partnership_id == partnership_id, Action.id == action_id
    )
    return union(itself, *kept, _deleted(partnership_id, action_id))


def _is_its(model: type[Any], action_id: int) -> ColumnElement[bool]:
    own: ColumnElement[bool] = model.action_id == action_id
    if model is ActionLink:
        return or_(own, ActionLink.other_action_id == action_id)
    return own


def _deleted(partnership_id: int, action_id: int) -> Select[str, int]:
    """What is no longer there: only the entry that deleted it says whose it was."""
    return select(AuditEntry.table_name, AuditEntry.record_id).where(
        AuditEntry.partnership_id == partnership_id,
        AuditEntry.table_name.in_([_table(model) for model in DELETED]),
        AuditEntry.field == WHOLE,
        AuditEntry.after.is_(None),
        AuditEntry.before.like(f'%"action_id": {action_id},%'),
    )


def _table(model: type[Any]) -> str:
    return table_name(inspect(model))
