"""The database edge: base class, column types, and the rules that hold for every table.

SQLite is the embedded default and PostgreSQL the real one; what differs between them is
settled here, so that models, queries and operations need not know which one they run on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    event,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    declared_attr,
    mapped_column,
    registry,
    relationship,
)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table's base; constraints are named by one convention on both engines."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        # Whole numbers are 64 bits wide, so that a key and what points at it are of one type.
        type_annotation_map={int: BigInteger().with_variant(Integer, "sqlite")},
    )


db = SQLAlchemy(model_class=Base)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, always aware and always UTC; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a date and time without a time zone cannot be stored: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def clean(text: str) -> str:
    """Text as it is kept: NFC, no control or unpaired characters, line ends as newlines.

    Tabs become spaces; zero-width joiners stay, because some names need them. What turns the
    direction of reading goes.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").translate(_DROPPED)
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNWANTED)
    return unicodedata.normalize("NFC", kept).strip()


_UNWANTED = {"Cc", "Cs", "Cn"}
# Besides the byte order mark, what overrides, embeds or isolates a direction: with it a name or a
# sentence reads otherwise than it was written, and so does what stands after it in a paper.
_DROPPED = dict.fromkeys([0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def key_of(text: str) -> str:
    """The form of a text that look-ups and sorting use: casefolded, single spaces.

    Written by Python because SQLite lowers only ASCII and collations differ by machine.
    """
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


class CleanText(TypeDecorator[str]):
    """Cleaned text of at most ``length`` characters; a longer one raises ValueError."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.limit = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        value = clean(value)
        if len(value) > self.limit:
            raise ValueError(f"text of {len(value)} characters is over the limit of {self.limit}")
        return value


def words(enum: type[StrEnum]) -> Enum:
    """A column of one of an enum's words, kept as text so that adding a word is cheap."""
    return Enum(
        enum,
        native_enum=False,
        length=32,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda members: [m.value for m in members],
    )


class Keyed:
    """An identity key, never used twice (AUTOINCREMENT on SQLite)."""

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)


class Uid:
    """A stable public identifier, for feeds, exports and deed keys."""

    uid: Mapped[UUID] = mapped_column(Uuid, default=uuid4, unique=True)


class Tenanted(Keyed):
    """A row of one partnership; composite keys make the database refuse to mix them."""

    partnership_id: Mapped[int]


class Versioned:
    """A row that forms edit: a stale version posted back gives the conflict page."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, object]:
        return {"version_id_col": cls.version}


def tenant_table(*extra: Any, refs: dict[str, str] | None = None) -> tuple[Any, ...]:
    """Table arguments of a tenant table.

    ``refs`` maps a column to the tenant table it points at; each becomes a composite
    foreign key (partnership_id, column) with an index.
    """
    args: list[Any] = [
        UniqueConstraint("partnership_id", "id"),
        ForeignKeyConstraint(["partnership_id"], ["partnership.id"]),
    ]
    for column, table in (refs or {}).items():
        args.append(
            ForeignKeyConstraint(
                ["partnership_id", column], [f"{table}.partnership_id", f"{table}.id"]
            )
        )
        args.append(Index(None, "partnership_id", column))
    return (*args, *extra, {"sqlite_autoincrement": True})


def seen(target: str, join: str, **options: Any) -> Any:
    """A relationship for reading only; keys are always written by their columns.

    Composite foreign keys share partnership_id, so letting relationships write it would
    have several of them fight over one column.
    """
    return relationship(target, primaryjoin=join, viewonly=True, **options)


_writes: ContextVar[bool] = ContextVar("writes", default=True)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside do not take SQLite's write lock: for requests that read."""
    token = _writes.set(False)
    try:
        yield
    finally:
        _writes.reset(token)


def expect_writes(value: bool) -> None:
    """Say whether the transactions of this request will write (see ``reading``)."""
    _writes.set(value)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__.split(".")[0] != "sqlite3":
        return
    # The driver's own transaction handling is turned off: we begin transactions ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # Taking the write lock first avoids a read that cannot be upgraded later.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes.get() else "BEGIN")
