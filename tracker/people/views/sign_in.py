"""The door: signing in with a password or an e-mailed code, and out.

From the door to the page that was asked for it is one page more at most, two for whoever has an
authenticator. Between them the browser's signed cookie says how far somebody has come.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from tracker.edges.db import db
from tracker.people.authenticator import identity_of, is_on, try_code
from tracker.people.codes import CODE_LASTS, Outcome, make_code, use_code
from tracker.people.forms.sign_in import CodeForm, SignInForm
from tracker.people.letters import post_code
from tracker.people.models import Identity, Person
from tracker.people.operations import end_sign_in, start_sign_in
from tracker.people.queries import viewer_of
from tracker.people.tries import (
    CODES_OF_EMAIL,
    CODES_OF_EMAIL_A_DAY,
    CODES_OF_NETWORK,
    SIGN_INS_OF_NETWORK,
    Limit,
    give_back,
    mailbox_of,
    may_try,
)
from tracker.people.views.ground import (
    asked_for,
    is_password,
    kept,
    network,
    pages,
    too_many,
)
from tracker.web.access import Permission, requires, viewer
from tracker.web.parts import now, parts, this_day

# One answer for all that can be wrong, so that it does not tell which addresses exist.
WRONG = (
    "The e-mail address or the password is not right. Check both and try again. After five wrong"
    " tries, wait fifteen minutes, or have a code e-mailed to you."
)
NO_MAIL = "No mail server is set up here, so no code can be sent. Use your password."
TOO_MANY_SIGN_INS = (
    "There were too many tries to sign in from your network. Wait fifteen minutes and try again."
)
TOO_MANY_CODES = (
    "Too many codes were asked for. Use the newest one that you have, or wait an hour and ask"
    " again. With a password you can sign in now."
)
CODE_WORDS = {
    Outcome.WRONG: "That is not the code. Check the newest e-mail and type its code again",
    Outcome.ENDED: "That was tried five times, so this code has ended. Have a new one sent",
    Outcome.EXPIRED: "This code has expired: ten minutes have passed. Have a new one sent",
}
WRONG_AUTHENTICATOR = (
    "That is not the code that your app shows now, or it was used already. Wait for the next one"
    " and type it. After five tries, wait fifteen minutes"
)
SECOND_STEP_LASTS = timedelta(minutes=10)


@pages.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The door. What was asked for before it is shown after it."""
    form = SignInForm()
    if current_user.is_authenticated and request.method == "GET":
        return redirect(asked_for() or url_for("shell.home"))
    if form.validate_on_submit():
        return _send_code(form) if form.wants_code() else _with_password(form)
    return _door(form)


