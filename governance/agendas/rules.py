"""What an agenda should hold, in which order, and where an item finds its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from governance.agenda import OF_PLANS, AgendaEntry, ItemKind, PlanOnAgenda, Purpose, of_plan

# Positions lie this far apart, so that an item finds room between two others and those two stay
# as they are: who edits one of them is not told that it changed.
STEP = 1024
LONGEST_TITLE = 300
# What opens and closes a meeting, or writes itself anew each time: never put off to another one.
ALWAYS_THERE = frozenset(
    {ItemKind.WELCOME, ItemKind.INTERESTS, ItemKind.MINUTES, ItemKind.ACTION_LOG}
    | {ItemKind.SINCE_LAST_MET, ItemKind.FORWARD_PLAN, ItemKind.OTHER_BUSINESS}
    | {ItemKind.NEXT_MEETING, ItemKind.URGENT}
)
# The standing order of councils' published packs; what is for decision comes before the reports.
_ORDER = (
    *(ItemKind.WELCOME, ItemKind.INTERESTS, ItemKind.MINUTES, ItemKind.ACTION_LOG),
    *(ItemKind.URGENT, ItemKind.SINCE_LAST_MET, Purpose.DECISION, ItemKind.COORDINATED_REPORT),
    *(ItemKind.PLAN_REPORT, ItemKind.INDICATORS, Purpose.DISCUSSION, Purpose.INFORMATION),
    *(ItemKind.FORWARD_PLAN, ItemKind.OTHER_BUSINESS, ItemKind.NEXT_MEETING),
)
_RANK = {word: rank for rank, word in enumerate(_ORDER)}
URGENT_ENTRY = AgendaEntry(
    ItemKind.URGENT, "Late or urgent items", Purpose.INFORMATION, "Chair", None
)
YEAR_ENTRIES: Mapping[str, AgendaEntry] = {
    entry.kind.value: entry
    for entry in (
        AgendaEntry(
            ItemKind.CHAIR_APPOINTMENT, "Appointment of the chair", Purpose.DECISION, "Chair", 5
        ),
        AgendaEntry(
            ItemKind.TERMS, "Review of the terms of reference", Purpose.DECISION, "Chair", 10
        ),
        AgendaEntry(ItemKind.MEMBERSHIP, "Membership", Purpose.DECISION, "Board secretary", 5),
        AgendaEntry(
            ItemKind.MEETING_DATES,
            "Meeting dates for the next year",
            Purpose.DECISION,
            "Board secretary",
            5,
        ),
        AgendaEntry(ItemKind.ANNUAL_REPORT, "Annual report", Purpose.DECISION, "Chair", 15),
    )
}


@dataclass(frozen=True)
class Wanted:
    """An item that a rule wants on an agenda, under the key by which it is written once."""

    key: str
    entry: AgendaEntry
    cycle_id: int | None = None

    @property
    def is_standing(self) -> bool:
        """Whether the board's standing agenda wants it, whatever the meeting brings."""
        return self.key.startswith("standing:")


def wanted_items(
    standing: Sequence[tuple[str, AgendaEntry]],
    plans: Sequence[PlanOnAgenda],
    year: Sequence[tuple[str, int]] = (),
) -> list[Wanted]:
    """All that rules give for a meeting, in the order in which it should stand.

    ``standing`` is the board's standing agenda, each entry with its slug; ``year`` the business
    that comes once a year, with its year. The reports of plans come also where the standing agenda
    has no place for them; their indicators only where it has one.
    """
    found: list[Wanted] = []
    for slug, entry in standing:
        if entry.kind not in OF_PLANS:
            found.append(Wanted(f"standing:{slug}", entry))
        elif entry.kind is ItemKind.SINCE_LAST_MET:
            found += [Wanted(f"standing:{slug}", entry)] if plans else []
        else:
            found += _of_plans(entry, plans)
    has_reports = any(entry.kind is ItemKind.PLAN_REPORT for _, entry in standing)
    extra = [] if has_reports else _of_plans(_REPORT, plans)
    extra += [Wanted(f"year:{kind}:{of}", YEAR_ENTRIES[kind]) for kind, of in year]
    for one in extra:
        entries = [(each.entry.kind, each.entry.purpose) for each in found]
        found.insert(place_of(one.entry.kind, one.entry.purpose, entries), one)
    return found


