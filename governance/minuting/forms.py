"""Forms with which a meeting is recorded, and its minutes sent and confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
)
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import (
    AnyOf,
    InputRequired,
    NumberRange,
    ValidationError,
)
from wtforms.widgets import HiddenInput

from governance.agenda_models import AgendaItem
from governance.decision_models import DecisionKind
from governance.forms import LARGEST_NUMBER, TOO_OLD
from governance.minute_models import Attendance, AttendanceState
from governance.minuting.fields import choice_field, seen_field, votes_field
from governance.minuting.operations import Mark
from governance.minuting.queries import Sitter
from tracker.edges.db import key_of
from tracker.kernel.typed_times import DAY_HINT, read_day
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Organisation, Person
from tracker.people.naming import Unclear, chosen
from tracker.web.fields import line, lines
from tracker.web.forms import Form

NOT_RECORDED, WHOLE, NOBODY = "", "meeting", ""
FOLLOWED = (
    "They stayed",
    "They stayed and took no part in the decision",
    "They spoke, and left before the decision",
    "They left for the item",
)


class AttendanceForm(Form):
    """How each person of a board attended. ``for_sitters`` gives it a field for each."""

    seen = seen_field()
    sitters: Sequence[Sitter] = ()

    def marks(self) -> Mapping[int, Mark]:
        """What was chosen, by person id."""
        ids = {str(one.person.uid): one.person.id for one in self.sitters}
        found = {}
        for one in self.sitters:
            state = self[f"how-{one.person.uid}"].data
            if state != NOT_RECORDED:
                name = f"for-{one.person.uid}"
                stands = self[name].data if name in self else NOBODY
                found[one.person.id] = Mark(AttendanceState(state), ids.get(stands))
        return found


def for_sitters(sitters: Sequence[Sitter], rows: Sequence[Attendance]) -> type[AttendanceForm]:
    """The form for these people; who was recorded once stays recorded, one way or another."""
    there = {row.person_id for row in rows}
    states = [(state.value, state.value.capitalize()) for state in AttendanceState]
    fields: dict[str, Any] = {"sitters": sitters}
    for one in sitters:
        blank = [] if one.person.id in there else [(NOT_RECORDED, "Not recorded yet")]
        role = one.role.value
        fields[f"how-{one.person.uid}"] = choice_field(
            f"{one.person.name}, {role}",
            f"Choose how {one.person.name} attended",
            description="; ".join(one.organisations),
            choices=[*blank, *states],
        )
        if one.role is BoardRole.SUBSTITUTE:
            fields[f"for-{one.person.uid}"] = choice_field(
                f"{one.person.name} stands in for",
                f"Choose for whom {one.person.name} stands in",
                choices=[(NOBODY, "Nobody"), *_members(sitters)],
            )
    return type("AttendanceOfBoard", (AttendanceForm,), fields)


def attendance_data(sitters: Sequence[Sitter], rows: Sequence[Attendance]) -> dict[str, str]:
    """What the form shows when it is opened: what is recorded so far."""
    uids = {one.person.id: str(one.person.uid) for one in sitters}
    there = {row.person_id: row for row in rows if row.person_id is not None}
    data: dict[str, str] = {}
    for one in sitters:
        row = there.get(one.person.id)
        for_id = row.substitute_for_id if row is not None else one.substitute_for_id
        data[f"how-{one.person.uid}"] = row.state.value if row is not None else NOT_RECORDED
        data[f"for-{one.person.uid}"] = uids.get(for_id or 0, NOBODY)
    return data


def _members(sitters: Sequence[Sitter]) -> list[tuple[str, str]]:
    return [
        (str(one.person.uid), one.person.name)
        for one in sitters
        if one.role is not BoardRole.SUBSTITUTE
    ]


class GuestForm(Form):
    """Somebody who is there and not on the board, or in a member's place."""

    name = line("Name", 200, "Give the name")
    organisation = line("Organisation (optional)", 300)
    stands_for = choice_field("In the place of", "Choose in whose place, or nobody’s")
    add = SubmitField("Add", widget=GovSubmitInput())

    def offer(self, sitters: Sequence[Sitter]) -> None:
        """Offer the members in whose place somebody may stand."""
        self.stands_for.choices = [(NOBODY, "Nobody: a guest in attendance"), *_members(sitters)]


class RowForm(Form):
    """The button that takes one row away, by its number."""

    row = IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(TOO_OLD), NumberRange(min=1, max=LARGEST_NUMBER)],
    )


