"""The demonstration as a user runs it: set up, a year replayed, packs to open."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdf
import pytest

pytestmark = pytest.mark.slow

SIGN_INS = [
    f"{role}@{slug}.example"
    for slug in ("nottinghamshire", "nottingham-city", "northamptonshire")
    for role in ("owner", "secretary", "member", "admin")
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the demonstration printed, and the folder that it filled."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    done = subprocess.run(
        [sys.executable, "-m", "tracker.commands", "demo", "--no-serve", "--folder", str(folder)],
        env={**os.environ, "TRACKER_DEMO_PASSWORD": "a password for the demonstration"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, folder


def packs_of(folder: Path) -> list[Path]:
    """The packs that were written."""
    return sorted((folder / "packs").glob("*.pdf"))


def test_the_demonstration_names_its_sign_ins_and_the_password_that_it_was_given(
    demo: tuple[str, Path],
) -> None:
    said, _ = demo
    assert "a password for the demonstration" in said
    assert all(address in said for address in SIGN_INS)


def test_every_board_ends_with_published_packs_and_a_draft(demo: tuple[str, Path]) -> None:
    said, folder = demo
    boards = re.findall(r"^  \S.*: \d+ meetings held, \d+ planned$", said, flags=re.MULTILINE)
    drafts = [path for path in packs_of(folder) if path.stem.endswith("-draft")]
    assert len(boards) == len(drafts) == 9
    for board in re.split(r"^  (?=\S)", said, flags=re.MULTILINE)[1:]:
        if "meetings held" in board:
            assert "published" in board, board
            assert "draft" in board, board


def test_every_pack_that_it_names_opens_and_has_the_pages_that_it_says(
    demo: tuple[str, Path],
) -> None:
    said, folder = demo
    named = re.findall(r"(\d+) pages  (\S+\.pdf)", said)
    assert len(named) == len(packs_of(folder)) > 40
    for pages, path in named:
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == int(pages), path


def test_every_pack_is_tagged_titled_bookmarked_and_has_no_empty_page(
    demo: tuple[str, Path],
) -> None:
    _, folder = demo
    for path in packs_of(folder):
        with pikepdf.open(path) as pdf:
            assert pdf.Root.MarkInfo.Marked, path
            assert str(pdf.Root.Lang).lower().startswith("en"), path
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1", path
                assert "agenda pack for" in str(metadata["dc:title"]), path
        reader = pypdf.PdfReader(path)
        assert len(reader.outline) >= 8, path
        for number, page in enumerate(reader.pages, start=1):
            words = page.extract_text().split()
            assert len(words) > 25, f"{path.name}, page {number}: {words}"


def test_a_board_that_met_before_is_told_what_changed_since(demo: tuple[str, Path]) -> None:
    _, folder = demo
    newest = sorted((folder / "packs").glob("nottinghamshire-trust-executive-*-draft.pdf"))[-1]
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(newest).pages)
    assert "Compared with version 1" in " ".join(text.split())
    assert "Ratings that moved" in text


def test_updates_are_signed_by_roles_and_labelled(demo: tuple[str, Path]) -> None:
    _, folder = demo
    newest = sorted((folder / "packs").glob("nottingham-city-bmg-*-draft.pdf"))[-1]
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(newest).pages).split())
    assert "Owner, Nottingham City Council" in text
    assert "(demonstration)" in text
    assert "moved forward by" in text


def test_mail_went_to_each_person_at_most_once_a_day(demo: tuple[str, Path]) -> None:
    _, folder = demo
    keys = re.findall(r"^X-Tracker-Key: (\S+)", (folder / "mail.mbox").read_text(), re.MULTILINE)
    assert len(keys) > 50
    assert len(keys) == len(set(keys))
    assert all(key.startswith("digest:") for key in keys)


def test_it_replaces_an_old_demonstration_but_never_something_else(
    demo: tuple[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("not a demonstration")
    done = subprocess.run(
        [sys.executable, "-m", "tracker.commands", "demo", "--no-serve", "--folder", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "holds something else" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "letter.txt").exists()
