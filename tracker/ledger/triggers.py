"""Append-only tables, held by the database itself on both engines.

SQLite loses a table's triggers when a migration recreates it, so migrations end by installing
them again from this one list. The only change that passes is a take-down (see ``permits``): while
its permit stands, in its own transaction, rows may be updated and filed bytes emptied. Nothing is
ever deleted.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

APPEND_ONLY = (
    "audit_entry",
    "progress",
    "judgement",
    "rating_agreement",
    "plan_decision",
    "pack_override",
    "meeting_action_note",
    "circulation_answer",
    "deed",
    "blob",
)
PERMIT = "permit:take-down:"
# A take-down on record that holds its permit: the key of a deed that goes again before the commit.
_PERMITTED = (
    "exists (select 1 from takedown join deed"
    " on deed.key = 'permit:take-down:' || cast(takedown.id as varchar(20)))"
)
_EMPTIED = "length(new.data) = 0 and new.sha256 = old.sha256 and new.size = old.size"
_A_PERMIT = "old.key like 'permit:take-down:%'"


def install_triggers(connection: Connection) -> None:
    """(Re)install the triggers that refuse changes of append-only tables.

    A database at an earlier revision may not have every table yet.
    """
    there = set(inspect(connection).get_table_names())
    for table in sorted(there.intersection(APPEND_ONLY)):
        for deed in ("update", "delete"):
            passes = _passes(table, deed) if "takedown" in there else None
            if connection.dialect.name == "postgresql":
                _on_postgresql(connection, table, deed, passes)
            else:
                _on_sqlite(connection, table, deed, passes)


def drop_triggers(connection: Connection) -> None:
    """Drop SQLite's triggers before migrations: recreating a table that one reads would fail."""
    if connection.dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for deed in ("update", "delete"):
                connection.execute(text(f"drop trigger if exists {table}_no_{deed}"))


def _passes(table: str, deed: str) -> str | None:
    """The condition under which a change is not refused, if there is any."""
    if table == "deed":
        return _A_PERMIT if deed == "delete" else None
    if deed == "delete":
        return None
    return f"{_PERMITTED} and {_EMPTIED}" if table == "blob" else _PERMITTED


def _on_sqlite(connection: Connection, table: str, deed: str, passes: str | None) -> None:
    name = f"{table}_no_{deed}"
    unless = f" when not ({passes})" if passes else ""
    connection.execute(text(f"drop trigger if exists {name}"))
    connection.execute(
        text(
            f"create trigger {name} before {deed} on {table}{unless} begin"
            f" select raise(abort, '{table} is append-only'); end"
        )
    )


def _on_postgresql(connection: Connection, table: str, deed: str, passes: str | None) -> None:
    # A trigger's own condition may not hold a subquery, so each trigger has its function.
    name, function = f"{table}_no_{deed}", f"refuse_{deed}_of_{table}"
    kept = "new" if deed == "update" else "old"
    allow = f"if {passes} then return {kept}; end if; " if passes else ""
    connection.execute(text(f"drop trigger if exists {name} on {table}"))
    connection.execute(
        text(
            f"create or replace function {function}() returns trigger language plpgsql as"
            f" $$ begin {allow}raise exception '% is append-only', tg_table_name; end $$"
        )
    )
    connection.execute(
        text(
            f"create trigger {name} before {deed} on {table}"
            f" for each row execute function {function}()"
        )
    )
