"""Forms of the door: address and password, the code from the e-mail, the authenticator's code."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovTextInput
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, ValidationError

from tracker.people.codes import DIGITS, read_code
from tracker.web.forms import Form

LONGEST_PASSWORD = 500
NO_ADDRESS = "Enter an e-mail address, such as name@example.gov.uk"


class SignInForm(Form):
    """An e-mail address with a password, or alone when a code is to be e-mailed to it."""

    email = StringField(
        "E-mail address",
        widget=GovTextInput(),
        validators=[
            InputRequired("Enter your e-mail address"),
            Length(max=254, message="Use 254 characters or fewer"),
        ],
    )
    password = PasswordField(
        "Password",
        widget=GovPasswordInput(),
        validators=[
            InputRequired("Enter your password"),
            Length(max=LONGEST_PASSWORD, message=f"Use {LONGEST_PASSWORD} characters or fewer"),
        ],
    )
    code = SubmitField("E-mail me a code instead")

    def wants_code(self) -> bool:
        """Whether the button that asks for a code was pressed."""
        return bool(self.code.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the password only where it is what somebody signs in with."""
        if self.wants_code():
            self.password.validators = ()
        is_valid = bool(super().validate(extra_validators))
        if is_valid and self.wants_code() and "@" not in str(self.email.data):
            self.email.errors = [NO_ADDRESS]
            return False
        return is_valid


class CodeForm(Form):
    """Six digits, from an e-mail or from an authenticator app."""

    code = StringField("Code", widget=GovTextInput())

    def validate_code(self, field: StringField) -> None:
        """Spaces and hyphens among the digits do no harm."""
        if not (field.data or "").strip():
            raise ValidationError("Enter the code")
        if read_code(field.data or "") is None:
            raise ValidationError(f"The code is {DIGITS} digits, such as 482 913")

    def digits(self) -> str:
        """The code, once the form is valid."""
        return read_code(self.code.data or "") or ""
