"""The door: signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from tracker.edges.clock import today
from tracker.edges.db import db
from tracker.people.forms import SignInForm
from tracker.people.models import Identity
from tracker.people.operations import (
    TooManyTries,
    check_password,
    end_sign_in,
    start_sign_in,
)
from tracker.people.queries import viewer_of
from tracker.web.access import Permission, requires, viewer
from tracker.web.commits import small_write
from tracker.web.parts import now, parts

pages = Blueprint("people", __name__)

WRONG = "The e-mail address or the password is not right. Check both and try again."
CLOSED = "There were too many wrong tries. Wait fifteen minutes, then try again."


@pages.route("/sign-in", methods=["GET", "POST"])
@requires(Permission.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The door. What was asked for before it is shown after it."""
    form = SignInForm()
    onward = local_path(request.args.get("next")) or url_for("shell.home")
    if current_user.is_authenticated and request.method == "GET":
        return redirect(onward)
    status = 200
    if form.validate_on_submit():
        identity, status, wrong = _let_in(form)
        if identity is not None:
            _remember(identity)
            return redirect(onward)
        form.password.errors = [wrong]
    elif form.is_submitted():
        status = 422
    return render_template("people/sign_in.html", form=form), status


@pages.post("/sign-out")
@requires(Permission.BE_SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Revoke this browser's session, for good."""
    end_sign_in(db.session(), viewer().token, now=now())
    logout_user()
    session.clear()
    return redirect(url_for("people.sign_in"))


def local_path(target: str | None) -> str | None:
    """An address of this product to go on to; None for anything that leads elsewhere."""
    if not target or not target.startswith("/") or any(c in target for c in "\\\r\n\t"):
        return None
    split = urlsplit(target)
    if split.scheme or split.netloc or target.startswith("//"):
        return None
    return target


def _let_in(form: SignInForm) -> tuple[Identity | None, int, str]:
    """The identity; or the status and the words of the answer. Wrong tries are kept."""
    found: list[Identity | None] = []
    email, password = str(form.email.data), str(form.password.data)

    def check() -> None:
        found.append(check_password(db.session(), email, password, now=now()))

    try:
        small_write(check, now=now())
    except TooManyTries:
        return None, 429, CLOSED
    return found[0], 422, WRONG


def _remember(identity: Identity) -> None:
    session.clear()
    token = start_sign_in(db.session(), identity, now=now())
    login_user(viewer_of(db.session(), identity.person, token, today(parts().clock)))
