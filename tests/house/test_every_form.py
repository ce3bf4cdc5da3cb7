"""Every form of every page refuses what no field could hold, says so, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import Flask

from tests.factories import House
from tests.house.addresses import Records, neighbours, places, sign_in
from tests.house.contents import contents
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.edges.db import db

TOO_LONG = "x" * 30_000
# What a browser would never send, by what kind of field it is sent in.
NO_VALUES = {"text": TOO_LONG, "choice": "none of them", "kept": "not a number"}
# Fields of the frame, and those that a page forgives: it then shows what it would show anyway.
NOT_OURS = {"csrf_token"}


@dataclass
class Filled:
    """A form as a browser would send it untouched, and the kind of each of its fields."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    button: tuple[str, str] | None = None


class _Forms(HTMLParser):
    """Reads the forms that are sent by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Filled] = []
        self.open: Filled | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        name = of.get("name", "")
        if tag == "form" and of.get("method", "").lower() == "post":
            self.open = Filled(of["action"])
            self.found.append(self.open)
        elif self.open is None or (name in NOT_OURS):
            return
        elif tag == "button" and name and self.open.button is None:
            self.open.button = (name, of.get("value", ""))
        elif tag == "input" and name:
            self._input(self.open, name, of)
        elif tag == "textarea" and name:
            self._field(self.open, name, "text", "")
        elif tag == "select" and name:
            self.select = name
            self._field(self.open, name, "choice", "")
        elif tag == "option" and self.select and "selected" in of:
            self.open.values[self.select] = of.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.select = None

    def _input(self, form: Filled, name: str, of: dict[str, str]) -> None:
        kind = of.get("type", "text")
        if kind in ("radio", "checkbox"):
            if kind == "radio":
                form.kinds.setdefault(name, "choice")
            if "checked" in of:
                form.values[name] = of.get("value", "on")
        elif kind == "hidden":
            self._field(form, name, "kept", of.get("value", ""))
        elif kind not in ("submit", "button"):
            self._field(form, name, "text", of.get("value", ""))

    def _field(self, form: Filled, name: str, kind: str, value: str) -> None:
        form.kinds[name] = kind
        form.values[name] = value


def forms_of(html: str) -> list[Filled]:
    """The forms of a page that are sent by POST."""
    reader = _Forms()
    reader.feed(html)
    return reader.found


def attacks(form: Filled) -> Iterator[tuple[str, dict[str, str]]]:
    """The form with one of its fields wrong, once for each field."""
    for name, kind in form.kinds.items():
        sent = form.values | {name: NO_VALUES[kind]}
        yield name, sent | (dict([form.button]) if form.button else {})


def forms_everywhere(app: Flask, client: Visitor, records: Records) -> Iterator[Filled]:
    """Every form of every page that the visitor can open, each shape of it once."""
    looked_at: set[str] = set()
    for place in places(app, "GET"):
        if place.endpoint == "governance.calendar_feed":
            continue
        page = client.get(place.address(app, records))
        if page.mimetype != "text/html" or page.status_code != 200:
            continue
        for form in forms_of(page.text):
            shape = f"{form.action.partition('?')[0]} {sorted(form.kinds)}"
            if shape not in looked_at and form.action != "/sign-out":
                looked_at.add(shape)
                yield form


def test_no_field_of_any_form_takes_what_it_cannot_hold(
    app: Flask, client: Visitor, house: House, clock: SetClock
) -> None:
    mine, _ = neighbours(app, house, clock, client)
    sign_in(client, mine.email)
    refused = 0
    wrong: list[str] = []
    before = contents(db.engine)
    for form in forms_everywhere(app, client, mine.records):
        for name, sent in attacks(form):
            answer = client.post(form.action, data=sent)
            after = contents(db.engine)
            if after != before:
                wrong.append(f"{form.action}: {name} was taken ({answer.status})")
                before = after
            elif answer.status_code >= 500:
                wrong.append(f"{form.action}: {name}: {answer.status}")
            elif answer.status_code == 422:
                refused += 1
                if "There is a problem" not in answer.text:
                    wrong.append(f"{form.action}: {name} is refused without a word")
    assert refused > 120, refused
    assert not wrong, "\n".join(wrong)