@pages.route("/sign-in/code", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def code() -> ResponseReturnValue:
    """Type the code from the e-mail, in the browser that asked for it."""
    waiting = session.get("code")
    if not waiting:
        return _to_the_door()
    form, asked_at = CodeForm(), datetime.fromisoformat(waiting["at"])
    outcome = Outcome.EXPIRED if now() >= asked_at + CODE_LASTS else None
    if form.validate_on_submit():
        outcome, person_id = kept(
            lambda: use_code(
                db.session(),
                waiting["token"],
                form.digits(),
                asked_at=asked_at,
                secret_key=parts().settings.secret_key,
                now=now(),
            )
        )
        if person_id is not None:
            for limit, what in _counted_for(waiting["email"]):
                give_back(db.session(), limit, what)
            return _first_step_done(person_id, by_code=True)
        form.code.errors = [CODE_WORDS[outcome]]
    page = render_template(
        "people/code.html",
        form=form,
        email=waiting["email"],
        is_over=outcome in (Outcome.ENDED, Outcome.EXPIRED),
        next=asked_for(),
    )
    return page, 422 if form.is_submitted() else 200


@pages.route("/sign-in/authenticator", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def second_step() -> ResponseReturnValue:
    """Type the code of the authenticator app, after a right password or e-mailed code."""
    waiting = session.get("second")
    if not waiting:
        return _to_the_door()
    if now() >= datetime.fromisoformat(waiting["at"]) + SECOND_STEP_LASTS:
        session.pop("second")
        flash("Ten minutes have passed since you began to sign in. Please begin again.")
        return _to_the_door()
    form, person_id = CodeForm(), int(waiting["person"])
    if form.validate_on_submit():
        if kept(lambda: try_code(db.session(), person_id, form.digits(), now=now())):
            return _let_in(person_id, by_code=bool(waiting["by_code"]))
        form.code.errors = [WRONG_AUTHENTICATOR]
    page = render_template("people/second_step.html", form=form, next=asked_for())
    return page, 422 if form.is_submitted() else 200


@pages.post("/sign-out")
@requires(Permission.BE_SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Revoke this browser's session, for good."""
    end_sign_in(db.session(), viewer().token, now=now())
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"))


def _door(form: SignInForm) -> ResponseReturnValue:
    page = render_template(
        "people/sign_in.html", form=form, next=asked_for(), sends=parts().mailer.sends
    )
    return page, 422 if form.is_submitted() else 200


def _to_the_door() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(asked_for() or url_for("shell.home"))
    return redirect(url_for("people.sign_in", next=asked_for()))


def _with_password(form: SignInForm) -> ResponseReturnValue:
    """One step in with the right password; every try is counted, by network and by address."""
    came_from = network()
    if not kept(lambda: may_try(db.session(), SIGN_INS_OF_NETWORK, came_from, now=now())):
        return too_many(TOO_MANY_SIGN_INS)
    identity_id = is_password(str(form.email.data), str(form.password.data))
    if identity_id is None:
        form.password.errors = [WRONG]
        return _door(form)
    give_back(db.session(), SIGN_INS_OF_NETWORK, came_from)
    identity = db.session.get_one(Identity, identity_id)
    return _first_step_done(identity.person_id, by_code=False)


def _send_code(form: SignInForm) -> ResponseReturnValue:
    """Write a code's mail, if somebody has the address; the answer is the same if nobody has."""
    email = str(form.email.data)
    if not parts().mailer.sends:
        form.email.errors = [NO_MAIL]
        return _door(form)
    if not kept(lambda: _may_have_code(email)):
        return too_many(TOO_MANY_CODES)
    made = make_code(db.session(), email, secret_key=parts().settings.secret_key, now=now())
    post_code(db.session(), made)
    session["code"] = {"token": made.token, "email": email.strip(), "at": now().isoformat()}
    return redirect(url_for("people.code", next=asked_for()))


def _may_have_code(email: str) -> bool:
    """Count an asking; what the network is refused is not counted against the address."""
    counted = _counted_for(email)
    return all(may_try(db.session(), limit, what, now=now()) for limit, what in counted)


def _counted_for(email: str) -> list[tuple[Limit, str]]:
    """What an asked-for code counts against; a right one is given back."""
    mailbox = mailbox_of(email)
    return [
        (CODES_OF_NETWORK, network()),
        (CODES_OF_EMAIL, mailbox),
        (CODES_OF_EMAIL_A_DAY, mailbox),
    ]


def _first_step_done(person_id: int, *, by_code: bool) -> ResponseReturnValue:
    """On to the authenticator, for whoever has one: neither way in gets round it."""
    session.pop("code", None)
    if not is_on(identity_of(db.session(), person_id)):
        return _let_in(person_id, by_code=by_code)
    session["second"] = {"person": person_id, "at": now().isoformat(), "by_code": by_code}
    return redirect(url_for("people.second_step", next=asked_for()))


def _let_in(person_id: int, *, by_code: bool) -> ResponseReturnValue:
    """Start a session in this browser and go on; the one before it, if any, ends."""
    if current_user.is_authenticated:
        end_sign_in(db.session(), viewer().token, now=now())
    session.clear()
    person = db.session.get_one(Person, person_id)
    if by_code:
        person.mail_bounced_at = None  # the code came by it
        session["by_code"] = True
    token = start_sign_in(db.session(), person_id, now=now())
    who = viewer_of(db.session(), person, token, this_day())
    login_user(who)
    home = "shell.home" if who.standings else "people.account"
    return redirect(asked_for() or url_for(home))
