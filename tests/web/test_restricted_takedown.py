"""Text that identifies a child: hidden at once everywhere, shown again, or erased for good."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DatabaseError

from governance.pack_models import Pack
from governance.restricted.erasures import erase_again, forget
from governance.restricted.gaps import Words
from governance.restricted.takedown import (
    CannotTakeDown,
    hide_text,
    sealed_of,
    show_again,
)
from governance.takedown_models import Takedown
from tests.conftest import NOW
from tests.factories import House
from tests.web.taking_down import (
    GAP,
    SECRET,
    SECRETARY,
    Told,
    everywhere,
    not_in_files,
    render,
    tell,
)
from tracker.commands import main
from tracker.edges.db import db
from tracker.edges.tenancy import ACROSS
from tracker.ledger.audit import Actor, Source, sign
from tracker.ledger.blobs import Erased, TakenDown, read_bytes
from tracker.ledger.deeds import claim


@pytest.fixture
def told(make_app: Callable[[str], Flask], any_url: str, tmp_path: Path) -> Iterator[Told]:
    """The house on a database of each kind."""
    with make_app(any_url).app_context():
        session = db.session()
        session.expire_on_commit = False
        yield tell(House(session, NOW), tmp_path)
        session.rollback()


def test_hidden_words_leave_a_marked_gap_wherever_they_stood(told: Told) -> None:
    before = everywhere(told.session)
    assert len(before) >= 8, "the test can fail"
    told.hide()
    told.session.refresh(told.entry)
    assert told.entry.happened == GAP
    left = everywhere(told.session, sealed=False)
    # Only what was published stays filed, and is not read any more.
    assert {one.split(":")[0] for one in left} == {"blob.data"}
    assert {one.split(":")[1] for one in left} == {told.pack.snapshot_sha256, told.pack.pdf_sha256}
    mail = told.session.execute(text("select text, html from outbox_mail")).one()
    assert tuple(mail) == (f"New: {GAP}", f"<p>{GAP}")
    told.session.refresh(told.other)
    assert told.other.happened == "Numbers are rising.", "what others say as well stays"


def test_a_published_pack_is_withheld_until_it_is_rendered_without_the_words(told: Told) -> None:
    told.hide()
    pack = told.pack
    value = read_bytes(told.session, pack.snapshot_sha256).decode()
    assert SECRET not in value
    assert GAP in value
    assert pack.pdf_sha256 is not None
    with pytest.raises(TakenDown, match="written again"):
        read_bytes(told.session, pack.pdf_sha256)
    assert render(told.session) == 1
    printed = read_bytes(told.session, pack.pdf_sha256).decode()
    assert SECRET not in printed
    assert GAP in printed
    assert render(told.session) == 0


def test_what_was_hidden_by_mistake_is_shown_again_as_it_was(told: Told) -> None:
    before = everywhere(told.session)
    takedown = told.hide()
    assert show_again(told.session, takedown, now=NOW) == 0
    told.session.commit()
    assert everywhere(told.session) == before
    assert told.pack.pdf_sha256 is not None
    assert SECRET in read_bytes(told.session, told.pack.pdf_sha256).decode()
    with pytest.raises(CannotTakeDown, match="shown again already"):
        show_again(told.session, takedown, now=NOW)


def test_erased_words_are_nowhere_and_hash_and_date_remain(told: Told, any_url: str) -> None:
    takedown = told.hide()
    render(told.session)
    told.erase(takedown)
    assert everywhere(told.session) == {}
    pack = told.session.get_one(Pack, told.pack.id, execution_options=ACROSS)
    assert (pack.published_at, pack.snapshot_sha256) == (NOW, told.pack.snapshot_sha256)
    with pytest.raises(Erased):
        read_bytes(told.session, pack.snapshot_sha256, as_filed=True)
    assert pack.pdf_sha256 is not None
    assert GAP in read_bytes(told.session, pack.pdf_sha256).decode()
    assert SECRET not in told.register.read_text()
    if any_url.startswith("sqlite"):
        told.session.close()
        not_in_files(Path(any_url.removeprefix("sqlite:///")))


@pytest.mark.parametrize("hidden_before", [False, True])
def test_a_restored_backup_is_erased_again(
    make_app: Callable[[str], Flask], sqlite_url: str, tmp_path: Path, hidden_before: bool
) -> None:
    path, backup = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backup.sqlite3"

    def copied(engine: Any) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql("commit")
            connection.exec_driver_sql(f"vacuum into '{backup}'")

    with make_app(sqlite_url).app_context():
        db.session().expire_on_commit = False
        told = tell(House(db.session(), NOW), tmp_path)
        engine = create_engine(sqlite_url)
        takedown = told.hide() if hidden_before else None
        told.session.close()
        copied(engine)
        engine.dispose()
        takedown = (
            told.session.get_one(Takedown, takedown.id, execution_options=ACROSS)
            if takedown
            else told.hide()
        )
        told.erase(takedown)
        register = told.register
        db.session.remove()
        db.engine.dispose()
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()
    assert SECRET.encode() in backup.read_bytes()
    shutil.copyfile(backup, path)
    with make_app(sqlite_url).app_context():
        session = db.session()
        sign(session, Actor(at=NOW, source=Source.COMMAND))
        counts = erase_again(session, register, now=NOW)
        session.commit()
        session.close()
        assert (counts.known, counts.erased) == (1, 1)
        assert forget(db.engine)
        assert everywhere(session) == {}
        again = session.scalars(select(Takedown), execution_options=ACROSS).one()
        assert again.erased_at is not None
        assert erase_again(session, register, now=NOW).erased == 0, "only once"
        db.session.remove()
        db.engine.dispose()
    not_in_files(path)


def test_without_a_take_down_nothing_changes_what_is_append_only(told: Told) -> None:
    takedown = told.hide()
    for sql in (
        "update progress set happened = 'x'",
        "update blob set data = ''",
        "update audit_entry set after = 'x'",
        "delete from progress",
    ):
        # A permit that names no take-down on record lets nothing pass.
        claim(told.session, f"permit:take-down:{takedown.id + 9}", now=NOW)
        with pytest.raises(DatabaseError, match="append-only"):
            told.session.execute(text(sql))
        told.session.rollback()


def test_a_take_down_leaves_no_permit_behind(told: Told) -> None:
    told.hide()
    assert not told.session.scalars(text("select key from deed where key like 'permit:%'")).all()


def test_short_words_are_taken_from_where_they_stood_alone(house: House) -> None:
    house.person(SECRETARY)
    first, second = house.action("Jamie"), house.action("Jamie")
    takedown = hide_text(
        house.session,
        first,
        "title",
        reason="A name",
        person_id=house.people[SECRETARY].id,
        now=NOW,
    )
    house.session.refresh(second)
    assert second.title == "Jamie"
    house.session.refresh(first)
    assert first.title == GAP
    trail = house.session.scalars(
        text(f"select after from audit_entry where table_name='action' and record_id={first.id}")
    ).all()
    assert not any("Jamie" in (one or "") for one in trail)
    assert sealed_of(house.session, takedown) is not None


def test_nothing_is_hidden_twice_or_where_nothing_is(told: Told) -> None:
    told.hide()
    told.session.refresh(told.entry)
    for field in ("happened", "cause", "rating"):
        with pytest.raises(CannotTakeDown):
            hide_text(
                told.session,
                told.entry,
                field,
                reason="Again",
                person_id=told.secretary_id,
                now=NOW,
            )


def test_words_are_found_however_they_are_broken_and_written() -> None:
    words = Words.of('Ann "Bea" O’Neil left\nhome & school today.')
    for held in (
        'x Ann "Bea" O’Neil left home & school today. y',
        "Ann &#34;Bea&#34; O’Neil left<br>home &amp; school today.",
        json.dumps({"a": 'Ann "Bea" O’Neil left\nhome & school today.'}),
        json.dumps(json.dumps({"a": 'Ann "Bea" O’Neil left\nhome & school today.'})),
    ):
        assert "Neil" not in words.without(held, "[gap]"), held
        assert "[gap]" in words.without(held, "[gap]")


def test_the_command_erases_again_what_a_restored_database_holds(
    make_app: Callable[[str], Flask],
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, backup = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backup.sqlite3"
    with make_app(sqlite_url).app_context():
        db.session().expire_on_commit = False
        told = tell(House(db.session(), NOW), tmp_path)
        told.session.close()
        db.engine.dispose()
        shutil.copyfile(path, backup)
        told.erase(told.hide())
        db.session.remove()
        db.engine.dispose()
    shutil.copyfile(backup, path)
    monkeypatch.setenv("TRACKER_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TRACKER_ERASURES", str(told.register))
    answer = CliRunner().invoke(main, ["erase-again"])
    assert answer.output.startswith("Erasures on the register: 1. Erased again: 1, in"), answer
    not_in_files(path)
    assert "Erased again: 0, in 0 places." in CliRunner().invoke(main, ["erase-again"]).output
