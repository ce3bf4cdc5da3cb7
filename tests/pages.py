"""A test client that reads every page it is given, as a careful visitor would."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"}


@dataclass
class Page:
    """What matters of a page: its title, headings, ids, labels, forms, links and text."""

    title: str = ""
    h1: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels_for: set[str] = field(default_factory=set)
    fields: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "h1":
            self.page.h1.append("")
        if "id" in values:
            self.page.ids.append(values["id"])
        if tag == "label":
            self.page.labels_for.add(values.get("for", ""))
        if tag in ("input", "select", "textarea"):
            self.page.fields.append({"tag": tag, **values})
        if tag == "form":
            self.page.forms.append(values)
        if tag == "a" and "href" in values:
            self.page.hrefs.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self.open or "style" in self.open:
            return
        if "title" in self.open and "svg" not in self.open:
            self.page.title += data
        if "h1" in self.open:
            self.page.h1[-1] += data
        self.page.text += f"{data} "


def read(html: str) -> Page:
    """Read a page of HTML."""
    reader = _Reader()
    reader.feed(html)
    reader.page.text = " ".join(reader.page.text.split())
    reader.page.title = " ".join(reader.page.title.split())
    return reader.page


def faults(html: str) -> Iterator[str]:
    """What is wrong with a page, in plain words."""
    page = read(html)
    if not page.title:
        yield "it has no title"
    if len(page.h1) != 1 or not page.h1[0].strip():
        yield f"it has {len(page.h1)} main headings"
    twice = {one for one in page.ids if page.ids.count(one) > 1}
    if twice:
        yield f"ids are used twice: {sorted(twice)}"
    for one in page.fields:
        if one.get("type") in ("hidden", "submit", "button"):
            continue
        if one.get("id") not in page.labels_for and "aria-label" not in one:
            yield f"a field has no label: {one.get('name')}"
    for form in page.forms:
        if form.get("method", "").lower() == "post" and not form.get("action"):
            yield "a form says not where it goes"
    if "None</" in html or ">None<" in html:
        yield "it prints None"


class Visitor(FlaskClient):
    """Opens pages and fails on one that a visitor could not use."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A test's own application context must not be a request's: what Flask keeps in it (who is
        # signed in, what was demanded) would live on from one request to the next.
        response = Context().run(super().open, *args, **kwargs)
        if response.mimetype == "text/html" and response.status_code != 302:
            wrong = list(faults(response.text))
            assert not wrong, f"{response.request.path}: {'; '.join(wrong)}"
        return response

    def page(self, path: str, status: int = 200) -> Page:
        """Open a page and read it."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status}"
        return read(response.text)

    def send(self, path: str, **values: Any) -> TestResponse:
        """Send a form, as a browser that followed the link to it would."""
        return self.post(path, data=values, follow_redirects=True)
