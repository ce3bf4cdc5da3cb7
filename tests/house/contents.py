"""All that a database holds, so that two moments can be compared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select

from tracker.edges.db import Base, reading

Contents = dict[str, list[tuple[Any, ...]]]


def contents(engine: Engine, *, without: tuple[str, ...] = ()) -> Contents:
    """Every row of every table in the order of its key; ``without`` names "table.column"s."""
    found: Contents = {}
    with reading(), engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            kept = [c for c in table.columns if f"{table.name}.{c.name}" not in without]
            rows = connection.execute(select(*kept).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    return found
