"""What people, their machines and those who mean harm type into fields, kind by kind.

For every form: ``REFUSED`` and ``too_long`` give what each kind of field must refuse, ``TAKEN``
what a text must take and show back as harmless text. ``refuses`` sends a form with one bad value
and looks at the answer; ``nothing_changes`` looks at the database around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from html import unescape

from werkzeug.test import TestResponse

from tests.house.contents import contents
from tests.pages import Visitor, read
from tracker.edges.db import db


class Kind(Enum):
    """What a field asks for."""

    TEXT = "a text that may be left out"
    NEEDED = "a text that must be given"
    DAY_AHEAD = "a day or month that is not over yet, or nothing"
    DAY = "a day or month, or nothing"
    CHOICE = "one of the choices"
    LINK = "a sentence or a link that must be given"
    MEMBER = "the name or address of a member"
    SEEN = "what the page itself has kept: a version, the last entry seen"


CONTROL = "\x00\x07\x1b[31m"
NOTHING_SEEN = (" \t\r\n", CONTROL[:2], "\u200b\u200d\u2060", "\u202e\u2066", "\u00ad \ufe0f")
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}"
EMOJI = "👩‍👧‍👦 done 🎉"
ALPHABETS = "Ελλάδα, Україна, 中文, עברית, العربية, ไทย, ﬁne ǅ İstanbul"
SQL = "'; DROP TABLE progress; --"
NO_DAYS = (
    "31 February 2027",
    "2027-02-31",
    "29 February 2027",
    "13/13/2027",
    "0000-00-00",
    "31 March 99999",
    "٣١ مارس ٢٠٢٧",
    "2027-03-31T00:00",
    "soon 🎉",
    MARKUP,
    "9" * 5000,
)
# Over on Monday 2 November 2026, the day of the tests.
OVER = ("March 2020", "1 November 2026", "Q1 2026/27")
NO_NUMBERS = ("", "x", "-1", "1.5", "99", "9" * 5000, "٣", MARKUP)

REFUSED: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: (),
    Kind.NEEDED: ("", *NOTHING_SEEN),
    Kind.DAY: NO_DAYS,
    Kind.DAY_AHEAD: (*NO_DAYS, *OVER),
    Kind.CHOICE: ("", "RED", "red ", MARKUP, EMOJI, "9" * 5000),
    Kind.LINK: ("", *NOTHING_SEEN, "javascript:alert(1)", "ftp://a.example/x", "https://"),
    Kind.MEMBER: ("", *NOTHING_SEEN, "Nobody Known", "nobody@nowhere.example", MARKUP, EMOJI, SQL),
    Kind.SEEN: NO_NUMBERS,
}
# What is typed, and what is kept of it.
TAKEN = {
    "markup": (MARKUP, MARKUP),
    "emoji": (EMOJI, EMOJI),
    "other alphabets": (ALPHABETS, ALPHABETS),
    "control characters": (f"seen{CONTROL} and kept", "seen[31m and kept"),
    "a turned direction": ("\u202eyes\u2066", "yes"),
    "letters in pieces": ("Cafe\u0301", "Café"),
    "a quotation": (SQL, SQL),
}


def too_long(limit: int) -> tuple[str, ...]:
    """Texts just over a limit, counted as they are kept."""
    # Each of the last is two characters once composed by the rules of NFC.
    return ("é" * (limit + 1), "\u0958" * (limit // 2 + 1))


def refused(fields: Mapping[str, tuple[Kind, int]]) -> list[tuple[str, str]]:
    """Each field of a form with each value that it must refuse; a limit of 0 means none."""
    return [
        (name, value)
        for name, (kind, limit) in fields.items()
        for value in (*REFUSED[kind], *(too_long(limit) if limit else ()))
    ]


def by_field(cases: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """The cases of ``refused``, one for each field with all its values."""
    found: dict[str, list[str]] = {}
    for field, value in cases:
        found.setdefault(field, []).append(value)
    return list(found.items())


def refuses(
    visitor: Visitor, path: str, good: Mapping[str, str], field: str, value: str
) -> TestResponse:
    """Send a good form with one bad value: 422, said beside the field, the rest kept as typed."""
    answer = visitor.post(path, data=dict(good) | {field: value})
    about = f"{field}={value[:40]!r}"
    assert answer.status_code == 422, f"{about}: {answer.status}"
    page = read(answer.text)
    hidden = {one["name"] for one in page.fields if one.get("type") == "hidden"}
    assert f"#{field}" in page.hrefs, f"{about} is not in the summary of what is wrong"
    if field not in hidden:
        assert f"{field}-error" in page.ids, f"{about} has no error beside its field"
    assert "There is a problem" in page.text
    for words in ("Traceback", "invalid literal", "Not a valid", "This field"):
        assert words not in page.text, f"{about}: {words}"
    shown = unescape(answer.text)
    for name, said in good.items():
        if name != field and name not in hidden and len(said) > 8:
            assert said in shown, f"{about} lost what was typed in {name}"
    assert "<script>alert(1)" not in answer.text
    return answer


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Whatever is sent inside leaves every row of the database as it was."""
    before = contents(db.engine)
    yield
    assert contents(db.engine) == before
