"""Forms of plans that end: how, by whose decision, and what becomes of each open action."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from actions.forms.choices import OneOf, OneOfFew
from actions.forms.endings import DecidedForm, OtherActionField, PlaceField
from actions.forms.fields import DayField
from actions.place_queries import Candidate, Place
from actions.plan_endings import Fate
from plans.models import Plan, PlanDecisionKind
from tracker.kernel.period import short_date
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy
from tracker.web.parts import this_day

EXTENDED = PlanDecisionKind.EXTENDED.value
FATES = {
    Fate.COMPLETED: "Completed",
    Fate.CARRIED_FORWARD: "Carried forward",
    Fate.TRANSFERRED: "Transferred to another plan",
    Fate.MERGED: "Merged into another action",
    Fate.BUSINESS_AS_USUAL: "Business as usual",
    Fate.STOPPED: "Stopped",
}


class HowForm(Form):
    """What is decided of a plan: the first of two pages; its choice goes into the address."""

    kind = OneOfFew(
        "What was decided?",
        "Choose what was decided",
        choices=[
            (EXTENDED, "It is extended to a later day"),
            (PlanDecisionKind.SUPERSEDED.value, "Another plan follows it"),
            (PlanDecisionKind.ENDED_EARLY.value, "It ends early, and no plan follows"),
            (PlanDecisionKind.CLOSED.value, "It is closed, and no plan follows"),
        ],
    )
    successor = OneOf("Which plan follows?")

    def offer(self, plans: Sequence[Plan]) -> None:
        """Offer the plans that could follow."""
        self.successor.offer([(plan.slug, plan.full_title) for plan in plans], "Choose a plan")

    def validate_successor(self, field: OneOf) -> None:
        """Needed where another plan follows."""
        if self.kind.data == PlanDecisionKind.SUPERSEDED.value and not field.data:
            raise ValidationError("Choose the plan that follows")


class PlanDecidedForm(DecidedForm):
    """A decision on a plan: the day it was made, the board, the reason."""

    decided_on = DayField("When was it decided?", "Say when it was decided")

    def validate_decided_on(self, field: DayField) -> None:
        """What is decided was decided by today."""
        if field.on is not None and field.on > this_day():
            raise ValidationError("Give a day that is not in the future")


class ExtendForm(PlanDecidedForm):
    """A plan gets a later last day."""

    ends_on = DayField("What is its last day now?", "Say its last day", is_last=True)


class EndPlanForm(PlanDecidedForm):
    """A plan ends; its last day is asked where it ends early."""

    ends_on = DayField("What is its last day?", is_last=True)


class FateForm(Form):
    """What becomes of one open action. What is not asked is neither checked nor kept."""

    _fields: dict[str, Any]
    fate = OneOf("What becomes of it?", "Say what becomes of it")
    evidence = TextAreaField(
        "What shows that it is complete?",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(1000)],
    )
    forward_to = PlaceField("Under which priority of the plan that follows?")
    transfer_to = PlaceField("To which plan and priority?")
    into = OtherActionField("Which action does it become part of?")
    reference = StringField(
        "Its number there (optional)",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[up_to(20)],
    )
    reason = StringField(
        "Why, if not for the plan’s own reason? (optional)",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[up_to(1000)],
    )

    # Of each fate, what must be said with it, and the sentence where it is not.
    NEEDS = {
        Fate.COMPLETED: ("evidence", "Say what shows that it is complete"),
        Fate.CARRIED_FORWARD: ("forward_to", "Choose the priority that it goes to"),
        Fate.TRANSFERRED: ("transfer_to", "Choose the plan and priority that it goes to"),
        Fate.MERGED: ("into", "Choose the action that it becomes part of"),
    }
    MAY = {
        Fate.COMPLETED: (),
        Fate.CARRIED_FORWARD: ("reference", "reason"),
        Fate.TRANSFERRED: ("reference", "reason"),
        Fate.MERGED: ("reason",),
        Fate.BUSINESS_AS_USUAL: ("reason",),
        Fate.STOPPED: ("reason",),
    }

    def offer(
        self,
        reference: str,
        *,
        forward: Sequence[Place],
        transfer: Sequence[Place],
        candidates: Sequence[Candidate],
    ) -> None:
        """Offer where an action can go; without a plan that follows nothing is carried forward."""
        self.fate.missing = f"Say what becomes of action {reference}"
        self.fate.offer(
            [
                (fate.value, words)
                for fate, words in FATES.items()
                if not (fate is Fate.CARRIED_FORWARD and not forward)
                and not (fate is Fate.TRANSFERRED and not transfer)
            ],
            "Choose",
        )
        self.forward_to.offer_places(forward, is_one_plan=True)
        self.transfer_to.offer_places(transfer)
        self.into.candidates = candidates

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fate, and what it needs and may have; the rest is not asked."""
        fate = self.chosen()
        name, missing = self.NEEDS.get(fate, (None, None)) if fate else (None, None)
        every = self._fields
        asked = {"fate", *(self.MAY[fate] if fate else ()), *([name] if name else [])}
        self._fields = {key: field for key, field in every.items() if key in asked}
        try:
            is_valid = bool(super().validate(extra_validators))
        finally:
            self._fields = every
        if is_valid and name is not None and not every[name].data:
            every[name].errors = [missing]
            return False
        return is_valid

    def chosen(self) -> Fate | None:
        """The fate that was chosen of those that were offered."""
        return Fate(self.fate.data) if self.fate.data in self.fate.offered else None

    def text(self, name: str) -> str | None:
        """What was typed in a field that this fate may have; None in any other."""
        return self._fields[name].data if name in self.MAY[Fate(self.fate.data)] else None


def fate_form(number: int) -> FateForm:
    """The form of the open action of this number: its fields' names begin with it."""
    return FateForm(prefix=f"action-{number}-", meta={"csrf": False})


def last_day_hint(plan: Plan) -> str:
    """ "Its last day is 31 December 2027 now."."""
    return f"Its last day is {short_date(plan.ends_on)} now."


def day_of(field: DayField) -> date:
    """The day of a field that must have one, once its form is valid."""
    assert field.on is not None
    return field.on
