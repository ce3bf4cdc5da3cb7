"""Fields in which one of what the page offers is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import ValidationError

Choices = Iterable[tuple[str, str]]


class OneOf(SelectField):
    """A list of which one must be chosen, or (without ``missing``) may be."""

    widget = GovSelect()

    def __init__(
        self, label: str, missing: str | None = None, choices: Choices = (), **options: Any
    ) -> None:
        """``missing`` is the sentence where nothing that was offered is chosen."""
        super().__init__(label, choices=list(choices), validate_choice=False, **options)
        self.missing = missing
        self.offered = dict(choices)

    def offer(self, choices: Choices, first: str | None = "Choose from the list") -> None:
        """Offer these; ``first`` is the line that chooses nothing."""
        self.offered = dict(choices)
        self.choices = [*([("", first)] if first else []), *self.offered.items()]

    def pre_validate(self, form: Any) -> None:
        """Only what was offered can be chosen."""
        if self.data and self.data not in self.offered:
            raise ValidationError(self.missing or "Choose from the list")
        if self.missing and not self.data:
            raise ValidationError(self.missing)


class OneOfFew(RadioField):
    """Radio buttons of which one must be chosen; the only one is chosen already."""

    widget = GovRadioInput()

    def __init__(self, label: str, missing: str, choices: Choices = (), **options: Any) -> None:
        """``missing`` is the sentence where none that was offered is chosen."""
        super().__init__(label, choices=list(choices), validate_choice=False, **options)
        self.missing = missing
        self.offered = dict(choices)

    def offer(self, choices: Choices) -> None:
        """Offer these."""
        self.offered = dict(choices)
        self.choices = list(self.offered.items())
        if len(self.offered) == 1 and not self.data:
            self.data = next(iter(self.offered))

    def pre_validate(self, form: Any) -> None:
        """Only what was offered can be chosen."""
        if self.data not in self.offered:
            raise ValidationError(self.missing)
