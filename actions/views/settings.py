"""A partnership's settings about its actions."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from actions.forms.settings import SettingsForm
from actions.settings import change_settings
from actions.views.ground import pages
from tracker.edges.db import db
from tracker.kernel.rag import DateRule
from tracker.people.queries import partnership_by_slug
from tracker.web.access import Permission, requires, standing


@pages.route("/<slug:partnership>/settings", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def settings() -> ResponseReturnValue:
    """What a passed deadline allows, and when one ask serves two meetings."""
    here = standing()
    partnership = partnership_by_slug(db.session(), here.slug)
    assert partnership is not None
    form = SettingsForm.on(
        partnership.version,
        date_rule=partnership.date_rule.value,
        one_ask_days=str(partnership.one_ask_days),
    )
    if form.is_submitted() and form.validate():
        if form.version.data != partnership.version:
            abort(409)
        change_settings(
            db.session(),
            partnership,
            date_rule=DateRule(form.date_rule.data),
            one_ask_days=int(form.one_ask_days.data or 0),
        )
        flash("Saved. Every rating follows the rule from now on.", "success")
        return redirect(url_for("actions.settings", partnership=here.slug))
    page = render_template("actions/settings.html", form=form)
    return page, 422 if form.is_submitted() else 200
