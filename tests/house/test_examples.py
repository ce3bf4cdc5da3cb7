"""The five example plans: their counts, their keys, and every fact against its source."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.deadline_models import Deadline, DeadlineKind
from plans.models import Plan
from tests.conftest import NOW, MakeApp
from tests.factories import House
from tests.house.contents import contents
from tracker.commands import main, status
from tracker.edges.db import db
from tracker.kernel.period import parse_period, shift_years
from tracker.ledger.audit import Actor, Source, sign
from tracker.loader import documents, examples, load_examples, load_folder
from tracker.loader.document import read
from tracker.loader.partnership import load_partnership
from tracker.people.models import Organisation
from tracker.people.queries import partnership_by_slug, resolve

SEEDS = Path(
    os.environ.get("TRACKER_TEST_SEEDS", Path(__file__).parents[3].joinpath("shared", "seeds"))
)
TICK = "\uf0fc"  # how document 001 prints a tick
Found = dict[str, Any]

#                                 pri, act, com, mil, ind, to be developed
EXPECTED: dict[tuple[str, str], tuple[int, int, int, int, int, int]] = {
    ("nottinghamshire", "early-help-2013-16"): (7, 0, 0, 0, 10, 0),
    ("nottinghamshire", "cypf-2014-16"): (5, 33, 5, 4, 32, 2),
    ("nottingham-city", "early-help-2023-25"): (5, 25, 0, 0, 0, 0),
    ("northamptonshire", "early-help-2020-23"): (3, 0, 0, 0, 33, 0),
    ("nottinghamshire", "cypf-2016-18"): (4, 21, 0, 0, 12, 0),
}
COUNCILS = {
    "nottinghamshire": "Nottinghamshire County Council",
    "nottingham-city": "Nottingham City Council",
    "northamptonshire": "Northamptonshire County Council",
}
YEARS = 12


@cache
def plans() -> dict[tuple[str, str], Found]:
    """Every plan document, by partnership and key."""
    return {
        (path.parent.parent.name, document.data["plan"]["key"]): dict(document.data)
        for path, document in documents()
        if "plan" in document.data
    }


@cache
def of_partnership(slug: str) -> Found:
    return next(
        dict(document.data)
        for path, document in documents()
        if document.data.get("partnership", {}).get("slug") == slug
    )


def test_every_plan_has_as_many_of_everything_as_its_source() -> None:
    counted = {
        key: (
            len(plan["priorities"]),
            sum(action["kind"] == "action" for action in plan["actions"]),
            sum(action["kind"] == "commitment" for action in plan["actions"]),
            sum(len(action.get("milestones") or []) for action in plan["actions"]),
            sum(not indicator["to_be_developed"] for indicator in plan["indicators"]),
            sum(indicator["to_be_developed"] for indicator in plan["indicators"]),
        )
        for key, plan in plans().items()
    }
    assert counted == EXPECTED


@pytest.mark.parametrize("slug", COUNCILS)
def test_the_keys_of_a_partnership_are_unique(slug: str) -> None:
    data = of_partnership(slug)
    lists = [[i["key"] for i in data[k]] for k in ("organisations", "boards", "cycles")]
    for (partnership, _), plan in plans().items():
        if partnership == slug:
            lists += [[i["number"] for i in plan[k]] for k in ("priorities", "indicators")]
            lists.append([action["number"] for action in plan["actions"]])
    for keys in lists:
        assert [key for key, times in Counter(keys).items() if times > 1] == []


def test_every_reference_from_one_item_to_another_leads_somewhere() -> None:
    for (slug, _), plan in plans().items():
        home = of_partnership(slug)
        known = {
            "organisation": {o["key"] for o in home["organisations"]},
            "board": {b["key"] for b in home["boards"]},
            "plan": {key for partnership, key in plans() if partnership == slug},
            "priority": {p["number"] for p in plan["priorities"]},
        }
        for kind, key in references(plan):
            assert key in known[kind], f"{slug}: no {kind} {key}"
        for kind, key in references(home):
            assert key in known[kind], f"{slug}: no {kind} {key}"


def references(item: object) -> Iterator[tuple[str, str]]:
    if isinstance(item, list):
        for one in item:
            yield from references(one)
    if isinstance(item, dict):
        for name, value in item.items():
            if name in ("organisation", "board", "plan", "priority") and isinstance(value, str):
                yield name, value
            elif name in ("plans", "represents"):
                yield from ((("plan" if name == "plans" else "organisation"), v) for v in value)
            else:
                yield from references(value)


def test_twelve_rows_have_all_three_columns_ticked_and_only_these_state_their_ambitions() -> None:
    tags = [a["ambitions"] for a in plans()["nottinghamshire", "cypf-2014-16"]["actions"]]
    ticked = [tag for tag in tags if tag]
    assert Counter(tag["ticks"] for tag in ticked)[3] == 12
    assert {tag["ticks"] for tag in ticked} == {1, 2, 3}
    for tag in ticked:
        if tag["ticks"] == 3:
            assert len(tag["stated"]) == 4
            assert tag["assigned"] == []
        else:
            assert tag["stated"] == []
            assert tag["assigned"]
            assert tag["note"]


@cache
def lines_of(name: str) -> list[str]:
    return (SEEDS / name).read_text(encoding="utf-8").split("\n")


def cited(source: Found, file: str | None) -> str:
    """The cited lines as they stand, joined; fails where they are not there."""
    lines = lines_of(source.get("file") or file)
    first, _, last = str(source["lines"]).partition("-")
    start, end = int(first), int(last or first)
    assert 1 <= start <= end <= len(lines), f"{source} of {len(lines)} lines"
    return "\n".join(lines[start - 1 : end])


def facts(item: object, source: Found | None = None) -> Iterator[tuple[str, Found | None]]:
    """Every printed text with the source nearest to it, and every source with no text."""
    if isinstance(item, list):
        for one in item:
            yield from facts(one, source)
    if isinstance(item, dict):
        if item.get("source"):
            source = item["source"]
            yield "", source
        if item.get("printed"):
            yield item["printed"], source
        for name, value in item.items():
            if name != "source":
                yield from facts(value, source)


@pytest.fixture
def seeds() -> None:
    if not SEEDS.is_dir():
        pytest.skip(f"the source documents are not at {SEEDS}")


@pytest.mark.usefixtures("seeds")
def test_every_printed_date_and_figure_is_in_the_lines_that_it_cites() -> None:
    checked, missing = 0, []
    for path, document in documents():
        for printed, source in facts(document.data):
            assert source is not None, f"{path.name}: “{printed}” cites nothing"
            if collapsed(printed) not in collapsed(cited(source, document.file)):
                missing.append(f"{path.name}: “{printed}” is not in {source}")
            checked += 1
    assert missing == []
    assert checked > 600


@pytest.mark.usefixtures("seeds")
def test_every_row_has_as_many_ticks_as_its_source_prints() -> None:
    plan = plans()["nottinghamshire", "cypf-2014-16"]
    ticked = [action for action in plan["actions"] if action["ambitions"]]
    assert len(ticked) == 33
    for action in ticked:
        printed = cited(action["source"], plan["file"]).count(TICK)
        assert printed == action["ambitions"]["ticks"], action["number"]


def collapsed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_loading_again_changes_nothing(make_app: MakeApp, any_url: str) -> None:
    with make_app(any_url).app_context():
        session = db.session()
        sign(session, Actor(at=NOW, source=Source.IMPORT))
        load_examples(session, now=NOW)
        session.commit()
        before = contents(db.engine)
        again = load_examples(session, now=NOW)
        session.commit()
        assert (again.partnerships, again.plans) == (0, 0)
        assert contents(db.engine) == before


def test_status_gives_machines_the_counts_of_every_plan(session: Session, sqlite_url: str) -> None:
    load_examples(session, now=NOW)
    session.commit()
    environ: dict[str, str | None]
    environ = {name: None for name in os.environ if name.startswith("TRACKER_")}
    answer = CliRunner().invoke(
        main, ["status", "--json"], env=environ | {"TRACKER_DATABASE_URL": sqlite_url}
    )
    assert answer.exit_code == 0, answer.output
    rows = json.loads(answer.stdout)
    counted = {
        (row["partnership"], row["plan"]): (
            row["priorities"],
            row["actions"],
            row["commitments"],
            row["milestones"],
            row["indicators"],
            row["indicators_to_be_developed"],
        )
        for row in rows
    }
    assert counted == EXPECTED
    assert all("next_review" in row and row["title"] for row in rows)


def test_status_says_when_a_board_next_reviews_a_plan(house: House, session: Session) -> None:
    assert [row.as_json()["next_review"] for row in status.rows(session, now=NOW)] == [None]
    house.cycle()
    house.meetings()
    (row,) = status.rows(session, now=NOW)
    assert row.as_json()["next_review"] == "2026-12-08"


def test_ncc_is_a_different_council_in_each_partnership(session: Session) -> None:
    found = {}
    for folder in examples():
        partnership, _ = load_partnership(session, read(folder / "partnership.yaml"), now=NOW)
        council = resolve(session, partnership.id, " ncc ")
        assert isinstance(council, Organisation)
        assert council.partnership_id == partnership.id
        found[partnership.slug] = council.name
    assert found == COUNCILS


def test_dates_moved_by_years_are_printed_anew_and_keep_what_their_source_printed(
    session: Session,
) -> None:
    folder = next(folder for folder in examples() if folder.name == "nottinghamshire")
    load_folder(session, folder, now=NOW, years=YEARS)
    partnership = partnership_by_slug(session, "nottinghamshire")
    assert partnership is not None
    plan = session.scalars(
        select(Plan).where(Plan.partnership_id == partnership.id, Plan.slug == "cypf-2014-16")
    ).one()
    assert (plan.period_printed, plan.starts_on) == ("2026-28", date(2026, 1, 1))
    assert "printed there: 2014-16" in (plan.source_note or "")
    dated = session.scalars(
        select(Deadline).where(
            Deadline.partnership_id == partnership.id, Deadline.kind == DeadlineKind.DATED
        )
    ).all()
    assert len(dated) > 25
    for deadline in dated:
        note = deadline.source_note or ""
        assert re.match(r"00\d_\w+\.txt, lines \d+", note), note
        original = note.rpartition("printed there: ")[2]
        moved = shift_years(parse_period(original), YEARS)
        assert (deadline.printed, deadline.last_on) == (moved.words(), moved.last)
