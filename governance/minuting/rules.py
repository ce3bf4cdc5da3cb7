"""Whether a meeting has its quorum, how records of it are numbered, who reads minutes when. Pure.

What makes a quorum is what a board's terms of reference say; most join a number or a share of the
voting members with the presence of the chair.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

# A share in words: of how many parts how many, and whether it must be passed, not only reached.
SHARES = {
    "a quarter": (1, 4, False),
    "a third": (1, 3, False),
    "half": (1, 2, False),
    "more than half": (1, 2, True),
    "two thirds": (2, 3, False),
}


@dataclass(frozen=True)
class QuorumRule:
    """What makes a board's quorum: all of what is given. ``share`` is one of ``SHARES``."""

    number: int | None = None
    share: str | None = None
    organisations: int | None = None
    needs_chair: bool = False

    @property
    def is_set(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.number or self.share or self.organisations or self.needs_chair)


@dataclass(frozen=True)
class Seat:
    """A member's place on a board: whether it votes, whether its holder may chair, for whom."""

    person_id: int
    is_voting: bool = True
    may_chair: bool = False
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Present:
    """Somebody who is there: by who they are, and for which member they stand in."""

    person_id: int | None
    for_id: int | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether there is a quorum, and why, as a sentence. ``met`` is None where no rule says."""

    met: bool | None
    words: str
    present: int = 0


def share_of(voters: int, share: str) -> int:
    """How many make a share of the voting members: rounded up; at least one."""
    parts, whole, is_strict = SHARES[share]
    if is_strict:
        return voters * parts // whole + 1
    return max(1, -(-voters * parts // whole))


def filled(members: Sequence[Seat], present: Iterable[Present]) -> list[Seat]:
    """The voting seats that are filled: by the member, or by who stands in while they are away.

    Nobody counts twice: a voting member who also stands in counts for their own seat.
    """
    seats = {seat.person_id: seat for seat in members if seat.is_voting}
    found: set[int] = set()
    standing_in: set[int] = set()
    for one in present:
        if one.person_id in seats:
            found.add(one.person_id)
        elif one.for_id in seats:
            standing_in.add(one.for_id)
    return [seat for key, seat in seats.items() if key in found | standing_in]


def quorum(rule: QuorumRule, members: Sequence[Seat], present: Collection[Present]) -> Verdict:
    """Whether those present make a quorum, with the reckoning in a sentence.

    A share is of the voting members and is rounded up; "more than half" is more than half. A
    substitute fills the seat of the member they stand in for, and does not chair.
    """
    seats = filled(members, present)
    there = len(seats)
    if not rule.is_set:
        return Verdict(None, "No quorum rule is set for this board.", there)
    voters = sum(seat.is_voting for seat in members)
    wanted, holds = [], []
    if rule.share:
        needed = share_of(voters, rule.share)
        wanted.append(f"{rule.share} of {_counted(voters, 'voting member')}, so {needed}")
        holds.append(there >= needed)
    if rule.number:
        wanted.append(_counted(rule.number, "voting member"))
        holds.append(there >= rule.number)
    said = [f"{there} {'is' if there == 1 else 'are'} present"]
    if rule.organisations:
        speaking = len(frozenset[int]().union(*(seat.organisations for seat in seats)))
        wanted.append(_counted(rule.organisations, "organisation"))
        said.append(f"of {_counted(speaking, 'organisation')}")
        holds.append(speaking >= rule.organisations)
    if rule.needs_chair:
        in_person = {one.person_id for one in present}
        has_chair = any(seat.may_chair and seat.person_id in in_person for seat in members)
        wanted.append("the chair or vice chair")
        said.append(
            "the chair or vice chair among them" if has_chair else "neither chair nor vice chair"
        )
        holds.append(has_chair)
    met = all(holds)
    return Verdict(
        met,
        f"Quorum is {', and '.join(wanted)}: {', '.join(said)}: {'met' if met else 'not met'}.",
        there,
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def next_reference(prefix: str, used: Iterable[str]) -> str:
    """The next free reference that begins so: "CTB/2026-03/D" and its number."""
    ending = re.compile(re.escape(prefix) + r"(\d{1,6})", re.ASCII)
    numbers = [int(found[1]) for one in used if (found := ending.fullmatch(one))]
    return f"{prefix}{max(numbers, default=0) + 1}"


def votes_fault(cast: Sequence[int | None], present: int) -> str | None:
    """What is wrong with votes for, against and abstaining, as a sentence; None: nothing."""
    given = [votes for votes in cast if votes is not None]
    if given and sum(given) > present:
        return (
            f"That is {_counted(sum(given), 'vote')}, and {_counted(present, 'voting member')}"
            f" {'is' if present == 1 else 'are'} recorded as present."
        )
    return None
