"""Every page of the product: the blueprints, and the few pages that belong to no package."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import text

import actions.views
import governance.calendar_views
import governance.ground
import governance.mine_views
import governance.rooms
import plans.views
import priorities.views
import tracker.change_views
import tracker.mailroom.views
import tracker.people.views
from tracker.edges.db import db
from tracker.web.access import Permission, requires

shell = Blueprint("shell", __name__)


@shell.get("/")
@requires(Permission.PUBLIC)
def home() -> ResponseReturnValue:
    """To what needs you now, or to the door."""
    if current_user.is_authenticated:
        return redirect(url_for("mine.index"))
    return redirect(url_for("people.sign_in"))


@shell.get("/<slug:partnership>")
@requires(Permission.READ)
def front() -> ResponseReturnValue:
    """A partnership's front page: all that its viewer may do there."""
    return render_template("shell/front.html")


@shell.get("/health")
@requires(Permission.PUBLIC)
def health() -> ResponseReturnValue:
    """Whether this worker answers and reaches its database."""
    db.session.execute(text("select 1"))
    return {"status": "well"}


def install(app: Flask) -> None:
    """Register every blueprint; addresses begin with the partnership except a short list."""
    app.register_blueprint(shell)
    app.register_blueprint(tracker.people.views.pages)
    app.register_blueprint(plans.views.pages)
    app.register_blueprint(priorities.views.pages)
    app.register_blueprint(actions.views.pages)
    app.register_blueprint(governance.mine_views.pages)
    app.register_blueprint(governance.ground.pages)
    app.register_blueprint(tracker.mailroom.views.pages)
    app.register_blueprint(tracker.change_views.pages)
