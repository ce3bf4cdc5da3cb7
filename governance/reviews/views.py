"""Pages: review cycles edited in plain words, with what they would bring before they do."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from governance.cycle_queries import cycle_plans, cycles
from governance.cycles import plain_words
from governance.ground import BOARD, ON_BOARDS, Group, Signpost, board_address, board_of, pages
from governance.meetings import rule_of
from governance.models import CycleKind, ReviewCycle
from governance.moving import CannotMove
from governance.reviews.changing import Change, plan_change
from governance.reviews.forms import CycleForm, EndCycleForm, begun_with
from governance.reviews.operations import save_cycle
from governance.reviews.queries import Wanted, as_it_is, cycle_by_uid, dates_ahead, ended
from plans.models import Plan, PlanStatus
from plans.queries import plans_of
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.board_models import Board
from tracker.web.access import Permission, demand, requires
from tracker.web.parts import now, parts, this_day

ON_BOARDS.append(
    Signpost("governance.cycles", "Review cycles", Permission.RUN_MEETINGS, 40, group=Group.RUN)
)
OVERTAKEN = "Somebody changed this cycle since you opened the page. Look again."
ELSEWHERE = "What this does to meetings has changed since you looked. Look again, then save."
OVER = (PlanStatus.SUPERSEDED, PlanStatus.CLOSED)
NEW = 0  # the version that a page of a new cycle has seen


@pages.get(f"{BOARD}/cycles", endpoint="cycles")
@requires(Permission.RUN_MEETINGS)
def show_cycles(slug: str) -> ResponseReturnValue:
    """A board's review cycles: what each brings and when, those that are over last."""
    board = board_of(slug)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    titles = {plan.id: plan.full_title for plan in plans_of(db.session(), board.partnership_id)}
    brings = cycle_plans(db.session(), board.partnership_id)
    rows = [
        {
            "cycle": cycle,
            "days": plain_words(rule_of(cycle)) if cycle.kind is CycleKind.RECURRENCE else None,
            "plans": [titles[plan_id] for plan_id in brings.get(cycle.id, [])],
            "is_over": cycle.ends_on is not None and cycle.ends_on < this_day(),
        }
        for cycle in cycles(db.session(), board.partnership_id, board.id)
    ]
    return render_template("governance/reviews/cycles.html", board=board, rows=rows)


