"""A partnership's organisations: whose updates are cleared before they are submitted."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.edges.db import db
from tracker.people import member_queries
from tracker.people.members import choose_clearance
from tracker.people.views.ground import pages
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import this_day


@pages.route("/<slug:partnership>/organisations", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def organisations() -> ResponseReturnValue:
    """Every organisation, and the switch that has its updates cleared first."""
    here = standing()
    if request.method == "POST":
        changed = choose_clearance(
            db.session(),
            here.partnership_id,
            # What the page did not show is not changed by what it did not tick.
            shown=request.form.getlist("shown"),
            needed=request.form.getlist("needed"),
        )
        flash("Saved." if changed else "Nothing was changed.", "success")
        return redirect(url_for("people.organisations", partnership=here.slug))
    return render_template(
        "people/organisations.html",
        organisations=member_queries.organisations(db.session(), here.partnership_id),
        clearers=member_queries.clearers(db.session(), here.partnership_id, this_day()),
    )
