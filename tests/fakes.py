"""Edges that a test can look into."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tracker.edges.mail import Letter
from tracker.edges.pdf import RenderedPdf


class Postbox:
    """A mailer that keeps every letter."""

    sends = True

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


class PlainRenderer:
    """A renderer that writes the pack's value where its PDF would be: quick, and readable."""

    def __init__(self) -> None:
        self.rendered: list[Mapping[str, object]] = []

    def render(self, pack: Mapping[str, object]) -> RenderedPdf:
        self.rendered.append(pack)
        data = json.dumps(pack, ensure_ascii=False, sort_keys=True).encode()
        return RenderedPdf(data=b"%PDF " + data, pages=7, item_pages={})