@pages.route(f"{BOARD}/cycles/new", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def new_cycle(slug: str) -> ResponseReturnValue:
    """Make a review cycle: say it in words, see what it brings, confirm."""
    board = board_of(slug)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    begun = {
        "kind": CycleKind.RECURRENCE.value,
        "minutes": "120",
        "starts_on": short_date(this_day()),
        "seen": NEW,
    }
    return _edit(board, None, begun)


@pages.route(f"{BOARD}/cycles/<uuid:uid>", methods=["GET", "POST"], endpoint="cycle")
@requires(Permission.RUN_MEETINGS)
def change_cycle(slug: str, uid: UUID) -> ResponseReturnValue:
    """Change a review cycle: its rule moves the meetings to come, which is shown before it does."""
    board, cycle = _cycle_of(slug, uid)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    return _edit(board, cycle, begun_with(as_it_is(db.session(), cycle), cycle.version))


@pages.route(f"{BOARD}/cycles/<uuid:uid>/end", methods=["GET", "POST"])
@requires(Permission.RUN_MEETINGS)
def end_cycle(slug: str, uid: UUID) -> ResponseReturnValue:
    """End a review cycle: see which meetings fall away with it, confirm."""
    board, cycle = _cycle_of(slug, uid)
    demand(Permission.RUN_MEETINGS, board_id=board.id)
    form = EndCycleForm(data={"on": short_date(this_day()), "seen": cycle.version})
    if not form.is_submitted():
        return _end_page(form, board, cycle)
    if not form.validate():
        return _end_page(form, board, cycle), 422
    if form.day() < this_day():
        form.on.errors = ["Give today or a day to come: what was reviewed stays"]
        return _end_page(form, board, cycle), 422
    if form.seen.data != cycle.version:
        form.seen.data, form.seen.raw_data = cycle.version, None
        form.on.errors = [OVERTAKEN]
        return _end_page(form, board, cycle), 409
    wanted = ended(as_it_is(db.session(), cycle), form.day())
    change = plan_change(db.session(), board, cycle, wanted, now=now())
    if not form.confirm.data or form.mark.data != change.mark:
        status = 409 if form.confirm.data else 200
        return _end_page(form, board, cycle, change), status
    return _saved(board, cycle, wanted, f"“{cycle.words}” ends on {short_date(form.day())}.")


def _edit(board: Board, cycle: ReviewCycle | None, begun: dict[str, object]) -> ResponseReturnValue:
    """The form, then what it would do, then the deed."""
    form = CycleForm(data=begun)
    form.offer(_plans(board, cycle))
    if not form.is_submitted():
        return _form_page(form, board, cycle)
    if not form.validate():
        return _form_page(form, board, cycle), 422
    version = cycle.version if cycle is not None else NEW
    if form.seen.data != version:
        form.seen.data, form.seen.raw_data = version, None
        form.kind.errors = [OVERTAKEN]
        return _form_page(form, board, cycle), 409
    if form.change.data:
        return _form_page(form, board, cycle)
    wanted = form.wanted()
    change = plan_change(db.session(), board, cycle, wanted, now=now())
    if form.confirm.data and form.mark.data == change.mark:
        said = "is changed" if cycle is not None else "is set"
        return _saved(board, cycle, wanted, f"“{wanted.words}” {said}.")
    page = render_template(
        "governance/reviews/preview.html",
        form=form,
        board=board,
        cycle=cycle,
        wanted=wanted,
        change=change,
        titles=[plan.full_title for plan in form.offered if plan.id in wanted.plan_ids],
        ahead=dates_ahead(db.session(), board, cycle, wanted, now=now(), holidays=parts().holidays),
        days=plain_words(wanted.rule) if wanted.rule else None,
        overtaken=ELSEWHERE if form.confirm.data else None,
        action=_address(board, cycle),
    )
    return page, 409 if form.confirm.data else 200


def _saved(
    board: Board, cycle: ReviewCycle | None, wanted: Wanted, said: str
) -> ResponseReturnValue:
    try:
        _, done = save_cycle(
            db.session(), board, cycle, wanted, now=now(), holidays=parts().holidays
        )
    except CannotMove as why:
        db.session.rollback()
        flash(f"Nothing was changed. {why}")
        return redirect(board_address(board_of(board.slug), "governance.cycles"))
    flash(f"{said} {_in_words(done)}", "success")
    return redirect(board_address(board, "governance.cycles"))


def _in_words(change: Change) -> str:
    counts = [
        (len(change.moves), "moved"),
        (len(change.cancels), "cancelled"),
        (len(change.revives), "planned again"),
        (len(change.makes), "made"),
    ]
    said = [
        f"{number} meeting{'' if number == 1 else 's'} {'is' if number == 1 else 'are'} {what}"
        for number, what in counts
        if number
    ]
    return f"{'; '.join(said)}." if said else "No meeting moves."


def _form_page(form: CycleForm, board: Board, cycle: ReviewCycle | None) -> str:
    return render_template(
        "governance/reviews/cycle.html",
        form=form,
        board=board,
        cycle=cycle,
        action=_address(board, cycle),
    )


def _end_page(
    form: EndCycleForm, board: Board, cycle: ReviewCycle, change: Change | None = None
) -> str:
    return render_template(
        "governance/reviews/end.html", form=form, board=board, cycle=cycle, change=change
    )


def _address(board: Board, cycle: ReviewCycle | None) -> str:
    if cycle is None:
        return board_address(board, "governance.new_cycle")
    return board_address(board, "governance.cycle", uid=cycle.uid)


def _cycle_of(slug: str, uid: UUID) -> tuple[Board, ReviewCycle]:
    board = board_of(slug)
    found = cycle_by_uid(db.session(), board.partnership_id, board.id, uid)
    if found is None:
        abort(404)
    return board, found


def _plans(board: Board, cycle: ReviewCycle | None) -> Sequence[Plan]:
    """The plans that a cycle may bring: those that are not over, and those that it brings."""
    brought = as_it_is(db.session(), cycle).plan_ids if cycle is not None else ()
    return [
        plan
        for plan in plans_of(db.session(), board.partnership_id)
        if plan.status not in OVER or plan.id in brought
    ]
