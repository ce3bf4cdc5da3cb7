"""A pack as it is published: the agenda of today, what updates said as at their close. Pure.

Between the close of updates and publication the agenda is still edited and papers come in; what
the plans' owners said, and the figures made of it, do not change any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Value = Mapping[str, Any]


def as_at_close(now: Value, own: Value | None, others: Sequence[Value] = ()) -> dict[str, Any]:
    """The value composed ``now``, with what the kept drafts say of plans and updates.

    ``own`` is the draft of the same part, ``others`` those of the other part, where an item may
    have stood then. An item that came after the close says as at when it is written. A draft of
    an earlier schema does not tell what was written from what: it is published as it is.
    """
    if own is not None and "items" not in own["facts"]:
        return dict(own)
    kept = [value for value in (own, *others) if value is not None and "items" in value["facts"]]
    if not kept:
        return dict(now)
    written = _written(kept)
    facts = {item["uid"]: item for item in now["facts"]["items"]}
    items, records = [], []
    for item in now["items"]:
        fact = facts[item["uid"]]
        first, last = fact["written"]
        blocks, record = item["blocks"], fact
        if last > first and item["uid"] in written:
            then = written[item["uid"]]
            blocks = [*blocks[:first], *then, *blocks[last:]]
            record = {**fact, "written": [first, first + len(then)]}
        elif last > first:
            blocks = [*blocks[:first], _late(now), *blocks[first:]]
            record = {**fact, "written": [first, last + 1]}
        items.append({**item, "blocks": blocks})
        records.append(record)
    changed = {**now, "items": items, "facts": {**now["facts"], "items": records}}
    return changed if own is None else {**changed, **_of_plans(changed, own)}


def _of_plans(now: Value, own: Value) -> dict[str, Any]:
    """Front sheet, appendices and facts, with the plans as they stood at the close."""
    then = own["facts"]["actions"]
    known = {action["plan_slug"] for action in then}
    there = {action["plan_slug"] for action in now["facts"]["actions"]}
    actions = [action for action in then if action["plan_slug"] in there]
    actions += [one for one in now["facts"]["actions"] if one["plan_slug"] not in known]
    front = {**now["front"], "as_at": own["front"]["as_at"], "glance": _glance(now, own)}
    return {
        "front": front,
        "appendices": _appendices(now, own),
        "facts": {**now["facts"], "as_at": own["facts"]["as_at"], "actions": actions},
    }


def _written(kept: Sequence[Value]) -> dict[str, list[Any]]:
    """The blocks that records wrote in the drafts, by the item."""
    found: dict[str, list[Any]] = {}
    for value in kept:
        blocks = {item["uid"]: item["blocks"] for item in value["items"]}
        for fact in value["facts"]["items"]:
            first, last = fact["written"]
            if last > first:
                found.setdefault(fact["uid"], blocks[fact["uid"]][first:last])
    return found


def _late(now: Value) -> dict[str, object]:
    said = str(now["front"]["as_at"])
    return {"kind": "text", "paragraphs": [f"{said}: this item came after updates closed."]}


def _glance(now: Value, own: Value) -> list[Any]:
    """The plans of today at a glance, as they stood at the close."""
    then = {plan["plan"]: plan for plan in own["front"].get("glance", ())}
    return [then.get(plan["plan"], plan) for plan in now["front"].get("glance", ())]


def _appendices(now: Value, own: Value) -> list[Any]:
    then = {part["title"]: part["blocks"] for part in own["appendices"]}
    return [
        {**part, "blocks": then.get(part["title"], part["blocks"])} for part in now["appendices"]
    ]
