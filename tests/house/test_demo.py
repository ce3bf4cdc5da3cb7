"""The demonstration as a user runs it: set up, a year replayed, packs to open."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pikepdf
import pypdf
import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from actions.as_it_stood import stood_as_of
from actions.explanation import Explanation, explain
from governance.documents import value_of
from governance.models import Meeting, MeetingStatus
from governance.pack_models import Pack, PackStatus
from governance.packs.changes import action_snapshot
from plans.models import Plan
from tracker.commands import main
from tracker.edges.db import reading
from tracker.edges.tenancy import ACROSS
from tracker.kernel.rag import worse
from tracker.kernel.times import london_day, to_london
from tracker.people.board_models import Board
from tracker.people.models import Partnership

pytestmark = pytest.mark.slow

SIGN_INS = [
    f"{role}@{slug}.example"
    for slug in ("nottinghamshire", "nottingham-city", "northamptonshire")
    for role in ("owner", "secretary", "chair", "member", "admin")
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


@dataclass(frozen=True)
class Printed:
    """A rating as a published pack keeps it, and the same rating explained."""

    pack: int
    partnership: str
    as_at: datetime
    snapshot: Mapping[str, Any]
    again: Mapping[str, Any]
    explained: Explanation


@pytest.fixture(scope="module")
def printed(demo: tuple[str, Path]) -> list[Printed]:
    """Every rating in every published pack of the year, explained as of its pack."""
    engine = create_engine(f"sqlite:///{demo[1] / 'demo.sqlite3'}")
    with reading(), Session(engine) as session:
        packs = session.execute(
            select(Pack, Partnership.slug)
            .join(Partnership, Partnership.id == Pack.partnership_id)
            .where(Pack.status == PackStatus.PUBLISHED)
            .order_by(Pack.id),
            execution_options=ACROSS,
        ).all()
        found = [one for pack, slug in packs for one in _of_pack(session, pack, slug)]
    engine.dispose()
    return found


def _of_pack(session: Session, pack: Pack, partnership: str) -> list[Printed]:
    facts = value_of(session, pack)["facts"]
    as_at = datetime.fromisoformat(facts["as_at"])
    plan_ids = session.scalars(
        select(Plan.id).where(
            Plan.partnership_id == pack.partnership_id,
            Plan.slug.in_({one["plan_slug"] for one in facts["actions"]}),
        )
    ).all()
    stood = stood_as_of(session, pack.partnership_id, as_at, plan_ids=plan_ids)
    day = london_day(as_at)
    assert len(stood) == len(facts["actions"]), f"{partnership}, pack of {day}"
    by_place = {(one.facts.plan_slug, one.facts.reference): one for one in stood}
    return [
        Printed(
            pack=pack.id,
            partnership=partnership,
            as_at=as_at,
            snapshot=snapshot,
            again=action_snapshot(one.facts, day),
            explained=explain(one.facts, day, one.beside),
        )
        for snapshot in facts["actions"]
        for one in [by_place[snapshot["plan_slug"], snapshot["reference"]]]
    ]


def test_every_rating_in_every_pack_of_the_year_is_explained(
    printed: list[Printed], capsys: pytest.CaptureFixture[str]
) -> None:
    decided: Counter[str] = Counter()
    for one in printed:
        said, where = one.explained, f"{one.partnership}, {one.as_at}: {one.snapshot['reference']}"
        # What is read back is what the pack printed, to the last word: rating, owner's rating,
        # lifecycle, confirmation, days overdue, deadline, agreement, entry.
        assert one.again == one.snapshot, where
        assert said.shown == one.snapshot["rating"], where
        assert said.owner == one.snapshot["owner_rating"], where
        # And the rule that is said gives it: the worse of the two, unless that was agreed.
        free = said.agreed or said.allowed is None
        rule = said.owner if free else worse(said.owner, said.allowed or said.owner)
        assert said.shown is rule, where
        in_force = [reason.limit.rating for reason in said.reasons if reason.in_force]
        assert said.allowed is min(in_force, key=lambda rating: rating.rank, default=None), where
        deciding = [reason for reason in said.reasons if reason.decided]
        assert len(deciding) == int(said.shown is not said.owner), where
        assert all(reason.limit.rating is said.shown for reason in deciding), where
        decided[said.rule] += 1
    packs = len({one.pack for one in printed})
    assert packs > 15
    assert len(printed) > 400
    assert len(decided) >= 4
    with capsys.disabled():
        click.echo(f"\n{len(printed)} ratings in {packs} packs explained:")
        for words, number in decided.most_common():
            click.echo(f"  {number:>4}  {words}")


def test_the_command_says_the_same_of_a_sample_of_them(
    demo: tuple[str, Path], printed: list[Printed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{demo[1] / 'demo.sqlite3'}")
    by_rule = {one.explained.rule: one for one in printed}
    for one in (*printed[:: len(printed) // 8], *by_rule.values()):
        local, snapshot = to_london(one.as_at), one.snapshot
        action = f"{one.partnership}/{snapshot['plan_slug']}:{snapshot['reference']}"
        when = ["--on", local.date().isoformat(), "--at", local.time().isoformat()]
        answer = CliRunner().invoke(main, ["explain", action, *when])
        assert answer.exit_code == 0, answer.output
        said = {
            label: " ".join(words.split())
            for label, _, words in (line.partition(":") for line in _unfolded(answer.output))
        }
        counted = one.explained.action.is_counted()
        assert said["Rating shown"] == (snapshot["rating"] if counted else "Not counted")
        assert said["Owner’s rating"].startswith(snapshot["owner_rating"])
        assert said["Why"] == one.explained.rule
        assert said["Deadline"].lower().startswith(snapshot["deadline"].lower())
        overdue = snapshot["overdue_days"]
        assert said["Overdue"].split()[0] == (str(overdue) if overdue else "No")


def _unfolded(text: str) -> list[str]:
    """The lines of an explanation, those that go on over several joined."""
    return re.sub(r"\n +", " ", text).splitlines()


def test_every_board_goes_from_its_rule_to_confirmed_minutes(
    demo: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every meeting with a later one behind it is through: published, minuted, confirmed."""
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{demo[1] / 'demo.sqlite3'}")
    lines = []
    for board, partnership in _boards_that_met(demo[1]):
        answer = CliRunner().invoke(
            main, ["timeline", board, "--partnership", partnership, "--json"]
        )
        assert answer.exit_code == 0, answer.output
        held = [one for one in json.loads(answer.output)["meetings"] if one["status"] == "held"]
        for meeting in held[:-1]:
            where = f"{board}, {meeting['meets_on']}"
            undone = [step["title"] for step in meeting["steps"] if step["done_at"] is None]
            assert undone == [], where
            assert meeting["minutes_confirmed_on"] is not None, where
        lines.append(f"  {partnership}, {board}: {len(held)} held, {len(held[:-1])} through")
    assert len(lines) == 9
    with capsys.disabled():
        click.echo("\nFrom rule to confirmed minutes:\n" + "\n".join(lines))


def _boards_that_met(folder: Path) -> list[tuple[str, str]]:
    """Each board that met in the year, by its slug and its partnership's."""
    engine = create_engine(f"sqlite:///{folder / 'demo.sqlite3'}")
    with reading(), Session(engine) as session:
        rows = session.execute(
            select(Board.slug, Partnership.slug)
            .join(Partnership, Partnership.id == Board.partnership_id)
            .where(
                Board.id.in_(select(Meeting.board_id).where(Meeting.status == MeetingStatus.HELD))
            )
            .order_by(Partnership.slug, Board.slug),
            execution_options=ACROSS,
        ).all()
    engine.dispose()
    return [(board, partnership) for board, partnership in rows]
