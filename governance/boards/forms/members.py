"""Forms of who sits on a board, and of a chair that rotates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextArea
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from actions.forms.choices import OneOf
from actions.forms.fields import KeptField, MemberField, VersionedForm
from governance.boards.forms.fields import (
    DayField,
    NumberField,
    PerhapsMember,
    SeenForm,
    SomeOf,
)
from governance.boards.operations.chairs import MOST_TURNS
from governance.boards.operations.members import Part
from tracker.people.board_models import BoardRole
from tracker.people.models import Organisation, Person
from tracker.people.naming import Unclear, chosen
from tracker.web.forms import Form, tidy

ROLES = [(one.value, one.value.capitalize()) for one in BoardRole]
LONGEST_TERM = 120


class _Part(Form):
    """What a seat lets somebody do, and for whom they speak."""

    organisations = SomeOf("Which organisations do they speak for? (optional)")
    is_voting = BooleanField("They vote, and count for the quorum", widget=GovCheckboxInput())
    reads_confidential = BooleanField(
        "They read confidential items. Chairs and board secretaries do so without this",
        widget=GovCheckboxInput(),
    )

    def __init__(self, *args: Any, offered: Sequence[Organisation] = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.ids = {one.slug: one.id for one in offered}
        self.organisations.offer([(one.slug, one.name) for one in offered])

    def part(self) -> Part:
        """What was chosen, once the form is valid."""
        return Part(
            organisation_ids=frozenset(self.ids[one] for one in self.organisations.data or ()),
            is_voting=bool(self.is_voting.data),
            reads_confidential=bool(self.reads_confidential.data),
        )


class NewMemberForm(_Part):
    """Somebody who joins a board."""

    person = MemberField("Who?")
    role = OneOf("As what?", "Choose what they are on the board")
    stands_for = PerhapsMember(
        "Whom do they stand in for?",
        description="Only for a substitute. Type a name, and choose from the list.",
    )
    from_on = DayField("From", "Give their first day")
    to_on = DayField("To (optional)", description="The last day. Leave it empty if it goes on.")

    def __init__(self, *args: Any, members: Sequence[Person], **values: Any) -> None:
        super().__init__(*args, **values)
        self.role.offer(ROLES)
        self.person.members = self.stands_for.members = members

    def board_role(self) -> BoardRole:
        """As what, once the form is valid."""
        return BoardRole(self.role.data)


class SeatForm(_Part, SeenForm):
    """Somebody's seat, changed."""

    seat = KeptField()


class EndSeatForm(SeenForm):
    """The last day of somebody's seat, or that it is taken back."""

    seat = KeptField()
    last_on = DayField("Their last day on the board")
    take_back = HiddenField()

    def validate_last_on(self, field: DayField) -> None:
        """A day, unless the seat is taken back."""
        if not field.data and not self.take_back.data:
            raise ValidationError("Give their last day")


class ChairForm(VersionedForm):
    """A chair that rotates: how long a term is, from when, and whose turns follow one another."""

    months = NumberField("Months of a term", 1, LONGEST_TERM, description="12 is usual")
    first_on = DayField("The first term begins on", "Give the first day of the first term")
    people = TextAreaField(
        "Who takes turns",
        description="Names or e-mail addresses, each on its own line, in the order of their turns",
        widget=GovTextArea(),
        filters=[tidy],
    )
    stop = HiddenField()

    def __init__(self, *args: Any, members: Sequence[Person], **values: Any) -> None:
        super().__init__(*args, **values)
        self.members = members
        self.found: list[Person] = []

    def validate_people(self, field: TextAreaField) -> None:
        """Members of the partnership, one a line."""
        lines = [line for line in (field.data or "").split("\n") if line.strip()]
        if not lines:
            raise ValidationError("Say who takes turns, each on a line of their own")
        if len(lines) > MOST_TURNS:
            raise ValidationError(f"At most {MOST_TURNS} people can take turns")
        try:
            self.found = [chosen(self.members, line) for line in lines]
        except Unclear as unclear:
            raise ValidationError(str(unclear)) from None
