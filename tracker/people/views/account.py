"""One's own account: name, password, where one is signed in, which mail one wants."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from tracker.edges.db import db
from tracker.people.authenticator import identity_of, is_on
from tracker.people.forms.account import MailForm, NameForm, PasswordForm, SignOutForm
from tracker.people.members import choose_mail, rename
from tracker.people.operations import (
    end_sign_ins,
    give_password,
    hash_of,
    hash_password,
)
from tracker.people.queries import live_sign_in, live_sign_ins
from tracker.people.views.ground import is_password, oneself, pages
from tracker.web.access import Permission, requires, viewer
from tracker.web.errors import page
from tracker.web.parts import now

# Whoever has just read a code from the mailbox need not know the password that they lost.
CODE_VOUCHES_FOR = timedelta(minutes=30)


@pages.get("/account")
@requires(Permission.BE_SIGNED_IN)
def account() -> ResponseReturnValue:
    """Who you are here, how you sign in, where you are signed in, which mail you get."""
    person, identity = oneself(), identity_of(db.session(), viewer().person_id)
    return render_template(
        "people/account.html",
        person=person,
        has_password=identity is not None and identity.secret_hash is not None,
        authenticator_is_on=is_on(identity),
        sign_ins=live_sign_ins(db.session(), person.id, now()),
        this_one=hash_of(viewer().token),
        mail_form=MailForm(formdata=None, obj=person),
    )


@pages.route("/account/name", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def change_name() -> ResponseReturnValue:
    """Change your own name, wherever you are known."""
    person = oneself()
    known = {"name": person.name, "last_seen": person.version}
    form = NameForm(data=None if request.method == "POST" else known)
    if form.validate_on_submit():
        rename(db.session(), person, str(form.name.data), last_seen=int(form.last_seen.data or 0))
        flash("Your name was changed.", "success")
        return redirect(url_for("people.account"))
    return render_template("people/name.html", form=form), 422 if form.is_submitted() else 200


@pages.route("/account/password", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Set a password, or another one; every other browser is signed out by it."""
    asks_current = _has_password() and not _came_by_code()
    form = PasswordForm(email=viewer().email, asks_current=asks_current)
    if form.validate_on_submit():
        hashed = hash_password(str(form.new.data))
        if not asks_current or is_password(viewer().email, str(form.current.data)) is not None:
            give_password(db.session(), oneself(), hashed, but=viewer().token)
            flash("Your password was set. Other browsers were signed out.", "success")
            return redirect(url_for("people.account"))
        form.current.errors = [
            "That is not your present password. After five wrong tries, wait fifteen minutes"
        ]
    page_ = render_template("people/password.html", form=form, asks_current=asks_current)
    return page_, 422 if form.is_submitted() else 200


@pages.post("/account/sign-ins")
@requires(Permission.BE_SIGNED_IN)
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign out everywhere else, or everywhere."""
    form = SignOutForm()
    form.validate()
    if form.everywhere.data:
        end_sign_ins(db.session(), viewer().person_id, now=now())
        logout_user()
        session.clear()
        return redirect(url_for("people.sign_in"))
    if not form.others.data:
        return page(422, "Go back to your account and choose where to sign out.")
    ended = end_sign_ins(db.session(), viewer().person_id, now=now(), but=viewer().token)
    where = "one other browser" if ended == 1 else f"{ended} other browsers"
    words = f"You were signed out of {where}." if ended else "You were signed in nowhere else."
    flash(words, "success")
    return redirect(url_for("people.account"))


@pages.post("/account/mail")
@requires(Permission.BE_SIGNED_IN)
def change_mail() -> ResponseReturnValue:
    """Choose which mail you get, beyond what you are asked for."""
    form = MailForm(request.form)
    wants = bool(form.wants_optional_mail.data)
    choose_mail(db.session(), oneself(), wants_optional=wants)
    flash(
        "You will be told when papers are published."
        if wants
        else "You will get only the mail that asks you for something.",
        "success",
    )
    return redirect(url_for("people.account", _anchor="mail"))


def _has_password() -> bool:
    identity = identity_of(db.session(), viewer().person_id)
    return identity is not None and identity.secret_hash is not None


def _came_by_code() -> bool:
    """Whether this session began with a code from the mailbox, not long ago."""
    found = live_sign_in(db.session(), hash_of(viewer().token), now())
    return (
        bool(session.get("by_code"))
        and found is not None
        and now() - found.created_at <= CODE_VOUCHES_FOR
    )
