"""What a paper must say, what is found in a file, and how a file may be called. Pure."""

from __future__ import annotations

import re

LONGEST_SUMMARY = 120  # words, as councils' cover sheets ask
LARGEST_FILE = 25 * 1024 * 1024
LONGEST_NAME = 120
# One a line in a paper's findings; the gate before publication reads them.
UNTAGGED = "It is not tagged, so a screen reader cannot read it in order."
ACTS = "It carries scripts or actions that run by themselves."
HOLDS_FILES = "Other files are embedded in it."
_MARK = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[-•*])(?:\s+|$)")
_NOT_IN_NAMES = re.compile(r"[^\w.()\- ]+")


def words_in(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def one_a_line(text: str) -> tuple[str, ...]:
    """The lines of a text that say something; a number or bullet before one is left out."""
    found = (_MARK.sub("", one).strip() for one in text.split("\n"))
    return tuple(one for one in found if one)


def file_name(given: str | None, title: str) -> str:
    """A safe name for a PDF: letters, figures and few marks, of no folder, ending in .pdf."""
    name = (given or "").replace("\\", "/").rpartition("/")[2]
    stem = name[:-4] if name.lower().endswith(".pdf") else name
    cleaned = " ".join(_NOT_IN_NAMES.sub(" ", stem).split()).strip(". ")
    if not cleaned:
        cleaned = " ".join(_NOT_IN_NAMES.sub(" ", title).split()).strip(". ") or "paper"
    return f"{cleaned[:LONGEST_NAME].rstrip()}.pdf"


def findings(*, is_tagged: bool, acts: bool, holds_files: bool) -> list[str]:
    """What is wrong with a file that may be attached all the same, in plain words."""
    found = [(not is_tagged, UNTAGGED), (acts, ACTS), (holds_files, HOLDS_FILES)]
    return [words for is_so, words in found if is_so]
