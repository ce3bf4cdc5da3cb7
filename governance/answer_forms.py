"""One row of the table in which several are answered: an action's, and a meeting action's.

Each row is a form of its own, whose fields' names begin with what it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from wtforms import Field, IntegerField, RadioField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from actions.forms.checks import links_open
from actions.models import Action
from actions.operations import Entry, no_change
from governance.log_models import MeetingActionStatus
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import Rating
from tracker.web.fields import up_to
from tracker.web.forms import Form, tidy

TOO_OLD = "This page was too old to be sent. What you typed is still here: save it again."
NOTHING_CHOSEN = "Choose an answer to go with what you typed, or clear it"


class Answer(StrEnum):
    """What is answered in one row."""

    LEAVE = "leave"
    NO_CHANGE = "no-change"
    GREEN = "Green"
    AMBER = "Amber"
    RED = "Red"
    COMPLETE = "complete"


ANSWER_WORDS = {
    Answer.LEAVE: "Leave it for now",
    Answer.NO_CHANGE: "No change",
    Answer.GREEN: "Green",
    Answer.AMBER: "Amber",
    Answer.RED: "Red",
    Answer.COMPLETE: "Complete",
}
_RATINGS = {Answer.GREEN: Rating.GREEN, Answer.AMBER: Rating.AMBER, Answer.RED: Rating.RED}


def _text(label: str, limit: int, *checks: Any) -> TextAreaField:
    return TextAreaField(label, filters=[tidy], validators=[*checks, up_to(limit)])


class RowForm(Form):
    """A row; the whole table carries the token, so a row needs none."""

    class Meta(Form.Meta):
        """A row is checked with its table."""

        csrf = False

    chosen_in = ""

    def typed(self) -> list[Field]:
        """The texts in which something was typed."""
        return [one for one in self if isinstance(one, TextAreaField) and one.data]

    def check(self, asked: Sequence[str]) -> bool:
        """Check the fields that are asked for, and no others; and that the page was ours."""
        for name, field in self._fields.items():
            if name not in (*asked, self.chosen_in):
                field.validators = ()
        return bool(super().validate())

    def was_seen(self, field: IntegerField, newest: int) -> bool:
        """Whether a hidden number is one that we gave; where it is not, the next one is."""
        seen = field.data
        if seen is not None and 0 <= seen <= newest and not field.errors:
            return True
        self.see(field, newest)
        self[self.chosen_in].errors = [TOO_OLD]
        return False

    def see(self, field: IntegerField, newest: int) -> None:
        """Have the row know the newest, so that saving it again goes after that."""
        field.data, field.raw_data, field.errors = newest, None, []


class AnswerForm(RowForm):
    """What is said of one action, in a row. ``ask_for`` says first what the day makes of it."""

    chosen_in = "answer"
    allowed: Rating | None = None
    newest = 0
    offered: Sequence[Answer] = tuple(Answer)

    last_seen = IntegerField(widget=HiddenInput())
    answer = RadioField("Your answer", validate_choice=False, default=Answer.LEAVE)
    happened = _text("What has happened?", 2000, DataRequired("Say what has happened"))
    cause = _text("What is the cause?", 1000, DataRequired("Say what the cause is"))
    recovery = _text("What will put it right?", 1000, DataRequired("Say what will put it right"))
    evidence = _text(
        "What shows that it is complete?",
        1000,
        DataRequired("Say what shows that it is complete"),
        links_open,
    )
    better_reason = _text(
        "Why is your rating right?", 1000, DataRequired("Say why your rating is right")
    )

    def ask_for(self, *, allowed: Rating | None, may_repeat: bool, newest: int) -> None:
        """Say what follows from the action and the day.

        ``allowed`` is the best rating that the date allows today (None: any), ``may_repeat``
        whether there is an earlier update to stand by, ``newest`` the number of its last entry.
        """
        self.allowed, self.newest = allowed, newest
        self.offered = [one for one in Answer if may_repeat or one is not Answer.NO_CHANGE]
        self.answer.choices = [(one.value, ANSWER_WORDS[one]) for one in self.offered]

    @property
    def chosen(self) -> Answer | None:
        """What was chosen; None for a value that the row does not offer."""
        return next((one for one in self.offered if one == self.answer.data), None)

    def is_answered(self) -> bool:
        """Whether something was chosen in this row."""
        return self.chosen is not Answer.LEAVE

    def better_than_allowed(self) -> list[str]:
        """The answers that are better than the date allows."""
        if self.allowed is None:
            return []
        return [one.value for one, rating in _RATINGS.items() if rating.rank > self.allowed.rank]

    def asked(self) -> list[str]:
        """The texts that go with what was chosen."""
        match self.chosen:
            case Answer.GREEN:
                names = ["happened"]
            case Answer.AMBER | Answer.RED:
                names = ["happened", "cause", "recovery"]
            case Answer.COMPLETE:
                return ["happened", "evidence"]
            case _:
                return []
        return [*names, *(["better_reason"] if self.chosen in self.better_than_allowed() else [])]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what goes with the answer; words without an answer are never dropped."""
        if self.chosen is None:
            self.answer.data = Answer.LEAVE
            self.answer.errors = ["Choose one of these answers"]
            return False
        if self.chosen is Answer.COMPLETE:
            self.happened.validators = (up_to(2000),)
        is_valid = self.check(self.asked())
        if self.chosen is Answer.LEAVE and self.typed():
            self.answer.errors = [NOTHING_CHOSEN]
            return False
        if self.chosen is Answer.NO_CHANGE and self.typed():
            self.answer.errors = [
                "“No change” takes no words: choose a rating, or clear what you typed"
            ]
            return False
        if not self.is_answered():
            return True
        return self.was_seen(self.last_seen, self.newest) and is_valid

    def entry(self, action: Action) -> Entry:
        """What was said, once it is valid."""
        if self.chosen is Answer.NO_CHANGE or self.chosen is None:
            return no_change(action)
        rating = _RATINGS.get(self.chosen)
        said = {name: self[name].data for name in self.asked()}
        return Entry(
            lifecycle=Lifecycle.COMPLETE if rating is None else Lifecycle.IN_PROGRESS,
            rating=rating or Rating.BLUE,
            **said,
        )


