"""The table in which several are answered: its rows, what is wrong in them, saved all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from flask import abort
from sqlalchemy.orm import Session

from actions.answerers import answerable
from actions.clearance import submit_or_clear
from actions.clearers import Clearance
from actions.history import Event, of_entry
from actions.list_queries import actions_by_number
from actions.models import Action
from actions.on_behalf import Behalf, on_behalf
from actions.queries import entries, facts
from actions.rules import ActionFacts, main_home
from governance.answer_forms import AnswerForm, TaskForm
from governance.listing import Listed
from governance.log_models import MeetingAction, MeetingActionStatus
from governance.meeting_actions import answer
from governance.mine_queries import tasks_by_uid
from tracker.kernel.lifecycle import Lifecycle
from tracker.kernel.rag import allowed
from tracker.kernel.times import london_day
from tracker.people.board_models import Board
from tracker.web.access import Standing, Viewer

MOST_ROWS = 100  # more than any table of ours has
CLOSED = "This action was closed, not completed, and takes no more updates: leave it"


@dataclass
class Row:
    """An action in the table, with what others entered since the page was opened."""

    here: Standing
    facts: ActionFacts
    behalf: Behalf
    form: AnswerForm
    action: Action | None = None
    missed: list[Event] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the names of its fields begin with."""
        return f"{self.here.slug}-{self.facts.number}"


@dataclass
class TaskRow:
    """A meeting action in the table; ``is_overtaken`` when somebody else answered it since."""

    here: Standing
    task: MeetingAction
    board: Board
    form: TaskForm
    is_overtaken: bool = False

    @property
    def key(self) -> str:
        """What the names of its fields begin with."""
        return str(self.task.uid)


@dataclass
class Saved:
    """What became of a table: the actions recorded, those that wait, and meeting actions."""

    recorded: list[Row] = field(default_factory=list)
    waiting: list[tuple[Row, Clearance]] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)


@dataclass
class Sheet:
    """The table: its rows of actions and of meeting actions."""

    rows: list[Row]
    tasks: list[TaskRow]
    is_empty: bool = False
    errors: list[tuple[str, str]] = field(default_factory=list)

    def is_overtaken(self) -> bool:
        """Whether somebody else answered any of what is answered here."""
        return any(row.missed for row in self.rows) or any(row.is_overtaken for row in self.tasks)

    def validate(self) -> bool:
        """Check every row, so that everything wrong is said at once."""
        for row in self.rows:
            if not row.form.validate():
                self._note(row.facts.reference, row.form)
            elif row.form.is_answered() and row.facts.lifecycle is Lifecycle.CLOSED_NOT_COMPLETED:
                row.form.answer.errors = [CLOSED]
                self._note(row.facts.reference, row.form)
        for task in self.tasks:
            if not task.form.validate():
                self._note(task.task.reference, task.form)
            elif task.form.is_answered() and task.task.status is not MeetingActionStatus.OPEN:
                task.form.status.errors = ["This was closed by somebody else: leave it"]
                self._note(task.task.reference, task.form)
        every: list[Row | TaskRow] = [*self.rows, *self.tasks]
        self.is_empty = not any(row.form.is_answered() for row in every) and not self.errors
        if self.is_empty:
            form = every[0].form if every else None
            href = f"#{form[form.chosen_in].id}" if form is not None else "#main-content"
            self.errors.append(("Choose an answer in at least one row", href))
        return not self.errors

    def _note(self, reference: str, form: AnswerForm | TaskForm) -> None:
        for name, found in form.errors.items():
            if name in ("last_seen", "version"):
                continue
            for one in found:
                self.errors.append((f"{reference}: {one}", f"#{form[name].id}"))

    def save(self, session: Session, who: Viewer, now: datetime) -> Saved:
        """Record every answer, in the transaction of the request.

        Raises what recording progress raises, when somebody else was quicker: then none is kept.
        """
        saved = Saved()
        for row in self.rows:
            if row.form.is_answered() and row.action is not None:
                outcome = submit_or_clear(
                    session,
                    row.action,
                    row.form.entry(row.action),
                    person_id=who.person_id,
                    last_seen=int(row.form.last_seen.data or 0),
                    now=now,
                )
                if isinstance(outcome, Clearance):
                    saved.waiting.append((row, outcome))
                else:
                    saved.recorded.append(row)
        for task in self.tasks:
            if task.form.is_answered():
                answer(
                    session,
                    task.task,
                    status=task.form.outcome(),
                    progress=task.form.progress.data,
                    now=now,
                    person_id=who.person_id,
                )
                saved.tasks.append(task)
        return saved


