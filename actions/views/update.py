"""One person's update of one action: what its pages show, whichever of them comes next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from actions.answer_models import DraftState, ProgressDraft
from actions.clearance import clearance_needed
from actions.drafts import NO_CHANGE, entry_of, said_in
from actions.forms.progress import HOW_IT_CAME, LIFECYCLES, ProgressForm, rating_hints
from actions.history import of_entry
from actions.models import Action
from actions.operations import Entry
from actions.queries import facts
from actions.rules import ActionFacts, main_home
from actions.said import EntryFacts
from actions.update_queries import AskHere, Ground, asks_here, ground, recent_entries
from tracker.edges.db import db
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.period import parse_period, short_date
from tracker.kernel.rag import Rating
from tracker.web.access import Permission, Standing, demand, viewer
from tracker.web.parts import now, this_day

QUESTIONS = {
    "given_how": "How it came",
    "given_by": "Given by",
    "lifecycle": "Where it stands",
    "rating": "Rating",
    "better_reason": "Why that is right",
    "cause": "Cause",
    "recovery": "Recovery action",
    "forecast_on": "Expected",
    "help_needed": "Help needed from the board",
    "evidence": "Evidence",
    "happened": "What has happened",
    "next_step": "Next step",
    "next_step_on": "Next step by",
}


@dataclass(frozen=True)
class Answer:
    """One answer to be checked: the name of its field, its question, and what was said."""

    name: str
    question: str
    words: str


@dataclass
class Update:
    """An action as the person who updates it meets it; read only as far as a page asks."""

    here: Standing
    ground: Ground

    @property
    def action(self) -> Action:
        """The action's row."""
        return self.ground.action

    @property
    def draft(self) -> ProgressDraft | None:
        """What this person began of an update."""
        return self.ground.draft

    @property
    def is_waiting(self) -> bool:
        """Whether what this person said waits for clearance."""
        return self.draft is not None and self.draft.state is DraftState.SUBMITTED

    @property
    def newest(self) -> int:
        """The number of the last entry."""
        return self.action.last_entry_number

    @cached_property
    def homes(self) -> list[ActionFacts]:
        """The facts of the action, in each plan where it stands."""
        return facts(
            db.session(), self.here.partnership_id, this_day(), action_ids=[self.action.id]
        )

    @property
    def known(self) -> ActionFacts:
        """The facts of the action where it stands now."""
        return main_home(self.homes)

    @cached_property
    def said(self) -> list[EntryFacts]:
        """The newest entries, and all since this person's draft."""
        since = self.draft.last_seen if self.draft is not None else None
        return recent_entries(db.session(), self.action, since=since)

    @cached_property
    def asks(self) -> list[AskHere]:
        """What is asked of the action, and whom it was handed to."""
        return asks_here(db.session(), self.here.partnership_id, self.action.id, this_day())

    @property
    def as_entered(self) -> ActionFacts:
        """The action as it will be once something is entered today: what the date then allows."""
        return replace(
            self.known, lifecycle=Lifecycle.IN_PROGRESS, last_entry_at=now(), agreement=None
        )

    def prepare(self, form: ProgressForm) -> ProgressForm:
        """Tell a form what this action, this day and this person make of it."""
        limit = self.as_entered.thresholds().limit(this_day())
        form.ask_for(
            allowed=limit.rating if limit else None,
            is_recorder=not self.ground.is_answerer,
            newest=self.newest,
        )
        return form

    def page(self, form: ProgressForm, *, has_failed: bool = False) -> ResponseReturnValue:
        """The form, with all that it needs around it."""
        missed = []
        if self.draft is not None:
            missed = [one for one in self.said if one.number > self.draft.last_seen]
        page = render_template(
            "actions/progress.html",
            update=self,
            form=form,
            action=self.known,
            events=[of_entry(one) for one in self.said if one.number > self.newest - 3],
            missed=[of_entry(one) for one in missed],
            as_entered=self.as_entered,
            rating_hints=rating_hints(),
            today=this_day(),
        )
        return page, 422 if has_failed else 200

    def check_page(self, form: ProgressForm) -> ResponseReturnValue:
        """Everything that was said, to be looked through before it is submitted."""
        entry, today = entry_of(form.kept(), self.action), this_day()
        shown = replace(self.as_entered, lifecycle=entry.lifecycle, owner_rating=entry.rating)
        return render_template(
            "actions/check.html",
            update=self,
            action=self.known,
            answers=answers_of({name: str(field.data) for name, field in form.answers()}),
            kept=form.kept(),
            last_seen=form.last_seen.data,
            shown=shown,
            clearance=clearance_needed(
                db.session(), self.action, entry, person_id=viewer().person_id, today=today
            ),
            today=today,
        )

    def waiting_page(self) -> ResponseReturnValue:
        """What was said and waits for clearance."""
        assert self.draft is not None
        return render_template(
            "actions/waiting.html",
            action=self.known,
            update=self,
            answers=answers_of(said_in(self.draft)),
            is_no_change=bool(said_in(self.draft).get(NO_CHANGE)),
            saved_at=self.draft.saved_at,
        )

    def conflict_page(self, form: ProgressForm, entry: Entry) -> ResponseReturnValue:
        """Both versions, so that the second to save can choose; nothing is lost."""
        seen = int(form.last_seen.data or 0)
        theirs = recent_entries(db.session(), self.action, since=seen)
        mine = EntryFacts(self.newest + 1, now(), viewer().name, **vars(entry))
        page = render_template(
            "actions/conflict.html",
            action=self.known,
            newest=self.newest,
            missed=[of_entry(one) for one in theirs if one.number > seen],
            yours=[of_entry(mine)],
            kept=form.kept(),
        )
        return page, 409


def update_of(here: Standing, number: int) -> Update:
    """The viewer's update of the action of an address; 404 for none, 403 where they may not."""
    found = ground(db.session(), here.partnership_id, number, viewer().person_id, this_day())
    if found is None:
        abort(404)
    mine = frozenset({viewer().person_id}) if found.is_answerer else frozenset()
    demand(Permission.RECORD_PROGRESS, owner_ids=mine)
    return Update(here, found)


def answers_of(said: dict[str, str]) -> list[Answer]:
    """What was said, by the names of the form's fields, as questions and answers."""
    return [
        Answer(name, question, _words(name, said[name]))
        for name, question in QUESTIONS.items()
        if said.get(name)
    ]


def address(here: Standing, number: int, page: str = "actions.progress") -> str:
    """The address of a page of an action."""
    return url_for(page, partnership=here.slug, number=number)


def saved_words(shown: ActionFacts, asks: list[AskHere], today: date) -> str:
    """What the board will see, said once an update is saved."""
    rating, status = shown.rating(today), shown.status_words(today)
    words = f"Saved. The board will see {rating}: {status[0].lower()}{status[1:]}."
    if rating is not shown.owner_rating:
        words += f" {shown.explanation(today)}."
    if asks and all(ask.facts.is_closed for ask in asks):
        words += (
            " Updates have closed, so this reaches the board in a supplement or at its next"
            " meeting."
        )
    return words


def _words(name: str, said: str) -> str:
    if name == "lifecycle":
        return LIFECYCLES[Lifecycle(said)]
    if name == "rating":
        return Rating(said).value
    if name == "given_how":
        return HOW_IT_CAME.get(said, said)
    if name in ("forecast_on", "next_step_on"):
        period = parse_period(said)
        last = short_date(period.last)
        return last if period.words() == last else f"{period.words()} (by {last})"
    return said
