"""A person's own draft of an update: thrown away, or taken back while it waits for clearance."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from actions.drafts import take_back, throw_away
from actions.views.ground import pages
from actions.views.update import address, update_of
from tracker.edges.db import db
from tracker.web.access import Permission, requires, standing
from tracker.web.parts import now


@pages.post("/<slug:partnership>/actions/<int:number>/draft/discard")
@requires(Permission.RECORD_PROGRESS)
def discard_draft(number: int) -> ResponseReturnValue:
    """Throw one's own draft away."""
    here = standing()
    draft = update_of(here, number).draft
    if draft is None:
        flash("There is no draft of yours here.")
    else:
        throw_away(db.session(), draft)
        flash("Your draft is thrown away.", "success")
    return redirect(address(here, number))


@pages.post("/<slug:partnership>/actions/<int:number>/draft/take-back")
@requires(Permission.RECORD_PROGRESS)
def take_draft_back(number: int) -> ResponseReturnValue:
    """Take back what waits for clearance, to change it."""
    here = standing()
    update = update_of(here, number)
    if update.draft is None or not update.is_waiting:
        flash("Nothing of yours waits for clearance here.")
    else:
        take_back(db.session(), update.draft, now=now())
        flash("Taken back. Change it, and send it again.")
    return redirect(address(here, number))
