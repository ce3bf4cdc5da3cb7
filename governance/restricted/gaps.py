"""Finding words wherever they stand, and leaving a marked gap in their place. Pure.

Words taken down were copied: into mails (as HTML), the audit trail (as JSON), drafts and packs.
They are looked for whole and sentence by sentence, in each of these forms, however they are
broken into lines. Short words, which many records share, are only taken from where they stood.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from tracker.edges.db import clean
from tracker.kernel.period import short_date

# The whole text counts as its own from two words and eight letters; a sentence of it, which may be
# a common one, from five words and twenty.
WHOLE = (2, 8)
SENTENCE = (5, 20)
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
# Between words: spaces and line ends, also as JSON and HTML write them.
_BETWEEN = r"(?:\s|\\+[nrt]|&nbsp;|<br ?/?>)+"


def gap_words(on: date) -> str:
    """What stands where words were taken down."""
    return f"[Text taken down on {short_date(on)}]"


def fingerprint(text: str) -> str:
    """The SHA-256 of words, however they are spaced."""
    return sha256(" ".join(clean(text).split()).encode()).hexdigest()


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text."""
    return [one.strip() for one in _ENDS.split(clean(text)) if one.strip()]


def fingerprints(text: str) -> list[str]:
    """The fingerprints of a text and of each of its sentences and lines, the text's own first."""
    return list(dict.fromkeys(map(fingerprint, (text, *sentences(text)))))


@dataclass(frozen=True)
class Words:
    """Words to be taken down: the whole of a text, and its sentences."""

    whole: str
    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """The words of a text."""
        kept = clean(text)
        return cls(kept, tuple(one for one in sentences(kept) if one != kept))

    @cached_property
    def sought(self) -> tuple[str, ...]:
        """What is looked for inside other texts, the longest first."""
        found = [self.whole] if _counts(self.whole, *WHOLE) else []
        found += [one for one in self.parts if _counts(one, *SENTENCE)]
        return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))

    @cached_property
    def anchors(self) -> tuple[str, ...] | None:
        """A plain word of each that is sought, for a database to look for; None: look at all."""
        found = []
        for one in self.sought:
            plain = re.findall(r"[A-Za-z0-9]{3,}", one)
            if not plain:
                return None
            found.append(max(plain, key=len))
        return tuple(dict.fromkeys(found))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        forms = dict.fromkeys(form for one in self.sought for form in _forms(one))
        return re.compile("|".join(sorted(forms, key=len, reverse=True))) if forms else None

    def without(self, text: str, gap: str) -> str:
        """A text with these words gone from it and a gap in their place, or the text itself."""
        if self._pattern is None:
            return text
        left, number = self._pattern.subn(lambda _: gap, text)
        if not number:
            return text
        # Sentences that stood side by side leave one gap.
        one = re.escape(gap)
        return re.sub(rf"{one}(?:{_BETWEEN}{one})+", lambda _: gap, left)

    def redacted(self, value: Any, gap: str) -> Any:
        """A JSON value whose texts lack these words; the same value where it has none of them.

        A text that is nothing but one of the lines goes too, where it is too short to be looked
        for inside others.
        """
        if isinstance(value, str):
            if len(value) >= WHOLE[1] and value.strip() in (self.whole, *self.parts):
                return gap
            return self.without(value, gap)
        if isinstance(value, list):
            return [self.redacted(one, gap) for one in value]
        if isinstance(value, dict):
            return {name: self.redacted(one, gap) for name, one in value.items()}
        return value


def found_again(texts: Iterable[str], prints: frozenset[str]) -> Words | None:
    """The words that fingerprints were made of, where any of these texts still hold them."""
    met: dict[str, None] = {}
    for text in texts:
        for one in (text, *sentences(text)):
            if fingerprint(one) in prints:
                met.setdefault(clean(one))
    if not met:
        return None
    longest = max(met, key=len)
    return Words(longest, tuple(one for one in met if one != longest))


def strings_in(value: Any) -> Iterator[str]:
    """Every text of a JSON value."""
    if isinstance(value, str):
        yield value
        yield from strings_in(_as_json(value))
    elif isinstance(value, list):
        for one in value:
            yield from strings_in(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings_in(one)


def _as_json(text: str) -> Any:
    """The value that a text holds as JSON: what the audit trail keeps, a draft; else None."""
    if text[:1] not in ('"', "{", "["):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _counts(text: str, fewest_words: int, fewest_letters: int) -> bool:
    return len(text.split()) >= fewest_words and len(text) >= fewest_letters


def _forms(text: str) -> Iterator[str]:
    """The patterns of a text as it is, in HTML, and in JSON once and twice over."""
    words = text.split()
    for encode in (str, html.escape, _markup, _json, _twice, _ascii, _ascii_twice):
        yield _BETWEEN.join(re.escape(encode(word)) for word in words)


def _markup(text: str) -> str:
    """As templates escape it: they write quotes as numbers."""
    return html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _twice(text: str) -> str:
    return _json(_json(text))


def _ascii(text: str) -> str:
    return json.dumps(text)[1:-1]


def _ascii_twice(text: str) -> str:
    return _json(_ascii(text))
