"""What the pages of people share: their blueprint, the way on, tries that stay counted."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from tracker.edges.db import db
from tracker.people.models import Person
from tracker.people.operations import forget_tries, succeeds, take_try
from tracker.people.tries import network_of
from tracker.web.access import viewer
from tracker.web.commits import small_write
from tracker.web.errors import page
from tracker.web.parts import now, parts

pages = Blueprint("people", __name__)
Value = TypeVar("Value")


def local_path(target: str | None) -> str | None:
    """An address of this product to go on to; None for anything that leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if any(c in target for c in "\\\r\n\t"):
        return None
    split = urlsplit(target)
    return None if split.scheme or split.netloc else target


def asked_for() -> str | None:
    """The address that was asked for before signing in, where there is one."""
    return local_path(request.args.get("next"))


def network() -> str:
    """Where this request came from, as tries are counted by it."""
    came_from = network_of(request.remote_addr)
    said = "X-Forwarded-For" in request.headers and not parts().settings.proxies
    if said and (came_from == "unknown" or ipaddress.ip_network(came_from).is_private):
        current_app.logger.warning(
            "a proxy stands before us, so everybody seems to come from %s and their tries are"
            " counted together: set TRACKER_PROXIES",
            came_from,
        )
    return came_from


def kept(act: Callable[[], Value]) -> Value:
    """What a count or a look at a secret gave, committed whatever the answer will be."""
    given: list[Value] = []
    small_write(lambda: given.append(act()), now=now())
    return given[0]


def is_password(email: str, password: str) -> int | None:
    """The identity that address and password belong to; the try is counted and kept."""
    one = kept(lambda: take_try(db.session(), email, now=now()))
    is_right = succeeds(one, password)  # slow, for an address that nobody has as well
    if one.identity_id is None or not is_right:
        return None
    forget_tries(db.session(), one.identity_id)
    return one.identity_id


def too_many(what_to_do: str) -> ResponseReturnValue:
    """The page for whoever tried too often: what to do now."""
    return page(429, what_to_do)


def oneself() -> Person:
    """The viewer's own record."""
    person = db.session.get(Person, viewer().person_id)
    if person is None:
        abort(404)
    return person
