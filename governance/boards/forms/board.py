"""Forms of a board itself: what it is, where it stands, that it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea, GovTextInput
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, Optional, ValidationError

from actions.forms.choices import OneOf, OneOfFew
from actions.forms.fields import MemberField, VersionedForm
from governance.boards.forms.fields import (
    LONGEST_NAME,
    DayField,
    NumberField,
    SomeOf,
    line_field,
    name_field,
)
from governance.boards.operations.boards import Character
from governance.boards.operations.relations import WORDS
from governance.boards.rules import paper_reference
from tracker.edges.db import key_of
from tracker.kernel.period import short_date
from tracker.people.board_models import (
    PAPER_PATTERN,
    Board,
    BoardKind,
    CarriedBy,
    RelationKind,
    Share,
    initials,
)
from tracker.people.forms.account import one_line
from tracker.people.models import Person
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy

KINDS = {
    BoardKind.BOARD: "Board",
    BoardKind.EXECUTIVE: "Executive",
    BoardKind.COMMITTEE: "Committee",
    BoardKind.GROUP: "Group",
    BoardKind.SUBGROUP: "Sub-group",
    BoardKind.SCRUTINY: "Scrutiny committee",
}
MOST_FOLLOWERS = 10


class BoardForm(VersionedForm):
    """All that is said of a board itself."""

    name = name_field("Name", "Give the board a name")
    abbreviation = line_field("Abbreviation (optional)", 30, description="Such as “CTB”")
    kind = OneOf(
        "What is it?",
        "Choose what it is",
        [(one.value, words) for one, words in KINDS.items()],
    )
    chair_words = line_field(
        "Who chairs it, in words (optional)",
        300,
        description="A post or a rule, such as “Director of Children’s Services”",
    )
    contact = StringField(
        "E-mail address for questions (optional)",
        widget=GovTextInput(),
        filters=[one_line],
        validators=[
            Optional(),
            up_to(254),
            Email("Enter an e-mail address, such as name@example.gov.uk"),
        ],
    )
    marking = line_field(
        "Marking of its papers (optional)",
        60,
        description="Printed on every page, such as “OFFICIAL” or “OFFICIAL – SENSITIVE”",
    )
    starts_on = DayField("First day (optional)")
    ends_on = DayField("Last day (optional)")
    is_public = BooleanField(
        "It meets in public: its published papers, minutes and forward plan are open to everybody",
        widget=GovCheckboxInput(),
    )
    access_law = BooleanField(
        "Access-to-meetings law applies: papers are published five clear days before a meeting",
        widget=GovCheckboxInput(),
    )
    quorum_number = NumberField("How many voting members? (optional)", 1, 200, optional=True)
    quorum_share = OneOf(
        "What part of the voting members? (optional)",
        choices=[(one.value, one.value.capitalize()) for one in Share],
    )
    quorum_organisations = NumberField(
        "From how many organisations? (optional)", 1, 100, optional=True
    )
    quorum_needs_chair = BooleanField(
        "The chair or the vice chair must be there", widget=GovCheckboxInput()
    )
    quorum_words = line_field("In the words of the terms of reference (optional)", 300)
    carried_by = OneOfFew(
        "What carries a decision between meetings?",
        "Choose what carries a decision",
        [(one.value, one.value.capitalize()) for one in CarriedBy],
    )
    paper_pattern = StringField(
        "References of papers",
        description="Made from {board}, {year}, {month} and {item}",
        widget=GovTextInput(),
        filters=[one_line],
        validators=[DataRequired("Give a pattern with {item} in it"), up_to(60)],
    )
    sends_pdf = BooleanField(
        "Send members the pack itself, not only a link to it", widget=GovCheckboxInput()
    )
    look = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.quorum_share.offer(
            [(one.value, one.value.capitalize()) for one in Share], "No part is asked for"
        )
        self.kind.offer([(one.value, words) for one, words in KINDS.items()])

    def validate_paper_pattern(self, field: StringField) -> None:
        """It must name an item, and nothing that there is not."""
        try:
            paper_reference(field.data or "", board="X", on=date(2026, 12, 1), item="1")
        except ValueError as why:
            raise ValidationError(str(why)) from None

    def validate_ends_on(self, field: DayField) -> None:
        """A board does not end before it begins."""
        if field.on is not None and self.starts_on.on is not None and field.on < self.starts_on.on:
            raise ValidationError("The last day must not come before the first")

    def example(self, on: date) -> str | None:
        """What item 6 of a meeting on a day would be called; None where the pattern is none."""
        board = self.abbreviation.data or initials(self.name.data or "Board")
        try:
            return paper_reference(self.paper_pattern.data or "", board=board, on=on, item="6")
        except ValueError:
            return None

    def character(self) -> Character:
        """What was said of the board, once the form is valid."""
        return Character(
            name=str(self.name.data),
            abbreviation=self.abbreviation.data,
            kind=BoardKind(self.kind.data),
            chair_words=self.chair_words.data,
            contact=self.contact.data,
            marking=self.marking.data,
            starts_on=self.starts_on.on,
            ends_on=self.ends_on.on,
            is_public=bool(self.is_public.data),
            access_law=bool(self.access_law.data),
            quorum_words=self.quorum_words.data,
            quorum_number=self.quorum_number.number,
            quorum_share=Share(self.quorum_share.data) if self.quorum_share.data else None,
            quorum_organisations=self.quorum_organisations.number,
            quorum_needs_chair=bool(self.quorum_needs_chair.data),
            carried_by=CarriedBy(self.carried_by.data),
            paper_pattern=str(self.paper_pattern.data),
            sends_pdf=bool(self.sends_pdf.data),
        )


class NewBoardForm(BoardForm):
    """A board that is created, with whoever keeps it first."""

    secretary = MemberField("Board secretary")

    def __init__(self, *args: Any, members: Sequence[Person], **values: Any) -> None:
        super().__init__(*args, **values)
        del self.version  # there is none yet
        self.secretary.members = members


def as_it_is(board: Board) -> dict[str, object]:
    """What the page of a board begins with."""
    return {
        "name": board.name,
        "abbreviation": board.abbreviation,
        "kind": board.kind.value,
        "chair_words": board.chair_words,
        "contact": board.contact,
        "marking": board.marking,
        "starts_on": short_date(board.starts_on) if board.starts_on else None,
        "ends_on": short_date(board.ends_on) if board.ends_on else None,
        "is_public": board.is_public,
        "access_law": board.access_law,
        "quorum_number": _words(board.quorum_number),
        "quorum_share": board.quorum_share.value if board.quorum_share else "",
        "quorum_organisations": _words(board.quorum_organisations),
        "quorum_needs_chair": board.quorum_needs_chair,
        "quorum_words": board.quorum_words,
        "carried_by": board.carried_by.value,
        "paper_pattern": board.paper_pattern,
        "sends_pdf": board.sends_pdf,
    }


def new_board() -> dict[str, object]:
    """What the page of a new board begins with."""
    return {"carried_by": CarriedBy.MAJORITY.value, "paper_pattern": PAPER_PATTERN}


def _words(number: int | None) -> str | None:
    return None if number is None else str(number)


class RelationForm(Form):
    """Whom a board answers to, and from when."""

    kind = OneOfFew(
        "How?",
        "Choose how it stands to the other board",
        [(one.value, words.capitalize()) for one, words in WORDS.items()],
    )
    other = OneOf("Which board?", "Choose a board")
    frequency = line_field("How often? (optional)", 200, description="Such as “quarterly”")
    from_on = DayField("From (optional)")
    to_on = DayField("To (optional)", description="The last day. Leave it empty if it goes on.")

    def other_name(self) -> str:
        """The name of the other board, once the form is valid."""
        return self.other.offered[str(self.other.data)]

    def relation_kind(self) -> RelationKind:
        """How, once the form is valid."""
        return RelationKind(self.kind.data)


class EndRelationForm(Form):
    """The last day of a relation, or that it was a mistake."""

    last_on = DayField("Last day")
    mistake = HiddenField()

    def validate_last_on(self, field: DayField) -> None:
        """A day, unless it is taken back."""
        if not field.data and not self.mistake.data:
            raise ValidationError("Give the last day")


class EndBoardForm(VersionedForm):
    """The last day of a board, and what follows it."""

    last_on = DayField("Its last day", "Give the board’s last day")
    followed_by = SomeOf("Boards that are there already (optional)")
    new_names = TextAreaField(
        "New boards (optional)",
        description="Their names, each on its own line",
        widget=GovTextArea(),
        filters=[tidy],
    )
    confirm = HiddenField()
    change = HiddenField()

    def names(self) -> list[str]:
        """The names of the new boards."""
        return _lines(self.new_names.data)

    def validate_new_names(self, field: TextAreaField) -> None:
        """A few names, each short enough, each once."""
        names = self.names()
        if len(names) > MOST_FOLLOWERS:
            raise ValidationError(f"Give at most {MOST_FOLLOWERS} names, each on its own line")
        if any(len(name) > LONGEST_NAME or len(key_of(name)) > LONGEST_NAME for name in names):
            raise ValidationError(f"Use {LONGEST_NAME} characters or fewer for each name")
        if len({key_of(name) for name in names}) < len(names):
            raise ValidationError("The same name stands there twice")


def _lines(text: str | None) -> list[str]:
    """The lines of a text that say something, each on one line."""
    found: Sequence[str | None] = [one_line(line) for line in (text or "").split("\n")]
    return [line for line in found if line]
