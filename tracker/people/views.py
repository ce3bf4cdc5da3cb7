"""The door: signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from tracker.edges.clock import today
from tracker.edges.db import db
from tracker.people.forms import SignInForm
from tracker.people.operations import (
    Try,
    end_sign_in,
    forget_tries,
    start_sign_in,
    succeeds,
    take_try,
)
from tracker.people.queries import viewer_of
from tracker.web.access import Permission, requires, viewer
from tracker.web.commits import small_write
from tracker.web.parts import now, parts

pages = Blueprint("people", __name__)

# One answer for all that can be wrong, so that it does not tell which addresses exist.
WRONG = (
    "The e-mail address or the password is not right. Check both and try again. After five wrong"
    " tries, wait fifteen minutes."
)


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
        identity_id = _let_in(str(form.email.data), str(form.password.data))
        if identity_id is not None:
            _remember(identity_id)
            return redirect(onward)
        form.password.errors = [WRONG]
    if form.is_submitted():
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
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if any(c in target for c in "\\\r\n\t"):
        return None
    split = urlsplit(target)
    return None if split.scheme or split.netloc else target


def _let_in(email: str, password: str) -> int | None:
    """The identity that address and password belong to; every try is counted and kept."""
    taken: list[Try] = []
    small_write(lambda: taken.append(take_try(db.session(), email, now=now())), now=now())
    one = taken[0]
    return one.identity_id if succeeds(one, password) else None


def _remember(identity_id: int) -> None:
    """Start a session in this browser; the one before it, if any, ends."""
    if current_user.is_authenticated:
        end_sign_in(db.session(), viewer().token, now=now())
    session.clear()
    identity = forget_tries(db.session(), identity_id)
    token = start_sign_in(db.session(), identity, now=now())
    login_user(viewer_of(db.session(), identity.person, token, today(parts().clock)))
