"""Forms of endings: an action moved, merged, split, offered, made business as usual, stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from actions.forms.choices import OneOf, OneOfFew
from actions.forms.fields import BoardField, VersionedForm, must_say
from actions.models import HomeEnding
from actions.place_queries import Candidate, Place, choose
from actions.rules import ActionFacts
from actions.splitting import FEWEST, MOST
from tracker.people.board_models import Board
from tracker.web.fields import up_to
from tracker.web.forms import tidy

REFERENCE_LIMIT, TITLE_LIMIT = 20, 300
NOBODY = "No board: for the record only"


class PlaceField(OneOf):
    """A priority of a plan; ``offer_places`` gives it the places to choose from."""

    def __init__(self, label: str, missing: str | None = None, **options: Any) -> None:
        """``missing`` is the sentence where none is chosen; without it a place is optional."""
        super().__init__(label, missing, **options)
        self.places: dict[str, Place] = {}

    def offer_places(self, places: Sequence[Place], *, is_one_plan: bool = False) -> None:
        """Offer these places; of one plan they are named by their priorities alone."""
        self.places = {place.key: place for place in places}
        named = [(one.key, one.priority_words if is_one_plan else one.words) for one in places]
        self.offer([(key, words[:1].upper() + words[1:]) for key, words in named], "Choose a place")

    @property
    def place(self) -> Place | None:
        """The place that was chosen."""
        return self.places.get(self.data or "")


class OtherActionField(StringField):
    """Another open action, picked from the list that the page offers or typed."""

    widget = GovTextInput()

    def __init__(self, label: str, missing: str | None = None, **options: Any) -> None:
        """``missing`` is the sentence where none is named; without it it is optional."""
        super().__init__(label, filters=[tidy], **options)
        self.missing = missing
        self.candidates: Sequence[Candidate] = ()
        self.chosen: Candidate | None = None

    def pre_validate(self, form: Any) -> None:
        """Find the action that is meant."""
        self.chosen = None
        if not self.data:
            if self.missing:
                raise ValidationError(self.missing)
            return
        try:
            self.chosen = choose(self.candidates, self.data)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class DecidedForm(VersionedForm):
    """By whose decision, and why. Every ending has both."""

    board = BoardField("Which board decided this?", "Choose the board that decided this")
    reason = must_say("Why?", "Say why", 1000)

    def offer_boards(self, boards: Sequence[Board]) -> None:
        """Offer the partnership's boards; where it has none, that is said."""
        self.board.offer(boards, none=None if boards else NOBODY)


def home_key(plan_id: int, reference: str) -> str:
    """How a form names a place where an action stands."""
    return f"{plan_id}-{reference}"


class LeavingForm(VersionedForm):
    """An action leaves one of the places where it stands; the only one is chosen."""

    home = OneOf("Which place does it leave?", "Choose the place that it leaves")

    def offer_homes(self, homes: Sequence[ActionFacts]) -> None:
        """Offer the places where it stands."""
        choices = [
            (home_key(one.plan_id, one.reference), f"{one.reference} in {one.plan_title}")
            for one in homes
        ]
        self.home.offer(choices, "Choose a place" if len(choices) > 1 else None)
        if len(choices) == 1 and not self.home.data:
            self.home.data = choices[0][0]


class EndForm(LeavingForm, DecidedForm):
    """An action is made business as usual, or stopped."""

    ending = OneOfFew(
        "What becomes of it?",
        "Choose what becomes of the action",
        choices=[
            (HomeEnding.BUSINESS_AS_USUAL.value, "It is business as usual now"),
            (HomeEnding.STOPPED.value, "It is stopped"),
        ],
    )


class MoveForm(LeavingForm, DecidedForm):
    """An action moves to another priority or plan."""

    place = PlaceField("Where does it go?", "Choose where the action goes")
    reference = StringField(
        "Its number there (optional)",
        description="Leave it empty for the next number of the priority.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[up_to(REFERENCE_LIMIT)],
    )
    wording = StringField(
        "Its wording there (optional)",
        description="Leave it empty where the other plan says it in the same words.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[up_to(TITLE_LIMIT)],
    )


class OfferForm(LeavingForm):
    """An action is offered to another board, for a plan that it reviews."""

    board = BoardField("To which board?", "Choose the board that it is offered to")
    place = PlaceField(
        "Where would it stand?",
        "Choose where the action would stand",
        description="A priority of a plan that the board reviews.",
    )
    reason = must_say("Why?", "Say why it is offered", 1000)


class MergeForm(DecidedForm):
    """An action becomes part of another."""

    into = OtherActionField(
        "Which action does it become part of?",
        "Choose the action that it becomes part of",
        description="Type its number or some of its words, and choose from the list.",
    )


def _title(at: int) -> StringField:
    is_needed = at <= FEWEST
    return StringField(
        f"Action {at}" if is_needed else f"Action {at} (optional)",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[
            *([DataRequired(f"Say what action {at} is")] if is_needed else []),
            up_to(TITLE_LIMIT),
        ],
    )


class SplitForm(DecidedForm):
    """An action goes on as two or more."""

    part_1, part_2, part_3 = _title(1), _title(2), _title(3)
    part_4, part_5, part_6 = _title(4), _title(5), _title(6)

    def parts(self) -> list[StringField]:
        """The fields of the titles."""
        return [self._fields[f"part_{at}"] for at in range(1, MOST + 1)]

    def titles(self) -> list[str]:
        """The titles that were given, in their order."""
        return [field.data for field in self.parts() if field.data]
