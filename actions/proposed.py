"""What was proposed of an action, offered or linked, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from actions.proposal_models import ProposalKind, ProposalStatus

_KINDS = {
    ProposalKind.NEW_ACTION: "New action",
    ProposalKind.DEADLINE: "Changed deadline",
    ProposalKind.CLOSING: "Closing, not completed",
}


@dataclass(frozen=True)
class ProposalFacts:
    """A proposal in words: what is proposed, by whom, and what became of it.

    ``present`` is the action's deadline today, None for a new action; ``is_mine`` says whether
    the viewer was asked about as chair or priority lead.
    """

    id: int
    uid: UUID
    version: int
    kind: ProposalKind
    status: ProposalStatus
    title: str
    reason: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    number: int | None = None
    reference: str | None = None
    plan_title: str | None = None
    plan_slug: str | None = None
    priority: str | None = None
    description: str | None = None
    deadline: str | None = None
    present: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    decided_as: str | None = None
    board: str | None = None
    recorded_by: str | None = None
    decision_words: str | None = None
    is_mine: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for somebody to agree or return it."""
        return self.status is ProposalStatus.WAITING

    @property
    def kind_words(self) -> str:
        """ "New action", "Changed deadline" or "Closing, not completed"."""
        return _KINDS[self.kind]

    @property
    def about(self) -> str:
        """The action that it is about, or that it would make: "Action 1.2: Open a hub"."""
        return f"Action {self.reference}: {self.title}" if self.reference else self.title

    @property
    def outcome(self) -> str | None:
        """ "Agreed by Jo Bell, chair of Trust Board, recorded by Sam Ash"; None while it waits."""
        if self.is_waiting:
            return None
        words = self.status.value.capitalize()
        if self.decided_by:
            words += f" by {self.decided_by}"
        if self.decided_as:
            of = f" of {self.board}" if self.board and self.decided_as == "chair" else ""
            words += f", {self.decided_as}{of}"
        if self.recorded_by and self.recorded_by != self.decided_by:
            words += f", recorded by {self.recorded_by}"
        return words


@dataclass(frozen=True)
class LinkFacts:
    """An action that this one became part of, took in, or was split into or from.

    ``words`` say how, seen from this action: "Merged into", "Split from".
    """

    words: str
    number: int
    reference: str | None
    title: str
    reason: str | None
    made_at: datetime


@dataclass(frozen=True)
class OfferFacts:
    """An action offered to another board, which has not answered yet."""

    uid: UUID
    board: str
    reason: str
    offered_by: str
    offered_at: datetime


@dataclass(frozen=True)
class Links:
    """What an action hangs together with: other actions, and an offer that waits."""

    actions: tuple[LinkFacts, ...] = ()
    offer: OfferFacts | None = None


@dataclass(frozen=True)
class HandoverFacts:
    """An action offered to another board, in words, and what the board answered."""

    number: int
    reference: str
    title: str
    plan_title: str
    board: str
    to_plan_title: str
    to_plan_slug: str
    to_priority: str | None
    status: ProposalStatus
    reason: str
    offered_by: str
    offered_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_words: str | None
    version: int

    @property
    def is_waiting(self) -> bool:
        """Whether the board has not answered yet."""
        return self.status is ProposalStatus.WAITING

    @property
    def outcome(self) -> str | None:
        """ "Accepted by Jo Bell", "Returned by Jo Bell"; None while it waits."""
        if self.is_waiting:
            return None
        verb = (
            "Accepted" if self.status is ProposalStatus.AGREED else self.status.value.capitalize()
        )
        return f"{verb} by {self.decided_by}" if self.decided_by else verb
