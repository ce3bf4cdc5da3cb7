"""Forms of what a board sets for itself: timetable, standing agenda, year, terms of reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovTextArea
from wtforms import Field, HiddenField, TextAreaField
from wtforms.form import BaseForm

from actions.forms.choices import OneOf, OneOfFew
from actions.forms.fields import VersionedForm
from governance.agenda import ItemKind, Purpose
from governance.boards.forms.fields import (
    DayField,
    NumberField,
    SeenForm,
    TimeField,
    line_field,
    name_field,
)
from governance.boards.operations.settings import Wanted, columns_of
from governance.boards.rules import STANDARD_ITEMS
from governance.setting_models import BusinessKind
from governance.timetable import RunUp, TimetableSettings
from tracker.kernel.period import MONTHS, clock_words
from tracker.people.forms.account import one_line
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy

MOST_DAYS = 90
RUN_UP = {
    "agenda_setting": "Agenda set with the chair",
    "ask": "Owners asked for updates",
    "chase": "Reminder to owners who have not answered",
    "updates_close": "Updates close",
    "papers_due": "Papers due",
    "publish": "Pack published",
}
KIND_WORDS = {item.kind: item.title for item in STANDARD_ITEMS} | {
    ItemKind.PLAN_REPORT: "Progress reports of the plans under review",
    ItemKind.INDICATORS: "Outcome indicators of the plans under review",
    ItemKind.URGENT: "Urgent items",
    ItemKind.TEXT: "Something of your own",
}
BUSINESS = {
    BusinessKind.CHAIR: "Appointment of the chair and vice chair",
    BusinessKind.TERMS: "Review of the terms of reference",
    BusinessKind.MEMBERSHIP: "Review of the membership",
    BusinessKind.DATES: "Dates of next year’s meetings",
    BusinessKind.ANNUAL_REPORT: "Annual report",
}
NEVER = "never"
LONGEST_FILE_NAME = 200


def _days(label: str, low: int, high: int = MOST_DAYS, *, optional: bool = False) -> NumberField:
    return NumberField(label, low, high, optional=optional)


class TimetableForm(VersionedForm):
    """A board's own timetable, in working days before and after a meeting."""

    close_gap_days = _days(
        "Meetings are close together when they are at most this many days apart", 1, 366
    )
    close_agenda_setting = _days(RUN_UP["agenda_setting"], 1, optional=True)
    close_ask = _days(RUN_UP["ask"], 1)
    close_chase = _days(RUN_UP["chase"], 1)
    close_updates_close = _days(RUN_UP["updates_close"], 1)
    close_papers_due = _days(RUN_UP["papers_due"], 1)
    close_publish = _days(RUN_UP["publish"], 1)
    far_agenda_setting = _days(RUN_UP["agenda_setting"], 1, optional=True)
    far_ask = _days(RUN_UP["ask"], 1)
    far_chase = _days(RUN_UP["chase"], 1)
    far_updates_close = _days(RUN_UP["updates_close"], 1)
    far_papers_due = _days(RUN_UP["papers_due"], 1)
    far_publish = _days(RUN_UP["publish"], 1)
    clear_days = _days("Clear days between publishing and a meeting, where the law asks", 1, 30)
    chairs_briefing = _days("Chair’s briefing, before the meeting", 1)
    actions_sent = _days("Meeting actions sent, after it", 1)
    draft_minutes_to_chair = _days("Draft minutes to the chair, after it", 1)
    draft_minutes_to_members = _days("Draft minutes to members, after it", 1)
    asks_at = TimeField("Asks and reminders go out at")
    closes_at = TimeField("Updates close, and packs are published, at")
    confirm = HiddenField()
    change = HiddenField()
    standard = HiddenField()

    def settings(self, *, access_to_meetings: bool) -> TimetableSettings:
        """The settings that were typed, once each field is valid.

        Raises ValueError, in plain words, where the steps would not come in their order.
        """
        return TimetableSettings(
            access_to_meetings=access_to_meetings,
            clear_days=self.clear_days.whole,
            close_gap_days=self.close_gap_days.whole,
            close=self._run_up("close"),
            far=self._run_up("far"),
            chairs_briefing=self.chairs_briefing.whole,
            actions_sent=self.actions_sent.whole,
            draft_minutes_to_chair=self.draft_minutes_to_chair.whole,
            draft_minutes_to_members=self.draft_minutes_to_members.whole,
            asks_at=self.asks_at.at,
            closes_at=self.closes_at.at,
        )

    def _run_up(self, prefix: str) -> RunUp:
        return RunUp(**{name: self[f"{prefix}_{name}"].number for name in RUN_UP})

    def days(self) -> list[Field]:
        """The fields that somebody fills in, in their order."""
        return [one for one in self if isinstance(one, NumberField | TimeField)]