class QuorumForm(Form):
    """The secretary says whether there is a quorum, where no rule does."""

    quorate = RadioField(
        "Is the meeting quorate?",
        widget=GovRadioInput(),
        choices=[("yes", "Yes"), ("no", "No: it makes recommendations only")],
        validate_choice=False,
        validators=[AnyOf(["yes", "no"], "Choose whether the meeting is quorate")],
    )
    declare = SubmitField("Record the quorum", widget=GovSubmitInput())


class ForItem(Form):
    """Fields that say under which item something is recorded."""

    item = choice_field("Agenda item", "Choose the agenda item, or the whole meeting")

    def offer_items(self, items: Sequence[tuple[AgendaItem, str]]) -> None:
        """Offer these items, each with its number."""
        self.item.choices = [
            (WHOLE, "The whole meeting"),
            *((str(item.uid), _short(f"{number}. {item.title}")) for item, number in items),
        ]


def _short(words: str) -> str:
    return words if len(words) < 90 else f"{words[:88]}…"


class InterestForm(ForItem):
    """An interest that somebody declares, and what they then did."""

    name = line("Who", 200, "Say who declared the interest", description="Type a name.")
    interest = lines("Interest", 1000, "Say what the interest is")
    followed = SelectField(
        "What they then did",
        widget=GovSelect(),
        choices=[(one, one) for one in FOLLOWED],
        validate_choice=False,
        validators=[AnyOf(FOLLOWED, "Choose what they then did")],
    )
    add = SubmitField("Record the interest", widget=GovSubmitInput())


class ItemMinuteForm(Form):
    """What is minuted of one item."""

    item = HiddenField()
    seen = seen_field()
    text = lines("Minutes", 8000)


class DeferForm(Form):
    """Why an item that was not reached is put off."""

    item = HiddenField()
    why = line("Why it was not reached", 1000, "Say why it is put off")


class ForBoard(ForItem):
    """The same with the board that decides or asks, where a meeting is joint."""

    board = choice_field("Board", "Choose the board")

    def offer_boards(self, boards: Sequence[Board]) -> None:
        """Offer the boards that meet; one alone is meant without a word."""
        self.board.choices = [(board.slug, board.name) for board in boards]
        if len(boards) == 1 and not self.board.data:
            self.board.data = boards[0].slug


class DecisionForm(ForBoard):
    """What a board agreed."""

    kind = RadioField(
        "Kind",
        widget=GovRadioInput(),
        choices=[(one.value, one.value.capitalize()) for one in DecisionKind],
        validate_choice=False,
        validators=[
            AnyOf([one.value for one in DecisionKind], "Choose whether it was decided or noted")
        ],
    )
    text = lines("What was agreed", 2000, "Say what was agreed")
    proposer = line("Proposed by (optional)", 200)
    seconder = line("Seconded by (optional)", 200)
    votes_for = votes_field("Votes for (optional)")
    votes_against = votes_field("Votes against (optional)")
    abstentions = votes_field("Abstentions (optional)")
    seen = seen_field()
    save = SubmitField("Record it", widget=GovSubmitInput())


class ActionForm(ForBoard):
    """What a meeting asks somebody to do."""

    what = lines("What is to be done", 500, "Say what is to be done")
    who = line(
        "Lead",
        300,
        "Say who leads",
        description="A person or an organisation: type a name, and choose from the list.",
    )
    due = line("Due (optional)", 100, description=DAY_HINT)
    save = SubmitField("Add to the action log", widget=GovSubmitInput())
    members: Sequence[Person] = ()
    organisations: Sequence[Organisation] = ()
    person: Person | None = None
    organisation: Organisation | None = None

    def validate_who(self, field: StringField) -> None:
        """Find the organisation or the person who is meant."""
        key = key_of(field.data or "")
        self.person = self.organisation = None
        for one in self.organisations:
            if key in (one.name_key, key_of(one.abbreviation or one.name)):
                self.organisation = one
                return
        try:
            self.person = chosen(self.members, field.data or "")
        except Unclear as unclear:
            raise ValidationError(str(unclear)) from None

    def validate_due(self, field: StringField) -> None:
        """Read the day."""
        if field.data:
            try:
                read_day(field.data)
            except ValueError as why:
                raise ValidationError(str(why)) from None

    @property
    def due_on(self) -> date | None:
        """The day, once it is valid."""
        return read_day(self.due.data) if self.due.data else None


class ChairForm(Form):
    """What the chair says of the draft."""

    words = lines("What the chair says (optional, if it is agreed)", 2000)


class ConfirmForm(Form):
    """Minutes confirmed as written, or with amendments."""

    seen = seen_field()
    amendments = lines(
        "Amendments (leave it empty if the minutes are right as written)",
        4000,
        description="Printed in the confirmed minutes. Nothing confidential here.",
    )
    confirm = SubmitField("Confirm the minutes", widget=GovSubmitInput())
