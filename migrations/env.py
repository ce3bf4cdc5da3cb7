"""How Alembic sees this product: its models, its types, and the triggers at the end."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

import tracker.models  # noqa: F401 - every table must be known
from tracker.edges.db import Base, CleanText, UtcDateTime
from tracker.ledger.triggers import drop_triggers, install_triggers


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain types under them, so that old migrations keep working."""
    if kind == "type" and isinstance(item, CleanText):
        return f"sa.String(length={item.limit})"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=False,
)
if not context.config.attributes.get("keep_triggers"):
    drop_triggers(connection)
context.run_migrations()
if not context.config.attributes.get("keep_triggers"):
    install_triggers(connection)
