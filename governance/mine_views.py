"""My actions: what needs somebody now, and the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from actions.answerers import answerable
from actions.queries import (
    asks_about,
    facts,
)
from actions.rules import ActionFacts
from actions.said import AskFacts
from governance.queries import coming_of, own_meeting_actions
from tracker.edges.db import db
from tracker.web.access import (
    Permission,
    Standing,
    Viewer,
    requires,
    viewer,
)
from tracker.web.parts import now, this_day

pages = Blueprint("mine", __name__)


@dataclass(frozen=True)
class OwnAction:
    """An action that the viewer is asked about, wherever it is, with its other homes."""

    partnership: Standing
    facts: ActionFacts
    also: tuple[ActionFacts, ...]
    asks: tuple[AskFacts, ...]


@pages.get("/my-actions")
@requires(Permission.BE_SIGNED_IN)
def index() -> ResponseReturnValue:
    """What needs you now, then the rest, across partnerships and plans."""
    today = this_day()
    own = _own_actions(viewer(), today)
    rest = [one for one in own if not one.facts.needs(today)]
    return render_template(
        "mine/index.html",
        now=[one for one in own if one.facts.needs(today)],
        rest=sorted(rest, key=lambda one: not one.facts.lifecycle.is_open),
        meeting_actions=own_meeting_actions(
            db.session(),
            viewer().person_id,
            [here.partnership_id for here in viewer().standings.values()],
        ),
        coming=coming_of(db.session(), _own_boards(viewer()), now()),
        standings=list(viewer().standings.values()),
        today=today,
    )


def _own_boards(who: Viewer) -> list[int]:
    """The boards that somebody sits on or serves, in every partnership."""
    return sorted(board for here in who.standings.values() for board in here.sits_on)


def _own_actions(who: Viewer, today: date) -> list[OwnAction]:
    session, own = db.session(), []
    here_ids = [here.partnership_id for here in who.standings.values()]
    owned = answerable(session, here_ids, who.person_id, today)
    for here in who.standings.values():
        ids = owned.get(here.partnership_id, [])
        if not ids:
            continue
        homes: dict[int, list[ActionFacts]] = {}
        for one in facts(session, here.partnership_id, today, action_ids=ids):
            homes.setdefault(one.action_id, []).append(one)
        asks = asks_about(session, here.partnership_id, ids, today)
        own += [
            OwnAction(here, first, tuple(others), tuple(asks[key]))
            for key, (first, *others) in homes.items()
        ]
    return sorted(own, key=lambda one: one.facts.urgency(today))
