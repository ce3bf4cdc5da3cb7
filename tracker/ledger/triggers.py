"""Append-only tables, held by the database itself on both engines.

SQLite loses a table's triggers when a migration recreates it, so migrations end by installing
them again from this one list.
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


def install_triggers(connection: Connection) -> None:
    """(Re)install the triggers that refuse changes of append-only tables.

    A database at an earlier revision may not have every table yet.
    """
    there = set(inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "create or replace function refuse_change() returns trigger language plpgsql as"
                " $$ begin raise exception '% is append-only', tg_table_name; end $$"
            )
        )
    for table in sorted(there.intersection(APPEND_ONLY)):
        for deed in ("update", "delete"):
            name = f"{table}_no_{deed}"
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"drop trigger if exists {name} on {table}"))
                connection.execute(
                    text(
                        f"create trigger {name} before {deed} on {table}"
                        " for each row execute function refuse_change()"
                    )
                )
            else:
                connection.execute(text(f"drop trigger if exists {name}"))
                connection.execute(
                    text(
                        f"create trigger {name} before {deed} on {table} begin"
                        f" select raise(abort, '{table} is append-only'); end"
                    )
                )
