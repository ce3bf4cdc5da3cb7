"""The administrator's page of closed periods: added, ended, and what that moved."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from governance import moving
from governance.forms import EndPeriodForm, PeriodForm
from governance.ground import pages
from tracker.edges.db import db
from tracker.people.closed_periods import closed_period, closed_periods
from tracker.people.models import Audience
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import now, parts, this_day


@pages.route("/<slug:partnership>/closed-periods", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def periods() -> ResponseReturnValue:
    """A partnership's closed periods; add one."""
    here, form = standing(), PeriodForm()
    if form.validate_on_submit():
        first, last = form.days()
        moved = moving.add_closed_period(
            db.session(),
            here.partnership_id,
            name=form.name.data or "",
            from_on=first,
            to_on=last,
            audience=Audience(form.audience.data),
            holds_publishing=bool(form.holds_publishing.data),
            now=now(),
            holidays=parts().holidays,
        )
        flash(f"“{form.name.data}” is kept. {_moved(moved)}", "success")
        return redirect(url_for("governance.periods", partnership=here.slug))
    known = closed_periods(db.session(), here.partnership_id)
    page = render_template(
        "governance/periods.html",
        form=form,
        coming=[period for period in known if period.to_on >= this_day()],
        past=[period for period in reversed(known) if period.to_on < this_day()][:20],
        today=this_day(),
    )
    return page, 422 if form.is_submitted() else 200


@pages.post("/<slug:partnership>/closed-periods/end")
@requires(Permission.MANAGE_PEOPLE)
def end_period() -> ResponseReturnValue:
    """End a closed period, or take back one that has not begun."""
    here, form = standing(), EndPeriodForm()
    page = url_for("governance.periods", partnership=here.slug)
    if not form.validate():
        flash("Nothing was changed: that page was too old. Look at this one.")
        return redirect(page)
    period = closed_period(db.session(), here.partnership_id, form.period.data or 0)
    if period is None:
        abort(404)
    if period.to_on < this_day():
        flash(f"“{period.name}” is over already.")
        return redirect(page)
    name = period.name
    moved = moving.end_closed_period(db.session(), period, now=now(), holidays=parts().holidays)
    flash(f"“{name}” is ended. {_moved(moved)}", "success")
    return redirect(page)


def _moved(number: int) -> str:
    if not number:
        return "No step of a coming meeting moves."
    return f"{number} step{'' if number == 1 else 's'} of coming meetings moved."
