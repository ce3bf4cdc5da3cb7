"""Pages of agendas: the whole agenda with its times and papers, and the chair's approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from flask import abort, flash, render_template
from flask.typing import ResponseReturnValue

import governance.agendas.item_views
import governance.agendas.paper_views
import governance.agendas.telling
import governance.agendas.writers
from governance import queries
from governance.agenda_models import AgendaItem, Paper
from governance.agendas import queries as agendas
from governance.agendas.changing import approve_agenda, changed_since_approval
from governance.agendas.forms import ApproveForm, RecordApprovalForm
from governance.agendas.ground import sees_confidential, to_agenda
from governance.agendas.rules import ALWAYS_THERE, minutes_over, running_times
from governance.ground import MEETING, ON_MEETINGS, Signpost, meeting_of, pages
from governance.models import Meeting
from tracker.edges.db import db
from tracker.kernel.period import clock_words, short_date
from tracker.kernel.times import london, to_london
from tracker.people import queries as people
from tracker.people.board_models import Board, BoardRole
from tracker.people.models import Person
from tracker.web.access import Permission, demand, may, requires, standing, viewer
from tracker.web.parts import now, this_day

__all__ = ["governance"]
ON_MEETINGS.append(
    Signpost("governance.agenda", "Agenda, item by item", Permission.READ_DRAFT_PACK, 10)
)


@dataclass(frozen=True)
class Row:
    """An item as the agenda's page shows it."""

    item: AgendaItem
    number: str
    begins: str
    papers: list[Paper]
    is_first: bool
    is_last: bool
    is_changed: bool
    can_be_deferred: bool


@pages.get(f"{MEETING}/agenda")
@requires(Permission.READ_DRAFT_PACK)
def agenda(slug: str, on: date) -> ResponseReturnValue:
    """The whole agenda: its items in order with their times and papers, and what left it."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.READ_DRAFT_PACK, board_id=board.id)
    return _agenda_page(board, meeting)


def _agenda_page(board: Board, meeting: Meeting) -> str:
    session, confidential = db.session(), sees_confidential(board)
    items = queries.agenda(session, meeting, confidential=confidential)
    changed = changed_since_approval(session, meeting)
    minutes = [item.minutes for item in items]
    is_published = agendas.is_published(session, meeting)
    may_edit = may(Permission.EDIT_AGENDA, board_id=board.id) and meeting.status.is_to_come
    chair = _chair(board)
    return render_template(
        "governance/agendas/agenda.html",
        board=board,
        meeting=meeting,
        rows=_rows(board, meeting, items, changed),
        off=agendas.off_agenda(session, meeting, confidential=confidential),
        total=sum(each or 0 for each in minutes),
        length=int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        over=minutes_over(meeting.starts_at, meeting.ends_at, minutes),
        unallotted=sum(each is None for each in minutes),
        is_published=is_published,
        may_edit=may_edit,
        may_reorder=may_edit and not is_published,
        may_approve=may(Permission.APPROVE_AGENDA, board_id=board.id) and meeting.status.is_to_come,
        is_chair=board.id in standing().chairs,
        approve_form=ApproveForm(formdata=None, data={"version": meeting.version}),
        approved_by=_name(meeting.agenda_approved_by_id),
        recorded_by=_name(meeting.agenda_recorded_by_id),
        chair=chair.name if chair else None,
        is_changed=bool(changed),
    )


def _rows(
    board: Board, meeting: Meeting, items: Sequence[AgendaItem], changed: set[int]
) -> list[Row]:
    papers = agendas.papers(
        db.session(),
        meeting.partnership_id,
        [item.id for item in items],
        confidential=sees_confidential(board),
    )
    times = running_times(meeting.starts_at, [item.minutes for item in items])
    ends = {item.is_confidential: item.id for item in items}
    starts = {item.is_confidential: item.id for item in reversed(items)}
    return [
        Row(
            item=item,
            number=item.number or str(place),
            begins=clock_words(to_london(begins).time()),
            papers=papers.get(item.id, []),
            is_first=starts[item.is_confidential] == item.id,
            is_last=ends[item.is_confidential] == item.id,
            is_changed=item.id in changed,
            can_be_deferred=item.kind not in ALWAYS_THERE,
        )
        for place, (item, begins) in enumerate(zip(items, times, strict=True), start=1)
    ]


@pages.post(f"{MEETING}/agenda/approve")
@requires(Permission.APPROVE_AGENDA)
def agenda_approve(slug: str, on: date) -> ResponseReturnValue:
    """The chair approves the agenda as it stands."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.APPROVE_AGENDA, board_id=board.id)
    if board.id not in standing().chairs:
        flash("Only the chair approves here. Record below that the chair did.")
        return to_agenda(board, meeting)
    form = ApproveForm.on(meeting.version)
    if not form.validate() or form.version.data != meeting.version or not _is_to_come(meeting):
        flash("The meeting changed since you opened the page. Look at its agenda, then approve.")
        return to_agenda(board, meeting)
    approve_agenda(
        db.session(),
        meeting,
        chair_id=viewer().person_id,
        recorded_by_id=None,
        at=now(),
        now=now(),
    )
    flash("You approved this agenda.", "success")
    return to_agenda(board, meeting)


@pages.route(f"{MEETING}/agenda/approval", methods=["GET", "POST"])
@requires(Permission.APPROVE_AGENDA)
def agenda_approval(slug: str, on: date) -> ResponseReturnValue:
    """The secretary records that the chair approved the agenda, and when."""
    board, meeting = meeting_of(slug, on)
    demand(Permission.APPROVE_AGENDA, board_id=board.id)
    form = RecordApprovalForm.on(meeting.version, approved_on=short_date(this_day()))
    if form.is_submitted() and form.validate():
        if form.version.data != meeting.version or not _is_to_come(meeting):
            abort(409)
        if form.approved_on.day > this_day():
            form.approved_on.errors = ["Give a day that has come"]
        else:
            chair = _chair(board)
            approve_agenda(
                db.session(),
                meeting,
                chair_id=chair.id if chair else None,
                recorded_by_id=viewer().person_id,
                at=min(now(), london(form.approved_on.day, time(23, 59))),
                now=now(),
            )
            flash("Recorded: the chair approved this agenda.", "success")
            return to_agenda(board, meeting)
    page = render_template(
        "governance/agendas/approval.html", form=form, board=board, meeting=meeting
    )
    return page, 422 if form.is_submitted() else 200


def _is_to_come(meeting: Meeting) -> bool:
    return meeting.status.is_to_come


def _chair(board: Board) -> Person | None:
    seats = people.board_people(db.session(), board.partnership_id, board.id, this_day())
    return next((person for role, person in seats if role is BoardRole.CHAIR), None)


def _name(person_id: int | None) -> str | None:
    person = db.session().get(Person, person_id) if person_id is not None else None
    return person.name if person is not None else None