def opened(
    session: Session, who: Viewer, listed: Sequence[Listed], uids: Sequence[UUID], now: datetime
) -> Sheet:
    """The table as it is opened: these actions and meeting actions, nothing answered yet."""
    rows = [
        Row(
            one.partnership,
            one.facts,
            one.behalf,
            _form(one.partnership, one.facts, now, begun=True),
        )
        for one in listed
    ]
    return Sheet(rows, _tasks(session, who, uids, begun=True))


def sent(
    session: Session, who: Viewer, keys: Sequence[str], uids: Sequence[str], now: datetime
) -> Sheet:
    """The table as it was sent. Whatever in it is not theirs to answer is not there: 404."""
    if len(keys) + len(uids) > MOST_ROWS or len({*keys, *uids}) < len(keys) + len(uids):
        abort(404)
    places = [_place(who, key) for key in keys]
    numbers: dict[int, list[int]] = defaultdict(list)
    for here, number in places:
        numbers[here.partnership_id].append(number)
    today = london_day(now)
    mine = answerable(session, list(numbers), who.person_id, today)
    found: dict[tuple[int, int], Row] = {}
    for here in who.standings.values():
        wanted = numbers.get(here.partnership_id)
        if not wanted:
            continue
        actions = actions_by_number(session, here.partnership_id, wanted)
        if len(actions) < len(wanted) or not set(actions) <= set(mine[here.partnership_id]):
            abort(404)
        for row in _sent_rows(session, who, here, actions, now):
            found[here.partnership_id, row.facts.number] = row
    rows = [found[here.partnership_id, number] for here, number in places]
    tasks = _tasks(session, who, [_uid(one) for one in uids])
    for task in tasks:
        seen = task.form.version.data
        if task.form.is_answered() and seen is not None and seen < task.task.version:
            task.is_overtaken = True
            task.form.see(task.form.version, task.task.version)
    return Sheet(rows, tasks)


def _sent_rows(
    session: Session, who: Viewer, here: Standing, actions: Mapping[int, Action], now: datetime
) -> list[Row]:
    today = london_day(now)
    homes: dict[int, list[ActionFacts]] = defaultdict(list)
    for one in facts(session, here.partnership_id, today, action_ids=actions):
        homes[one.action_id].append(one)
    behalf = on_behalf(session, [here.partnership_id], list(actions), who.person_id, today)
    rows = []
    for action in actions.values():
        known = main_home(homes[action.id])
        form = _form(here, known, now)
        row = Row(here, known, behalf.get(action.id, Behalf()), form, action)
        seen = form.last_seen.data
        if form.is_answered() and seen is not None and 0 <= seen < action.last_entry_number:
            row.missed = [
                of_entry(one)
                for one in entries(session, here.partnership_id, action.id)
                if one.number > seen
            ]
            form.see(form.last_seen, action.last_entry_number)
        rows.append(row)
    return rows


def _form(here: Standing, known: ActionFacts, now: datetime, *, begun: bool = False) -> AnswerForm:
    """The row's form; what a page that was sent does not say of what it saw is not made up."""
    newest = known.last_entry.number if known.last_entry is not None else 0
    data = {"last_seen": newest} if begun else None
    form = AnswerForm(prefix=f"{here.slug}-{known.number}", data=data)
    # What the date will allow once something is entered today.
    entered = replace(known, lifecycle=Lifecycle.IN_PROGRESS, last_entry_at=now)
    form.ask_for(
        allowed=allowed(entered.thresholds(), london_day(now)),
        may_repeat=newest > 0 and known.lifecycle.is_open,
        newest=newest,
    )
    return form


def _tasks(
    session: Session, who: Viewer, uids: Sequence[UUID], *, begun: bool = False
) -> list[TaskRow]:
    """The meeting actions of these uids, in their order; all of them theirs, or 404."""
    if not uids:
        return []
    by_id = {here.partnership_id: here for here in who.standings.values()}
    found = tasks_by_uid(session, list(by_id), uids)
    rows = []
    for uid in uids:
        task, board = found.get(uid) or abort(404)
        if task.person_id != who.person_id:
            abort(404)
        form = TaskForm(prefix=str(uid), data={"version": task.version} if begun else None)
        form.ask_for(newest=task.version)
        rows.append(TaskRow(by_id[task.partnership_id], task, board, form))
    return rows


def _place(who: Viewer, key: str) -> tuple[Standing, int]:
    """The partnership and the number that a row's name says; 404 for no name of ours."""
    slug, _, number = key.rpartition("-")
    here = who.standings.get(slug)
    if here is None or not number.isascii() or not number.isdigit() or len(number) > 18:
        abort(404)
    if str(int(number)) != number:
        abort(404)
    return here, int(number)


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)
