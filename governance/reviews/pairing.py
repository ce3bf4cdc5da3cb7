"""Which meeting goes where when a board's rule changes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# A meeting that stays keeps the new rule's day away when it is nearer than this: a board that met
# on a Tuesday by hand does not meet again on that week's Wednesday.
NEAREST = timedelta(days=28)


@dataclass(frozen=True)
class Pairs:
    """What becomes of old and new days: ``kept`` are both, ``moved`` go from one to the other.

    ``surplus`` are old days for which there is no new one, ``missing`` new ones without a meeting.
    """

    kept: tuple[date, ...]
    moved: tuple[tuple[date, date], ...]
    surplus: tuple[date, ...]
    missing: tuple[date, ...]


def pair(old_days: Sequence[date], new_days: Sequence[date]) -> Pairs:
    """Pair a rule's old days with its new ones, in order, so that as little moves as can be.

    A day of both stays. Between two days that stay, as many meetings as there are days for move,
    each past no other, by the fewest days altogether; the rest is surplus, or missing.
    """
    old, new = sorted(set(old_days)), sorted(set(new_days))
    kept = sorted(set(old) & set(new))
    moved: list[tuple[date, date]] = []
    for after, before in zip([date.min, *kept], [*kept, date.max], strict=True):
        moved += _moves(
            [on for on in old if after < on < before], [on for on in new if after < on < before]
        )
    left = {one for one, _ in moved} | set(kept)
    reached = {one for _, one in moved} | set(kept)
    return Pairs(
        kept=tuple(kept),
        moved=tuple(moved),
        surplus=tuple(on for on in old if on not in left),
        missing=tuple(on for on in new if on not in reached),
    )


def stands_for(on: date, new_days: Sequence[date], gap_days: int | None) -> date | None:
    """Return the new day that a meeting which stays takes the place of: the nearest, when near.

    Near is less than half of the gap between the rule's meetings, and less than four weeks.
    """
    limit = min(timedelta(days=(gap_days or 365) / 2), NEAREST)
    nearest = min(new_days, key=lambda day: (abs(day - on), day), default=None)
    return nearest if nearest is not None and abs(nearest - on) < limit else None


def _moves(old: list[date], new: list[date]) -> list[tuple[date, date]]:
    """The cheapest pairing in order that leaves nothing of the shorter list over."""
    if len(old) > len(new):
        return [(was, will) for will, was in _moves(new, old)]
    # costs[i][j]: the fewest days by which the first i of the shorter reach the first j.
    never = 10**9
    costs = [[0] * (len(new) + 1)] + [[never] * (len(new) + 1) for _ in old]
    for i, was in enumerate(old, start=1):
        for j, will in enumerate(new, start=1):
            here = costs[i - 1][j - 1] + abs((will - was).days)
            costs[i][j] = min(costs[i][j - 1], here)
    found: list[tuple[date, date]] = []
    i, j = len(old), len(new)
    while i:
        if costs[i][j] == costs[i][j - 1]:
            j -= 1
        else:
            found.append((old[i - 1], new[j - 1]))
            i, j = i - 1, j - 1
    return found[::-1]
