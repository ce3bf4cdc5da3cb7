"""Boards: any governing group, who sits on it, and whom it answers to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.edges.db import (
    Base,
    CleanText,
    Tenanted,
    Uid,
    Versioned,
    seen,
    tenant_table,
    words,
)
from tracker.people.models import Organisation, Person


class BoardKind(StrEnum):
    """Where a board stands in its partnership."""

    BOARD = "board"
    EXECUTIVE = "executive"
    COMMITTEE = "committee"
    GROUP = "group"
    SUBGROUP = "subgroup"
    SCRUTINY = "scrutiny"


class Board(Tenanted, Uid, Versioned, Base):
    """Any governing group: Trust Board, Executive, SLG, BMG, a sub-group, a hub."""

    __tablename__ = "board"
    __table_args__ = tenant_table(UniqueConstraint("partnership_id", "slug"))
    slug: Mapped[str] = mapped_column(CleanText(80))
    name: Mapped[str] = mapped_column(CleanText(200))
    name_key: Mapped[str] = mapped_column(CleanText(200))
    abbreviation: Mapped[str | None] = mapped_column(CleanText(30))
    kind: Mapped[BoardKind] = mapped_column(words(BoardKind))
    chair_words: Mapped[str | None] = mapped_column(CleanText(300))
    quorum_words: Mapped[str | None] = mapped_column(CleanText(300))
    contact: Mapped[str | None] = mapped_column(CleanText(254))
    marking: Mapped[str | None] = mapped_column(CleanText(60))
    is_public: Mapped[bool] = mapped_column(default=False)
    access_law: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class RelationKind(StrEnum):
    """How one board answers to another."""

    REPORTS_TO = "reports_to"
    SPONSORED_BY = "sponsored_by"
    SCRUTINISED_BY = "scrutinised_by"


class BoardRelation(Tenanted, Base):
    """One board reports to, is sponsored by or is scrutinised by another, for a time."""

    __tablename__ = "board_relation"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "other_board_id", "kind", "from_on"),
        refs={"board_id": "board", "other_board_id": "board"},
    )
    board_id: Mapped[int]
    other_board_id: Mapped[int]
    kind: Mapped[RelationKind] = mapped_column(words(RelationKind))
    frequency: Mapped[str | None] = mapped_column(CleanText(200))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))
    board: Mapped[Board] = seen("Board", "foreign(BoardRelation.board_id) == Board.id")
    other: Mapped[Board] = seen("Board", "foreign(BoardRelation.other_board_id) == Board.id")


class BoardOrganisation(Tenanted, Base):
    """An organisation that has a seat on a board, whoever fills it."""

    __tablename__ = "board_organisation"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "organisation_id"),
        refs={"board_id": "board", "organisation_id": "organisation"},
    )
    board_id: Mapped[int]
    organisation_id: Mapped[int]
    organisation: Mapped[Organisation] = seen(
        "Organisation", "foreign(BoardOrganisation.organisation_id) == Organisation.id"
    )


class BoardRole(StrEnum):
    """What a person is on a board."""

    CHAIR = "chair"
    VICE_CHAIR = "vice chair"
    SECRETARY = "secretary"
    MEMBER = "member"
    SUBSTITUTE = "substitute"


class BoardMember(Tenanted, Base):
    """A person on a board, from a date to a date."""

    __tablename__ = "board_member"
    __table_args__ = tenant_table(Index(None, "person_id"), refs={"board_id": "board"})
    board_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[BoardRole] = mapped_column(words(BoardRole))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    board: Mapped[Board] = seen("Board", "foreign(BoardMember.board_id) == Board.id")
    person: Mapped[Person] = seen("Person", "foreign(BoardMember.person_id) == Person.id")


class BoardMemberOrganisation(Tenanted, Base):
    """An organisation that a board member speaks for; several are normal."""

    __tablename__ = "board_member_organisation"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_member_id", "organisation_id"),
        refs={"board_member_id": "board_member", "organisation_id": "organisation"},
    )
    board_member_id: Mapped[int]
    organisation_id: Mapped[int]
