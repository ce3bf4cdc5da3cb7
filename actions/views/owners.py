"""Who is asked about an action, passed on or ended; and the actions that nobody is asked about."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from actions.asked import gap_words
from actions.forms.owners import AssignForm, EndOwnerForm, OwnerForm
from actions.models import Action
from actions.owner_queries import actions_by_id, owner_by_id, owners_of, unasked
from actions.owners import (
    AskedAlready,
    BeforeItBegan,
    add_owner,
    assign,
    end_owner,
    replace_owner,
)
from actions.views.ground import found, known, pages, stale
from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.naming import in_words, members
from tracker.web.access import Permission, Standing, requires, standing
from tracker.web.parts import now, this_day

PAGE = 50


@pages.route("/<slug:partnership>/actions/<int:number>/owners", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def owners(number: int) -> ResponseReturnValue:
    """Who is asked about an action; somebody is asked from a day, as well or instead."""
    here = standing()
    action = found(here, number)
    form = OwnerForm.on(action.version, from_on=short_date(this_day()))
    asked = owners_of(db.session(), here.partnership_id, [action.id])[action.id]
    form.offer(
        members(db.session(), here.partnership_id, this_day()),
        [(one.key, one.name) for one in asked if one.to_on is None or one.to_on >= this_day()],
    )
    if form.is_submitted() and form.validate():
        stale(action, form.version.data)
        if _ask(form, action):
            return redirect(_owners(here, number))
    return _owners_page(here, action, form, EndOwnerForm(formdata=None))


@pages.post("/<slug:partnership>/actions/<int:number>/owners/end")
@requires(Permission.CHANGE_PLANS)
def owners_end(number: int) -> ResponseReturnValue:
    """Ask somebody no more after a day."""
    here = standing()
    action = found(here, number)
    ending, form = EndOwnerForm.on(action.version), OwnerForm(formdata=None)
    if ending.validate():
        stale(action, ending.version.data)
        owner = owner_by_id(db.session(), action, ending.owner.data)
        try:
            if owner is None:
                raise BeforeItBegan
            end_owner(db.session(), action, owner, to_on=ending.to_on.day, now=now())
            flash(f"{owner.person.name} is asked until {short_date(ending.to_on.day)}.", "success")
            return redirect(_owners(here, number))
        except BeforeItBegan:
            ending.to_on.errors = ["They are asked from a later day than this"]
    form.offer(members(db.session(), here.partnership_id, this_day()), ())
    return _owners_page(here, action, form, ending)


def _owners(here: Standing, number: int) -> str:
    return url_for("actions.owners", partnership=here.slug, number=number)


def _ask(form: OwnerForm, action: Action) -> bool:
    """Ask somebody, as well or in another's place; an error beside the field if it cannot be."""
    session, who, from_on = db.session(), form.who.chosen, form.from_on.day
    instead = form.instead_of()
    try:
        if instead is None:
            add_owner(session, action, who.id, from_on=from_on, to_on=form.to_on.on, now=now())
            flash(f"{who.name} is asked from {short_date(from_on)}.", "success")
            return True
        before = owner_by_id(session, action, instead)
        if before is None or from_on <= before.from_on:
            raise BeforeItBegan
        name = before.person.name
        replace_owner(session, action, before, who.id, from_on=from_on, now=now())
        flash(f"{who.name} is asked instead of {name} from {short_date(from_on)}.", "success")
    except AskedAlready:
        session.rollback()
        form.who.errors = ["They are asked about it on some of these days already"]
        return False
    except BeforeItBegan:
        form.from_on.errors = ["Give a day after the one from which the other is asked"]
        return False
    return True


def _owners_page(
    here: Standing, action: Action, form: OwnerForm, ending: EndOwnerForm
) -> ResponseReturnValue:
    asked = owners_of(db.session(), here.partnership_id, [action.id])[action.id]
    page = render_template(
        "actions/owners.html",
        form=ending if ending.errors else form,
        adding=form,
        ending=ending,
        action=known(here, action),
        version=action.version,
        owners=asked,
        gap=gap_words(asked, this_day()),
        choices=[in_words(one) for one in form.who.members],
        today=this_day(),
    )
    return page, 422 if request.method == "POST" else 200


@pages.route("/<slug:partnership>/to-assign", methods=["GET", "POST"])
@requires(Permission.CHANGE_PLANS)
def to_assign() -> ResponseReturnValue:
    """Open actions with nobody to ask, now or soon; several given to one person together."""
    here, today = standing(), this_day()
    form = AssignForm(data={"from_on": short_date(today)} if request.method == "GET" else None)
    form.who.members = members(db.session(), here.partnership_id, today)
    if form.is_submitted() and form.validate():
        chosen = actions_by_id(db.session(), here.partnership_id, form.ids())
        taken = assign(
            db.session(), chosen, form.who.chosen.id, from_on=form.from_on.day, now=now()
        )
        flash(_taken_words(form.who.chosen.name, len(taken), len(chosen)), "success")
        return redirect(url_for("actions.to_assign", partnership=here.slug))
    after, before = (request.args.get(name, type=int) for name in ("after", "before"))
    rows = unasked(
        db.session(), here.partnership_id, today, after=after, before=before, limit=PAGE + 1
    )
    is_more = len(rows) > PAGE
    rows = rows[-PAGE:] if before is not None else rows[:PAGE]
    page = render_template(
        "actions/to_assign.html",
        form=form,
        rows=[(row, gap_words(row.owners, today)) for row in rows],
        choices=[in_words(one) for one in form.who.members],
        ticked=set(form.ids()),
        previous=rows[0].action.number if rows and (after or (before and is_more)) else None,
        next=rows[-1].action.number if rows and (is_more or before) else None,
    )
    return page, 422 if form.is_submitted() else 200


def _taken_words(name: str, taken: int, chosen: int) -> str:
    words = f"{name} is asked about {taken} action{'' if taken == 1 else 's'}."
    if taken < chosen:
        words += f" About {chosen - taken} of those ticked they were asked already."
    return words
