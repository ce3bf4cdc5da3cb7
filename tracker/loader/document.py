"""A YAML document with its source notes, and its dates moved by whole years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tracker.kernel.period import Calendar, Period, Precision, add_years, shift_years
from tracker.web.addresses import is_slug

Item = Mapping[str, Any]


KNOWN = frozenset(
    {
        "file",
        "partnership",
        "ambitions",
        "organisations",
        "boards",
        "cycles",
        "plan",
        "priorities",
        "actions",
        "indicators",
    }
)


class DocumentError(Exception):
    """A document cannot be understood; the message names the file and the item."""


@dataclass(frozen=True)
class Document:
    """What a file holds, which source document it cites, and by how many years it is moved."""

    path: Path
    data: Item
    file: str | None
    years: int = 0

    def list(self, key: str) -> list[Item]:
        """The items under a key, none when it is absent."""
        return list(self.data.get(key) or [])

    def note(self, item: Item, original: str | None = None) -> str | None:
        """The source note of an item: file, lines, what was assigned, what was printed."""
        source = item.get("source")
        parts: list[str] = []
        if source:
            parts.append(f"{source.get('file') or self.file}, lines {source['lines']}")
        if original and self.years:
            parts.append(f"printed there: {original}")
        if item.get("assigned"):
            parts.append(str(item["assigned"]))
        return ". ".join(parts) or None

    def day(self, value: date | None) -> date | None:
        """A single day, moved."""
        return None if value is None else add_years(value, self.years)

    def moved(self, printed: str, period: Period) -> tuple[str, Period]:
        """A period as printed and as meant; when it moves, what is printed is written anew."""
        if not self.years:
            return printed, period
        new = shift_years(period, self.years)
        return new.words(), new

    def period(self, item: Item, precision: Precision | None = None) -> Period:
        """The period of an item that has first, last, precision and calendar.

        Raises DocumentError when the days do not make such a period.
        """
        calendar = Calendar(item.get("calendar") or "calendar")
        stated = item.get("precision")
        candidates = (
            [Precision(stated)] if stated else [precision] if precision else list(_COARSE_FIRST)
        )
        for candidate in candidates:
            try:
                return Period(item["first"], item["last"], candidate, calendar)
            except ValueError:
                continue
        raise DocumentError(f"{self.path.name}: {item} is not a period")

    def slug(self, value: object, whose: str, *, taken: frozenset[str] = frozenset()) -> str:
        """A key that becomes part of an address; DocumentError when it cannot be one."""
        slug = str(value)
        if is_slug(slug) and slug not in taken:
            return slug
        words = (
            f"{self.path.name}: “{slug}” cannot be {whose}’s slug. Use lower-case letters, figures"
            " and hyphens, at most 60"
        )
        raise DocumentError(f"{words}, and none of: {', '.join(sorted(taken))}" if taken else words)


_COARSE_FIRST = (Precision.YEAR, Precision.QUARTER, Precision.MONTH, Precision.DAY)


# The same loader twice: libyaml's reads ten times faster, and not every build of PyYAML has it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path, *, years: int = 0) -> Document:
    """Read one document; DocumentError when it is not YAML or not a mapping."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise DocumentError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise DocumentError(f"{path.name} holds no document")
    strange = sorted(set(map(str, data)) - KNOWN)
    if strange:
        raise DocumentError(
            f"{path.name}: “{strange[0]}” is not a part of a document. The parts are:"
            f" {', '.join(sorted(KNOWN))}"
        )
    return Document(path=path, data=data, file=data.get("file"), years=years)


def years_printed(first: date, last: date) -> str:
    """A plan's years as plans print them: "2026-28"."""
    return f"{first.year}-{last.year % 100:02d}" if first.year != last.year else str(first.year)
