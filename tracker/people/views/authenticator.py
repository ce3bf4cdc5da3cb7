"""One's own authenticator app: set up, confirmed by a code of it, turned off."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.edges.db import db
from tracker.people.authenticator import (
    begin,
    identity_of,
    is_on,
    key_in_groups,
    picture,
    try_code,
    turn_off,
    turn_on,
)
from tracker.people.forms.account import TurnOffByCodeForm, TurnOffForm
from tracker.people.forms.sign_in import CodeForm
from tracker.people.models import Identity
from tracker.people.views.ground import is_password, kept, oneself, pages
from tracker.web.access import Permission, requires, viewer
from tracker.web.parts import now

WRONG_CODE = (
    "That is not the code that the app shows now. Wait for the next one and type it. After five"
    " tries, wait fifteen minutes"
)
WRONG_PASSWORD = "That is not your password. After five wrong tries, wait fifteen minutes"  # noqa: S105


@pages.route("/account/authenticator", methods=["GET", "POST"])
@requires(Permission.BE_SIGNED_IN)
def authenticator() -> ResponseReturnValue:
    """Set up an authenticator app; where there is one, turn it off."""
    identity = identity_of(db.session(), viewer().person_id)
    if identity is not None and is_on(identity):
        return _turning_off(identity)
    if request.method == "POST" and request.form.get("begin"):
        begin(db.session(), oneself())
        return redirect(url_for("people.authenticator"))
    if identity is None or identity.totp_secret is None:
        status = 422 if request.method == "POST" else 200
        return render_template("people/authenticator_begin.html"), status
    return _confirming(identity.totp_secret)


def _confirming(secret: str) -> ResponseReturnValue:
    """The key for the app to read, until a code of it was typed."""
    form = CodeForm()
    if form.validate_on_submit():
        if kept(lambda: _is_code(form)):
            turn_on(db.session(), viewer().person_id, now=now())
            flash("Your authenticator app is asked for from now on.", "success")
            return redirect(url_for("people.account"))
        form.code.errors = [WRONG_CODE]
    page = render_template(
        "people/authenticator_confirm.html",
        form=form,
        key=key_in_groups(secret),
        # Ours from the first letter to the last: the address within it is drawn, not written.
        picture=Markup(picture(secret, viewer().email)),  # noqa: S704
    )
    return page, 422 if form.is_submitted() else 200


def _turning_off(identity: Identity) -> ResponseReturnValue:
    """The password, or a code for whoever has none: a browser left open is not enough."""
    has_password = identity.secret_hash is not None
    form = TurnOffForm() if has_password else TurnOffByCodeForm()
    if form.validate_on_submit():
        if isinstance(form, TurnOffForm):
            is_right = is_password(viewer().email, str(form.password.data)) is not None
        else:
            is_right = kept(lambda: _is_code(form))
        if is_right:
            turn_off(db.session(), viewer().person_id)
            flash("Your authenticator app is not asked for any more.", "success")
            return redirect(url_for("people.account"))
        if isinstance(form, TurnOffForm):
            form.password.errors = [WRONG_PASSWORD]
        else:
            form.code.errors = [WRONG_CODE]
    page = render_template("people/authenticator_off.html", form=form, has_password=has_password)
    return page, 422 if form.is_submitted() else 200


def _is_code(form: CodeForm) -> bool:
    return try_code(db.session(), viewer().person_id, form.digits(), now=now())