_REPORT = AgendaEntry(
    ItemKind.PLAN_REPORT, "Progress report", Purpose.DISCUSSION, "Priority leads", 25
)


def _of_plans(entry: AgendaEntry, plans: Sequence[PlanOnAgenda]) -> list[Wanted]:
    """An entry that stands for each plan; the plans of a coordinated cycle share one report."""
    if entry.kind is ItemKind.INDICATORS:
        return [
            Wanted(f"indicators:{plan.plan_id}", _short(of_plan(entry, plan)))
            for plan in plans
            if plan.has_indicators and plan.cycle_id is None
        ]
    found: list[Wanted] = []
    together: dict[int, list[PlanOnAgenda]] = {}
    for plan in plans:
        if plan.cycle_id is None:
            found.append(Wanted(f"plan-report:{plan.plan_id}", _short(of_plan(entry, plan))))
        else:
            together.setdefault(plan.cycle_id, []).append(plan)
    for cycle_id, brought in together.items():
        titles = [plan.title for plan in brought]
        named = " and ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))
        joint = replace(
            entry,
            kind=ItemKind.COORDINATED_REPORT,
            title=f"Coordinated report: {named}",
            plan_ids=tuple(plan.plan_id for plan in brought),
        )
        found.append(Wanted(f"coordinated:{cycle_id}", _short(joint), cycle_id))
    return found


def _short(entry: AgendaEntry) -> AgendaEntry:
    """An entry whose title fits its column: plans may have long names."""
    title = entry.title
    if len(title) > LONGEST_TITLE:
        title = f"{title[: LONGEST_TITLE - 1].rstrip()}…"
    return replace(entry, title=title)


def place_of(kind: ItemKind, purpose: Purpose, there: Sequence[tuple[ItemKind, Purpose]]) -> int:
    """Where a new item goes among those there: after the last that comes before it, or with it.

    Decisions stand before the reports, what is for discussion after them, then what is for
    information; the forward plan, other business and the next meeting close the agenda.
    """
    own = rank_of(kind, purpose)
    before = [at for at, one in enumerate(there, start=1) if rank_of(*one) <= own]
    return max(before, default=0)


def rank_of(kind: ItemKind, purpose: Purpose) -> int:
    """The part of the agenda in which an item stands."""
    return _RANK[kind] if kind in _RANK else _RANK[purpose]


def place_as_wanted(key: str, order: Sequence[str], there: Sequence[str | None]) -> int | None:
    """Where an item that a rule wants goes: after the nearest before it that is there.

    ``order`` are the keys as they should stand, ``there`` those that do. Where none before it is
    there, it goes before the nearest after it; None where none of them is there.
    """
    at = order.index(key)
    for before in reversed(order[:at]):
        if before in there:
            return there.index(before) + 1
    for after in order[at + 1 :]:
        if after in there:
            return there.index(after)
    return None


def position_between(positions: Sequence[int], place: int) -> int | None:
    """A position at a place among others in their order; None where there is no room left."""
    if place >= len(positions):
        return positions[-1] + STEP if positions else STEP
    after = positions[place]
    before = positions[place - 1] if place else min(0, after - 2 * STEP)
    middle = (before + after) // 2
    return middle if before < middle < after else None


def running_times(starts_at: datetime, minutes: Sequence[int | None]) -> list[datetime]:
    """When each item begins, if each takes the minutes allotted to it; without any, none."""
    found, at = [], starts_at
    for each in minutes:
        found.append(at)
        at += timedelta(minutes=each or 0)
    return found


def minutes_over(starts_at: datetime, ends_at: datetime, minutes: Sequence[int | None]) -> int:
    """By how many minutes the items take longer than the meeting; 0 where they fit."""
    length = int((ends_at - starts_at).total_seconds() // 60)
    return max(0, sum(each or 0 for each in minutes) - length)
