"""Every change of every record of a partnership, for its administrators."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, or_, select

from tracker.edges.db import clean, db, key_of
from tracker.ledger.changes import changes_page
from tracker.ledger.models import AuditEntry
from tracker.ledger.table_words import TABLES
from tracker.people.models import Person
from tracker.web.access import Permission, requires, standing
from tracker.web.days import AskedDay, asked_day, start_of

pages = Blueprint("changes", __name__)
LONGEST_NAME = 200


@pages.get("/<slug:partnership>/changes")
@requires(Permission.READ_CHANGES)
def index() -> ResponseReturnValue:
    """The changes of a kind of record, of a day, by a person, or all; newest first."""
    here, asked = standing(), asked_day()
    kind, who = request.args.get("kind", ""), clean(request.args.get("who", ""))[:LONGEST_NAME]
    chosen = {"kind": kind if kind in TABLES else "", "on": asked.typed, "who": who}
    page = changes_page(
        db.session(),
        here.partnership_id,
        *_wanted(chosen, asked),
        before=request.args.get("before", type=int),
        action_href=lambda number: url_for("actions.changes", partnership=here.slug, number=number),
    )
    kept: dict[str, Any] = {name: value for name, value in chosen.items() if value}
    answer = render_template(
        "changes/index.html",
        page=page,
        asked=asked,
        chosen=chosen,
        kinds=sorted(TABLES.items(), key=lambda one: one[1]),
        is_first="before" not in request.args,
        newest=url_for("changes.index", partnership=here.slug, **kept),
        older=url_for("changes.index", partnership=here.slug, before=page.older, **kept)
        if page.older
        else None,
    )
    return answer, asked.status


def _wanted(chosen: dict[str, str], asked: AskedDay) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if chosen["kind"]:
        wanted.append(AuditEntry.table_name == chosen["kind"])
    if chosen["on"] and asked.error is None:
        wanted.append(AuditEntry.at >= start_of(asked.on))
        wanted.append(AuditEntry.at < start_of(asked.on + timedelta(days=1)))
    if chosen["who"]:
        people = select(Person.id).where(
            or_(
                Person.email_key == key_of(chosen["who"]),
                Person.name.icontains(chosen["who"], autoescape=True),
            )
        )
        wanted.append(AuditEntry.person_id.in_(people))
    return wanted
