"""The tree itself: files stay short, names say something, and nothing of one machine is in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
SOURCES = {".py", ".html", ".js", ".scss", ".typ"}
NOT_OURS_TO_SHORTEN = ("migrations/versions/", "tests/", "tracker/examples/")
SAY_NOTHING = {"utils", "helpers", "common", "manager"}
# Written in pieces, so that this file passes its own test.
MACHINE = tuple(
    "/".join(["", name, ""]) for name in ("work", "root", "tmp/bash_jobs", "opt/wheels")
)
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted"),
        ("registry", "npmjs"),
        ("registry", "yarnpkg"),
        ("deb", "debian", "org"),
    )
)
SEEDS = ("/".join(["shared", "seeds"]), "/".join(["..", "shared"]))


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    """Every file that git tracks, or would if it were added, by its path from the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted({name for name in listed.split("\0") if name})
    found = [Path(name) for name in names if (ROOT / name).is_file()]
    assert Path("setup.cfg") in found
    return found


def text_of(path: Path) -> str:
    """A file's text; none for one that is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_source_file_is_longer_than_can_be_kept_in_mind(tracked: list[Path]) -> None:
    long = {
        str(path): lines
        for path in tracked
        if path.suffix in SOURCES
        and not str(path).startswith(NOT_OURS_TO_SHORTEN)
        and (lines := len(text_of(path).splitlines())) > LONGEST
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing(tracked: list[Path]) -> None:
    named = [
        str(path)
        for path in tracked
        if path.suffix == ".py" and SAY_NOTHING & {path.stem, *path.parts[:-1]}
    ]
    assert named == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on(tracked: list[Path]) -> None:
    assert mentions(tracked, MACHINE) == []


def test_no_file_names_the_address_of_a_registry(tracked: list[Path]) -> None:
    assert mentions(tracked, REGISTRIES) == []


def test_only_tests_know_where_the_source_documents_are(tracked: list[Path]) -> None:
    elsewhere = [path for path in tracked if path.parts[0] != "tests"]
    assert mentions(elsewhere, SEEDS) == []


def test_a_path_of_a_machine_would_be_found() -> None:
    for word in MACHINE + REGISTRIES + SEEDS:
        assert found_in(f"see {word}x", (word,)) == [word]


def mentions(paths: list[Path], words: tuple[str, ...]) -> list[str]:
    """Every mention of these words, with its file and line."""
    return [
        f"{path}:{number}: {word}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        for word in found_in(line, words)
    ]


def found_in(line: str, words: tuple[str, ...]) -> list[str]:
    """The words that a line has, not as the middle of a longer path."""
    return [word for word in words if re.search(rf"(?<![\w.-]){re.escape(word)}", line)]
