"""A partnership's people, for its administrators: who is there, inviting, changing, leaving."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.edges.db import db
from tracker.kernel.period import short_date
from tracker.people.forms.members import EndForm, InviteForm, MemberForm
from tracker.people.letters import post_invitation
from tracker.people.member_queries import (
    Member,
    belongs_elsewhere,
    member_by_uid,
    members,
    organisations,
)
from tracker.people.members import (
    Refused,
    change_part,
    end_memberships,
    invite,
    invite_again,
    keep_memberships,
    rename,
)
from tracker.people.models import Invitation, Person
from tracker.people.views.ground import pages
from tracker.web.access import Permission, Standing, requires, standing, viewer
from tracker.web.parts import now, parts, this_day


@pages.get("/<slug:partnership>/people")
@requires(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """Who belongs to the partnership, and who did."""
    today = this_day()
    found = members(db.session(), standing().partnership_id, today, start=_start())
    return render_template("people/index.html", found=found, today=today)


@pages.route("/<slug:partnership>/people/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def invite_person() -> ResponseReturnValue:
    """Invite somebody into the partnership."""
    here = standing()
    form = InviteForm(organisations=organisations(db.session(), here.partnership_id))
    if form.validate_on_submit():
        try:
            person, invitation = invite(
                db.session(),
                here.partnership_id,
                name=str(form.name.data),
                email=str(form.email.data),
                part=form.part(),
                invited_by_id=viewer().person_id,
                now=now(),
            )
        except Refused as refused:
            form.email.errors = [str(refused)]
        else:
            _invited(here, invitation, person)
            return redirect(url_for("people.index", partnership=here.slug))
    page = render_template("people/invite.html", form=form)
    return page, 422 if form.is_submitted() else 200


@pages.post("/<slug:partnership>/people/<uuid:uid>/invite-again")
@requires(Permission.MANAGE_PEOPLE)
def invite_person_again(uid: UUID) -> ResponseReturnValue:
    """Send another invitation to somebody who has not signed in yet."""
    here, person = standing(), _found(uid).person
    try:
        invitation = invite_again(
            db.session(),
            here.partnership_id,
            person,
            invited_by_id=viewer().person_id,
            now=now(),
        )
    except Refused as refused:
        flash(str(refused))
    else:
        _invited(here, invitation, person)
    return redirect(url_for("people.person", partnership=here.slug, uid=uid))


@pages.route("/<slug:partnership>/people/<uuid:uid>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def person(uid: UUID) -> ResponseReturnValue:
    """One person: what they are in the partnership, changed here."""
    here, today, member = standing(), this_day(), _found(uid)
    elsewhere = belongs_elsewhere(db.session(), here.partnership_id, member.person.id, today)
    form = MemberForm(
        # What a browser sends is all that was said: only an opened page begins with what is.
        data=None if request.method == "POST" else _as_it_is(member),
        organisations=organisations(db.session(), here.partnership_id),
        may_rename=not elsewhere,
    )
    if form.validate_on_submit() and _change(form, member, may_rename=not elsewhere):
        flash(f"What {member.person.name} is here was changed.", "success")
        return redirect(url_for("people.person", partnership=here.slug, uid=uid))
    page = render_template(
        "people/person.html",
        form=form,
        member=member,
        is_elsewhere=elsewhere,
        today=today,
    )
    return page, 422 if form.is_submitted() else 200


@pages.route("/<slug:partnership>/people/<uuid:uid>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def end_membership(uid: UUID) -> ResponseReturnValue:
    """Somebody leaves the partnership after a day, or stays after all."""
    here, today, member = standing(), this_day(), _found(uid)
    form, who = EndForm(), member.person
    if form.validate_on_submit():
        try:
            flash(_end(form, here, who), "success")
        except Refused as refused:
            form.last_on.errors = [str(refused)]
        else:
            return redirect(url_for("people.person", partnership=here.slug, uid=uid))
    page = render_template("people/end.html", form=form, member=member, today=today)
    return page, 422 if form.is_submitted() else 200


def _found(uid: UUID) -> Member:
    """The person of an address; 404 for one who never belonged to the partnership."""
    found = member_by_uid(db.session(), standing().partnership_id, uid, this_day())
    if found is None:
        abort(404)
    return found


def _start() -> UUID | None:
    """The person with whom the page asked for begins; anything else means the first page."""
    try:
        return UUID(request.args.get("from", ""))
    except ValueError:
        return None


def _invited(here: Standing, invitation: Invitation, person: Person) -> None:
    post_invitation(
        db.session(),
        invitation,
        person,
        invited_by=viewer().name,
        partnership=here.name,
    )
    words = f"An invitation to {person.name} is on its way to {person.email}."
    if not parts().mailer.sends:
        words = f"{person.name} was added. No mail server is set, so no invitation can be sent."
    flash(words, "success")


def _as_it_is(member: Member) -> dict[str, object]:
    return {
        "last_seen": member.person.version,
        "name": member.person.name,
        "organisation": member.organisation.slug if member.organisation else "",
        "post": member.main.post,
        "is_administrator": member.is_administrator(this_day()),
        "may_clear": member.main.may_clear,
    }


def _change(form: MemberForm, member: Member, *, may_rename: bool) -> bool:
    """Change what was asked; False, with the reason beside its field, when that is refused."""
    session, here = db.session(), standing()
    if may_rename:
        rename(
            session,
            member.person,
            str(form.name.data),
            last_seen=int(form.last_seen.data or 0),
        )
    try:
        change_part(session, here.partnership_id, member.person, form.part(), today=this_day())
    except Refused as refused:
        form.is_administrator.errors = [str(refused)]
        return False
    return True


def _end(form: EndForm, here: Standing, who: Person) -> str:
    """End or keep somebody's membership, and say so."""
    if form.stays.data:
        keep_memberships(db.session(), here.partnership_id, who, today=this_day())
        return f"{who.name} stays."
    last_on = form.day()
    assert last_on is not None  # the form is valid
    end_memberships(db.session(), here.partnership_id, who, last_on, today=this_day())
    return f"The last day of {who.name} here: {short_date(last_on)}."
