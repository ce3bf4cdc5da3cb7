"""Cover for absence: for oneself, in each of one's partnerships, and by a secretary for others."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from actions.covers import CoveredAlready, CoversOneself, add_cover, end_cover
from actions.forms.owners import AwayForm, CoverForm, EndCoverForm, OwnCoverForm
from actions.owner_queries import cover_by_id, covers_of, is_away
from actions.views.ground import pages
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.models import Person
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, Standing, requires, standing, viewer
from tracker.web.parts import now, this_day


@pages.route("/cover", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def cover() -> ResponseReturnValue:
    """Who answers for me while I am away, and for whom I answer."""
    standings = sorted(viewer().standings.values(), key=lambda one: one.name)
    form = OwnCoverForm()
    form.offer(standings)
    here = viewer().standings.get(form.where.data or "")
    form.cover.members = _members(here)
    if form.is_submitted() and form.validate() and here is not None:
        me = next(one for one in form.cover.members if one.id == viewer().person_id)
        if _cover(form, here, me):
            return redirect(url_for("actions.cover"))
    if form.is_submitted() and here is None:
        form.where.errors = ["Choose a partnership"]
    ids = [one.partnership_id for one in standings]
    choices = (
        {in_words(one) for each in standings for one in _members(each)} if standings else set()
    )
    page = render_template(
        "actions/cover.html",
        form=form,
        standings=standings,
        covers=covers_of(db.session(), ids, this_day(), person_id=viewer().person_id),
        choices=sorted(choices - {f"{viewer().name} <{viewer().email}>"}),
        today=this_day(),
    )
    return page, 422 if form.is_submitted() else 200


@pages.post("/cover/end")
@requires(Permission.BE_SIGNED_IN)
def cover_end() -> ResponseReturnValue:
    """I am back: nobody answers for me any more."""
    form = EndCoverForm()
    if form.validate():
        ids = [one.partnership_id for one in viewer().standings.values()]
        found = cover_by_id(db.session(), ids, form.end.data)
        if found is None or found.person_id != viewer().person_id:
            abort(404)
        end_cover(db.session(), found, today=this_day())
        flash("Ended. You are asked yourself again.", "success")
    return redirect(url_for("actions.cover"))


@pages.route("/<slug:partnership>/people-away", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def people_away() -> ResponseReturnValue:
    """Who is away, and who answers for them; arranged for somebody who could not."""
    here, form = standing(), AwayForm()
    form.person.members = form.cover.members = _members(here)
    if form.is_submitted() and form.validate() and _cover(form, here, form.person.chosen):
        return redirect(url_for("actions.people_away", partnership=here.slug))
    page = render_template(
        "actions/people_away.html",
        form=form,
        covers=covers_of(db.session(), [here.partnership_id], this_day()),
        choices=[in_words(one) for one in form.cover.members],
        today=this_day(),
    )
    return page, 422 if form.is_submitted() else 200


@pages.post("/<slug:partnership>/people-away/end")
@requires(Permission.CHANGE_PLANS)
def people_away_end() -> ResponseReturnValue:
    """Somebody is back."""
    here, form = standing(), EndCoverForm()
    if form.validate():
        found = cover_by_id(db.session(), [here.partnership_id], form.end.data)
        if found is None:
            abort(404)
        end_cover(db.session(), found, today=this_day())
        flash("Ended. They are asked themselves again.", "success")
    return redirect(url_for("actions.people_away", partnership=here.slug))


def _members(here: Standing | None) -> list[Person]:
    if here is None:
        return []
    return list(members(db.session(), here.partnership_id, this_day()))


def _cover(form: CoverForm, here: Standing, person: Person) -> bool:
    """Arrange the cover; an error beside the field if it cannot be."""
    if not form.check_days(this_day()):
        return False
    session, stands_in = db.session(), form.cover.chosen
    begins, ends = form.from_on.day, form.to_on.day
    try:
        add_cover(
            session,
            here.partnership_id,
            person.id,
            stands_in.id,
            from_on=begins,
            to_on=ends,
            made_by_id=viewer().person_id,
            now=now(),
        )
    except CoversOneself:
        form.cover.errors = ["Somebody else must answer"]
        return False
    except CoveredAlready:
        form.from_on.errors = ["Somebody answers on some of these days already: end that first"]
        return False
    flash(
        f"{stands_in.name} answers for {person.name} from {short_date(begins)}"
        f" to {short_date(ends)}.",
        "success",
    )
    if is_away(session, here.partnership_id, stands_in.id, begins, ends):
        flash(
            f"{stands_in.name} is away on some of these days too. What is asked of"
            f" {person.name} is not passed on a second time: choose somebody else if need be."
        )
    return True