def typed(settings: TimetableSettings) -> dict[str, str]:
    """Settings as the fields of the form show them; a step left out is an empty text."""
    values = columns_of(settings) | {
        "asks_at": clock_words(settings.asks_at),
        "closes_at": clock_words(settings.closes_at),
    }
    return {name: "" if value is None else str(value) for name, value in values.items()}


class ItemForm(VersionedForm):
    """An item of a standing agenda."""

    title = name_field("Title", "Give the item a title")
    purpose = OneOfFew(
        "What is it for?",
        "Choose what it is for",
        [(one.value, one.value.capitalize()) for one in Purpose],
    )
    presenter = line_field("Who presents it? (optional)", 200)
    minutes = NumberField("Minutes (optional)", 1, 600, optional=True)
    text = TextAreaField(
        "Text under it (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(4000)],
    )

    def wanted(self) -> Wanted:
        """What the item is to say, once the form is valid."""
        return Wanted(
            title=str(self.title.data),
            purpose=Purpose(self.purpose.data),
            presenter=self.presenter.data,
            minutes=self.minutes.number,
            text=self.text.data,
        )


class NewItemForm(ItemForm):
    """A standing item that is added."""

    kind = OneOf("What writes it?", "Choose what writes the item")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        del self.version  # there is none yet


class AgendaForm(Form):
    """The buttons beside a standing item, and the one that goes back to the standard."""

    item = HiddenField()
    do = HiddenField()


_MONTHS = [(NEVER, "Not on the agenda")]
_MONTHS += [(str(number), name) for number, name in enumerate(MONTHS, start=1)]


def _month(kind: BusinessKind) -> OneOf:
    return OneOf(BUSINESS[kind], "Choose a month, or that it is not on the agenda", _MONTHS)


class YearForm(SeenForm):
    """In which month each business of the year comes; each field is named by its kind."""

    chair_appointment = _month(BusinessKind.CHAIR)
    terms_of_reference = _month(BusinessKind.TERMS)
    membership = _month(BusinessKind.MEMBERSHIP)
    meeting_dates = _month(BusinessKind.DATES)
    annual_report = _month(BusinessKind.ANNUAL_REPORT)

    def months(self) -> dict[BusinessKind, int]:
        """The months chosen, once the form is valid."""
        chosen = {kind: self[field_of(kind)].data for kind in BUSINESS}
        return {kind: int(month) for kind, month in chosen.items() if month != NEVER}


def field_of(kind: BusinessKind) -> str:
    """The name of a kind's field."""
    return kind.value.replace("-", "_")


def months_typed(months: Mapping[BusinessKind, int]) -> dict[str, str]:
    """Months as the fields of the form show them."""
    return {field_of(kind): str(months.get(kind, NEVER)) for kind in BUSINESS}


class FileField(Field):
    """A file that may be left out, of a page that is sent as multipart/form-data."""

    widget = GovFileInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.content = b""
        self.file_name: str | None = None

    def _value(self) -> str:
        return ""

    def pre_validate(self, form: BaseForm) -> None:
        """Read what was sent, and what it is called there."""
        sent = request.files.get(self.name)
        self.content = sent.read() if sent is not None else b""
        name = (sent.filename or "").replace("\\", "/").rpartition("/")[2] if sent else ""
        self.file_name = (one_line(name) or "")[:LONGEST_FILE_NAME] or None


class TermsForm(VersionedForm):
    """A new version of the terms of reference; ``version`` is the latest one that there is."""

    agreed_on = DayField("Agreed on", "Give the day on which they were agreed")
    review_on = DayField(
        "To be reviewed on (optional)", description="The board secretary is told when it comes."
    )
    file = FileField("As a PDF file (optional)", description="At most 10 megabytes")
    text = TextAreaField(
        "As text (optional)",
        widget=GovTextArea(),
        filters=[tidy],
        validators=[up_to(20000)],
    )
