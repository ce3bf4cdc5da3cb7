"""Why something is not done to a board, in words for the field that it belongs to."""

from __future__ import annotations


class Refused(Exception):
    """It cannot be done; the message says why and what to do, ``field`` where."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field
