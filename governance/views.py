"""Pages of boards, and of meetings with their timetable and pack."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import render_template
from flask.typing import ResponseReturnValue

from governance import cycle_queries, documents, queries
from governance.agenda_models import AgendaItem
from governance.boards.queries import chair_words
from governance.cycles import plain_words
from governance.ground import board_of, meeting_of, pages, signposts
from governance.meetings import rule_of
from governance.minuting.queries import minutes_of
from governance.models import Meeting, MeetingStatus
from governance.pack_models import Pack, PackPart, PackStatus
from governance.planning import closed_days
from governance.publishing.reading_views import file_of, name_of, page_of
from governance.sittings.queries import lawfulness
from governance.timetable import TITLES, StepKind, closed_words
from plans.queries import plans_of
from tracker.edges.db import db
from tracker.kernel.times import london_day
from tracker.people import queries as people
from tracker.people.board_models import Board
from tracker.web.access import Permission, may, requires, standing
from tracker.web.parts import now, parts, this_day

# What of a meeting's timetable is of use to who does not run it.
FOR_EVERYBODY = (
    *(StepKind.ASK, StepKind.UPDATES_CLOSE, StepKind.PUBLISH),
    *(StepKind.MEETING, StepKind.DRAFT_MINUTES_TO_MEMBERS),
)


@pages.get("/<slug:partnership>/boards")
@requires(Permission.READ)
def boards() -> ResponseReturnValue:
    """A partnership's boards, those that meet first: whom each answers to, when it meets next."""
    here = standing()
    coming: dict[int, Meeting] = {}
    meetings = queries.meetings(db.session(), here.partnership_id, after=now())
    joint = queries.boards_joined(db.session(), here.partnership_id, [one.id for one in meetings])
    for meeting in meetings:
        if meeting.status is MeetingStatus.PLANNED:
            for board_id in (meeting.board_id, *joint.get(meeting.id, [])):
                coming.setdefault(board_id, meeting)
    return render_template(
        "governance/boards.html",
        boards=sorted(
            people.boards(db.session(), here.partnership_id), key=lambda one: one.id not in coming
        ),
        relations=people.board_relations(db.session(), here.partnership_id),
        coming=coming,
        today=this_day(),
    )


@pages.get("/<slug:partnership>/boards/<slug:slug>")
@requires(Permission.READ)
def board(slug: str) -> ResponseReturnValue:
    """One board: who sits on it, what it reviews and by which rule, its meetings."""
    here = standing()
    found = board_of(slug)
    meetings = queries.meetings(db.session(), here.partnership_id, board_ids=[found.id])
    ids = [meeting.id for meeting in meetings]
    return render_template(
        "governance/board.html",
        board=found,
        relations=people.board_relations(db.session(), here.partnership_id),
        people=people.board_people(db.session(), here.partnership_id, found.id, this_day()),
        chair=chair_words(db.session(), found, this_day()),
        cycles=_cycles(found),
        coming=[m for m in meetings if m.starts_at >= now()],
        past=[m for m in reversed(meetings) if m.starts_at < now()],
        plans=queries.meeting_plans(db.session(), here.partnership_id, ids),
        published={
            pack.meeting_id
            for pack in queries.packs(db.session(), here.partnership_id, ids)
            if pack.status is PackStatus.PUBLISHED
        },
        log=queries.action_log(
            db.session(),
            here.partnership_id,
            found.id,
            confidential=may(Permission.READ_CONFIDENTIAL, board_id=found.id),
        )
        if may(Permission.READ_MINUTES, board_id=found.id)
        else None,
        may_read_log=may(Permission.READ_MINUTES, board_id=found.id),
        links=signposts(found),
    )


