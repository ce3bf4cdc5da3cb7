"""Boards: any governing group, who sits on it, and whom it answers to."""

from __future__ import annotations

import re
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

# The board's abbreviation, the year and month of the meeting, the number of the item.
PAPER_PATTERN = "{board}/{year}-{month}/{item}"


class BoardKind(StrEnum):
    """Where a board stands in its partnership."""

    BOARD = "board"
    EXECUTIVE = "executive"
    COMMITTEE = "committee"
    GROUP = "group"
    SUBGROUP = "subgroup"
    SCRUTINY = "scrutiny"


class Share(StrEnum):
    """A part of a board's voting members, as terms of reference put a quorum."""

    QUARTER = "a quarter"
    THIRD = "a third"
    HALF = "half"
    MORE_THAN_HALF = "more than half"
    TWO_THIRDS = "two thirds"


class CarriedBy(StrEnum):
    """What carries a decision that a board takes between its meetings."""

    MAJORITY = "more than half agree"
    EVERYBODY = "every member agrees"
    NO_OBJECTION = "nobody disagrees in time"


class Board(Tenanted, Uid, Versioned, Base):
    """Any governing group: Trust Board, Executive, SLG, BMG, a sub-group, a hub.

    A quorum is all of what is given: so many voting members, such a share of them, so many
    organisations, the chair or vice chair. ``quorum_words`` is how the terms of reference put it.
    ``paper_pattern`` makes the references of papers from {board}, {year}, {month}, {item}.
    """

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
    quorum_number: Mapped[int | None]
    quorum_share: Mapped[Share | None] = mapped_column(words(Share))
    quorum_organisations: Mapped[int | None]
    quorum_needs_chair: Mapped[bool] = mapped_column(default=False)
    carried_by: Mapped[CarriedBy] = mapped_column(words(CarriedBy), default=CarriedBy.MAJORITY)
    paper_pattern: Mapped[str] = mapped_column(CleanText(60), default=PAPER_PATTERN)
    sends_pdf: Mapped[bool] = mapped_column(default=False)
    chair_term_months: Mapped[int | None]
    chair_turns_from_on: Mapped[date | None]
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))

    @property
    def short_name(self) -> str:
        """What its references begin with: its abbreviation, or its initials."""
        return self.abbreviation or initials(self.name)


def initials(name: str) -> str:
    """What stands for a board without an abbreviation: "TB" for "Trust Board"."""
    found = "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())
    return found or name[:1].upper()


class RelationKind(StrEnum):
    """How one board answers to another."""

    REPORTS_TO = "reports_to"
    SPONSORED_BY = "sponsored_by"
    SCRUTINISED_BY = "scrutinised_by"
    FOLLOWS = "follows"


class BoardRelation(Tenanted, Base):
    """One board reports to, is sponsored or scrutinised by, or follows another, for a time.

    A Trust that splits into a Board and an Executive is followed by both, from a day.
    """

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
    """A person on a board, from a date to a date.

    A substitute names the person they stand in for. Chairs and secretaries read confidential
    items; anybody else only where ``reads_confidential``. Who ``is_voting`` counts for the quorum.
    """

    __tablename__ = "board_member"
    __table_args__ = tenant_table(Index(None, "person_id"), refs={"board_id": "board"})
    board_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[BoardRole] = mapped_column(words(BoardRole))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    is_voting: Mapped[bool] = mapped_column(default=True)
    reads_confidential: Mapped[bool] = mapped_column(default=False)
    substitute_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
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


class ChairTurn(Tenanted, Base):
    """Whose turn it is to chair a board whose chair rotates, in the order of their position."""

    __tablename__ = "chair_turn"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "position"), refs={"board_id": "board"}
    )
    board_id: Mapped[int]
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = seen("Person", "foreign(ChairTurn.person_id) == Person.id")


class TermsOfReference(Tenanted, Uid, Base):
    """A version of a board's terms of reference: as text, as a file, or both."""

    __tablename__ = "terms_of_reference"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "board_id", "version_number"),
        refs={"board_id": "board"},
    )
    board_id: Mapped[int]
    version_number: Mapped[int]
    agreed_on: Mapped[date]
    review_on: Mapped[date | None]
    text: Mapped[str | None] = mapped_column(CleanText(20000))
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    file_name: Mapped[str | None] = mapped_column(CleanText(200))
