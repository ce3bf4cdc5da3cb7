"""Forms about who is asked, and who answers for whom while they are away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField, SelectMultipleField

from actions.forms.fields import DayField, KeptField, MemberField, VersionedForm
from tracker.people.models import Person
from tracker.web.access import Standing
from tracker.web.forms import Form


class OwnerForm(VersionedForm):
    """Ask somebody about an action from a day on; in place of somebody who is asked now."""

    asked: Collection[str] = ()
    who = MemberField("Who is to be asked?")
    instead = SelectField(
        "In place of", widget=GovSelect(), choices=[("", "Nobody: as well")], validate_choice=False
    )
    from_on = DayField("From which day?", "Say from which day they are asked")
    to_on = DayField("Until which day? (optional)", is_last=True)

    def offer(self, members: Sequence[Person], owners: Sequence[tuple[int, str]]) -> None:
        """Who may be asked, and in whose place."""
        self.who.members = members
        self.asked = {str(key) for key, _ in owners}
        self.instead.choices = [("", "Nobody: as well"), *((str(key), n) for key, n in owners)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what they say together."""
        is_valid = bool(super().validate(extra_validators))
        if self.instead.data and self.instead.data not in self.asked:
            self.instead.errors = ["Choose somebody who is asked about it"]
            return False
        begins, ends = self.from_on.on, self.to_on.on
        if begins and ends and ends < begins:
            self.to_on.errors = ["The last day must not come before the first"]
            return False
        if self.instead.data and ends:
            self.to_on.errors = ["Leave this empty: the post is passed on for as long as it was"]
            return False
        return is_valid

    def instead_of(self) -> int | None:
        """The row of who is asked no more; None where somebody is asked as well."""
        return int(self.instead.data) if self.instead.data else None


class EndOwnerForm(VersionedForm):
    """Ask somebody no more after a day."""

    owner = KeptField(missing="Say who")
    to_on = DayField("Last day", "Say on which day they are last asked", is_last=True)


class AssignForm(Form):
    """Ask one person about several actions."""

    chosen = SelectMultipleField("Actions", choices=[], validate_choice=False)
    who = MemberField("Who is to be asked about them?")
    from_on = DayField("From which day?", "Say from which day they are asked")

    def ids(self) -> list[int]:
        """The ids of the actions that were ticked."""
        given = [one for one in self.chosen.data or () if one.isascii() and one.isdigit()]
        return [int(one) for one in given if len(one) <= 18]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one action must be ticked."""
        is_valid = bool(super().validate(extra_validators))
        if not self.ids():
            self.chosen.errors = ["Tick at least one action"]
            return False
        return is_valid


class CoverForm(Form):
    """Let somebody answer for a person who is away: both days included."""

    cover = MemberField("Who answers?")
    from_on = DayField("First day away", "Say which day is the first")
    to_on = DayField("Last day away", "Say which day is the last", is_last=True)

    def check_days(self, today: date) -> bool:
        """Whether the days are in order and not over; an error beside the field if not."""
        begins, ends = self.from_on.on, self.to_on.on
        if begins and ends and ends < begins:
            self.to_on.errors = ["The last day must not come before the first"]
        elif ends and ends < today:
            self.to_on.errors = ["Give a last day that is not in the past"]
        else:
            return True
        return False


class OwnCoverForm(CoverForm):
    """Let somebody answer for me, in one of my partnerships."""

    where = SelectField("In which partnership?", widget=GovSelect(), validate_choice=False)

    def offer(self, standings: Sequence[Standing]) -> None:
        """The partnerships to choose from; the only one is chosen."""
        self.where.choices = [(one.slug, one.name) for one in standings]
        if len(standings) == 1 and not self.where.data:
            self.where.data = standings[0].slug


class AwayForm(CoverForm):
    """Let somebody answer for a person of the partnership who is away."""

    person = MemberField("Who is away?")


class EndCoverForm(Form):
    """End a cover: who was away is back."""

    end = KeptField(missing="Say which")