@pages.get("/<slug:partnership>/boards/<slug:slug>/meetings/<day:on>")
@requires(Permission.READ)
def meeting(slug: str, on: date) -> ResponseReturnValue:
    """A meeting: when and where, how it stands, what to do for it, its papers and timetable."""
    here = standing()
    found_board, found = meeting_of(slug, on)
    session, board_id = db.session(), found_board.id
    boards = queries.boards_of(session, found)
    packs = queries.packs(session, here.partnership_id, [found.id])
    steps = queries.steps(session, found)
    closed = closed_days(session, here.partnership_id)
    may_draft = may(Permission.READ_DRAFT_PACK, board_id=board_id)
    may_read = may(Permission.READ_PUBLISHED_PACK, board_ids=frozenset(one.id for one in boards))
    sees_all = may(Permission.READ_CONFIDENTIAL, board_id=board_id)
    is_published = any(pack.status is PackStatus.PUBLISHED for pack in packs)
    return render_template(
        "governance/meeting.html",
        board=found_board,
        meeting=found,
        joint=boards[1:],
        law=lawfulness(session, found, now(), parts().holidays),
        quorum=_quorum(found),
        minutes=minutes_of(session, found),
        steps=steps if may_draft else [step for step in steps if step.kind in FOR_EVERYBODY],
        closing=next((step for step in steps if step.kind is StepKind.UPDATES_CLOSE), None),
        titles=TITLES,
        in_closed=lambda step: closed_words(step.kind, london_day(step.planned_at), closed),
        agenda=_agenda(found, confidential=sees_all, drafts=may_draft)
        if may_draft or (may_read and is_published)
        else [],
        plans=queries.meeting_plans(session, here.partnership_id, [found.id]).get(found.id),
        published=_published(found_board, found, packs, confidential=sees_all) if may_read else [],
        is_published=is_published,
        draft=next((p for p in packs if _is_draft(p)), None),
        may_draft=may_draft,
        may_read=may_read,
        may_publish=may(Permission.PUBLISH_PACK, board_id=board_id)
        and documents.is_publishable(found),
        links=signposts(found_board, found),
        held=documents.held_words(found_board, closed, this_day()),
        this_instant=now(),
    )


def _agenda(meeting: Meeting, *, confidential: bool, drafts: bool) -> Sequence[AgendaItem]:
    """A meeting's agenda; for members without what was accepted since and is not published yet.

    Where no item has a number, the pack was published when numbers were not kept yet.
    """
    items = queries.agenda(db.session(), meeting, confidential=confidential)
    numbered = [item for item in items if item.number is not None]
    return items if drafts or not numbered else numbered


def _is_draft(pack: Pack) -> bool:
    return pack.status is PackStatus.DRAFT and pack.part is PackPart.OPEN and not pack.supplement


def _quorum(meeting: Meeting) -> str | None:
    """Whether a meeting had its quorum, where that is known."""
    if meeting.is_quorate is None:
        return None
    return "Present" if meeting.is_quorate else "Not present: the board could only recommend"


def _published(
    board: Board, meeting: Meeting, packs: Sequence[Pack], *, confidential: bool
) -> list[dict[str, object]]:
    """What was published, the latest version of each file, with its page and its PDF."""
    latest: dict[tuple[PackPart, int], Pack] = {}
    for pack in packs:
        if pack.status is PackStatus.PUBLISHED and (confidential or pack.part is PackPart.OPEN):
            latest[pack.part, pack.supplement] = pack
    return [
        {
            "row": pack,
            "name": name_of(pack),
            "page": page_of(board, meeting, pack),
            "file": file_of(board, meeting, pack),
        }
        for pack in latest.values()
    ]


def _cycles(board: Board) -> list[dict[str, object]]:
    """A board's review cycles in words: why, which plans, and on which days."""
    titles = {plan.id: plan.full_title for plan in plans_of(db.session(), board.partnership_id)}
    brings = cycle_queries.cycle_plans(db.session(), board.partnership_id)
    return [
        {
            "words": cycle.words,
            "days": plain_words(rule_of(cycle)) if cycle.rule else None,
            "plans": [titles[plan_id] for plan_id in brings.get(cycle.id, [])],
        }
        for cycle in cycle_queries.cycles(db.session(), board.partnership_id, board.id)
        if cycle.ends_on is None or cycle.ends_on >= this_day()
    ]
