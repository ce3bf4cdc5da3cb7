"""A small partnership of one's own to begin with, its dates set around today."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tracker.kernel.period import add_months

HERE = Path(__file__).parent


class FolderInUse(Exception):
    """The folder holds something already; nothing was written."""


def write_starter(folder: Path, today: date) -> list[Path]:
    """Write the starter documents into ``folder`` and return their paths.

    The plan runs from this year to the next; the board first meets next month. Raises
    FolderInUse when the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUse(f"{folder} holds something already. Choose another folder.")
    words = {
        "PERIOD": f"{today.year}-{(today.year + 1) % 100:02d}",
        "START": add_months(today, 1).replace(day=1).isoformat(),
        "FIRST": str(today.year),
        "LAST": str(today.year + 1),
    }
    written: list[Path] = []
    for source in sorted(HERE.rglob("*.yaml")):
        text = source.read_text(encoding="utf-8")
        for word, meant in words.items():
            text = text.replace(word, meant)
        target = folder / source.relative_to(HERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written