class TaskAnswer(StrEnum):
    """What is answered of a meeting action."""

    LEAVE = "leave"
    OPEN = "open"
    DONE = "done"


TASK_WORDS = {
    TaskAnswer.LEAVE: "Leave it for now",
    TaskAnswer.OPEN: "Still open",
    TaskAnswer.DONE: "Done",
}


class TaskForm(RowForm):
    """What is said of one meeting action: in a row, or on a page of its own."""

    chosen_in = "status"
    newest = 1
    offered: Sequence[TaskAnswer] = tuple(TaskAnswer)

    version = IntegerField(widget=HiddenInput())
    status = RadioField("Your answer", validate_choice=False, default=TaskAnswer.LEAVE)
    progress = _text("What has been done?", 1000, DataRequired("Say what has been done so far"))

    def ask_for(self, *, newest: int, may_leave: bool = True) -> None:
        """``newest`` is the version of the meeting action; on its own page it is not left."""
        self.newest = newest
        self.offered = [one for one in TaskAnswer if may_leave or one is not TaskAnswer.LEAVE]
        self.status.choices = [(one.value, TASK_WORDS[one]) for one in self.offered]

    @property
    def chosen(self) -> TaskAnswer | None:
        """What was chosen; None for a value that the row does not offer."""
        return next((one for one in self.offered if one == self.status.data), None)

    def is_answered(self) -> bool:
        """Whether something was chosen in this row."""
        return self.chosen is not TaskAnswer.LEAVE

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what goes with the answer; words without an answer are never dropped."""
        if self.chosen is None:
            self.status.data = TaskAnswer.LEAVE
            self.status.errors = ["Choose whether it is still open or done"]
            return False
        if self.chosen is TaskAnswer.DONE:
            self.progress.validators = (up_to(1000),)
        is_valid = self.check(["progress"] if self.is_answered() else [])
        if not self.is_answered() and self.typed():
            self.status.errors = [NOTHING_CHOSEN]
            return False
        return not self.is_answered() or (self.was_seen(self.version, self.newest) and is_valid)

    def outcome(self) -> MeetingActionStatus:
        """How it stands, once the form is valid."""
        is_done = self.chosen is TaskAnswer.DONE
        return MeetingActionStatus.DONE if is_done else MeetingActionStatus.OPEN
