"""The audit trail: no change without its entry, no entry without its change."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from actions.models import Action
from governance.feed import new_link
from governance.feed_models import FeedKind
from tests.factories import PASSWORD, PASSWORD_HASH, House
from tests.house.addresses import sign_in
from tests.pages import Visitor
from tracker.edges.clock import SetClock
from tracker.edges.db import Base, reading
from tracker.edges.tenancy import ACROSS
from tracker.ledger.audit import SECRET_FIELDS, Actor, Source, UnauditedChange, sign
from tracker.ledger.models import AuditEntry, Deed
from tracker.people.models import Organisation


def entries(session: Session, table: str, record_id: int) -> list[AuditEntry]:
    """A record's entries, in order."""
    found = select(AuditEntry).where(
        AuditEntry.table_name == table, AuditEntry.record_id == record_id
    )
    return list(session.scalars(found.order_by(AuditEntry.id)))


def number_of_entries(session: Session) -> int:
    with reading():
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_a_new_row_is_one_entry_with_all_its_values(house: House, session: Session) -> None:
    made = house.organisation("Elm District Council")
    (entry,) = entries(session, "organisation", made.id)
    assert (entry.field, entry.before) == ("*", None)
    after = json.loads(entry.after or "")
    assert after == {
        "id": made.id,
        "uid": str(made.uid),
        "partnership_id": house.tenant,
        "slug": "elm-district-council",
        "name": "Elm District Council",
        "name_key": "elm district council",
        "abbreviation": None,
        "kind": "council",
        "is_collective": False,
        "needs_clearance": False,
        "source_note": None,
    }


def test_a_change_is_one_entry_for_each_field_with_before_and_after(
    house: House, session: Session, clock: SetClock
) -> None:
    person = house.person("secretary@a.example")
    clock.set(clock.now() + timedelta(hours=1))
    sign(session, Actor(at=clock.now(), source=Source.WEB, person_id=person.id))
    house.council.name = "Ash Council"
    house.council.abbreviation = "AC"
    session.commit()
    found = entries(session, "organisation", house.council.id)[1:]
    assert {(e.field, e.before, e.after) for e in found} == {
        ("name", '"Ashshire Council"', '"Ash Council"'),
        ("abbreviation", "null", '"AC"'),
    }
    for entry in found:
        assert entry.at == clock.now()
        assert entry.person_id == person.id
        assert entry.source == "web"
        assert entry.partnership_id == house.tenant


def test_a_deleted_row_is_one_entry_with_all_that_it_was(house: House, session: Session) -> None:
    gone = house.organisation("Elm District Council")
    session.commit()
    gone_id = gone.id
    session.expire_all()  # so that what it was must be read before it is too late
    session.delete(gone)
    session.commit()
    last = entries(session, "organisation", gone_id)[-1]
    assert (last.field, last.after) == ("*", None)
    assert json.loads(last.before or "")["name"] == "Elm District Council"


def test_the_value_before_is_known_even_where_the_row_was_forgotten(
    house: House, session: Session
) -> None:
    council_id = house.council.id
    session.commit()
    session.expire_all()
    house.council.name = "Ash Council"
    session.commit()
    assert entries(session, "organisation", council_id)[-1].before == '"Ashshire Council"'


def test_an_entry_says_what_is_kept_and_not_what_was_typed(house: House, session: Session) -> None:
    house.council.name = "  Cafe\u0301\x07 Council "
    session.commit()
    last = entries(session, "organisation", house.council.id)[-1]
    session.refresh(house.council)
    assert json.loads(last.after or "") == house.council.name == "Café Council"


def test_what_is_typed_again_as_it_is_kept_is_no_change(house: House, session: Session) -> None:
    before = number_of_entries(session)
    house.council.name = " Ashshire Council\r\n"
    house.council.abbreviation = None
    session.commit()
    assert number_of_entries(session) == before


def test_the_version_counter_has_no_entries_of_its_own(house: House, session: Session) -> None:
    house.board.name = "The Board"
    session.commit()
    assert house.board.version == 2
    fields = [e.field for e in entries(session, "board", house.board.id)]
    assert fields == ["*", "name"]


def test_no_secret_is_in_the_trail(
    client: Visitor, house: House, session: Session, clock: SetClock
) -> None:
    person = house.person("member@a.example")
    sign_in(client, "member@a.example")
    _, token = new_link(
        session, person_id=person.id, kind=FeedKind.MINE, name="Phone", now=clock.now()
    )
    session.commit()
    with reading():
        trail = session.execute(select(AuditEntry.before, AuditEntry.after)).all()
        hashes = {
            value
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if column.name in SECRET_FIELDS
            for value in session.scalars(
                select(column).where(column.is_not(None)), execution_options=ACROSS
            )
            if value is not None
        }
    assert len(hashes) == 3  # of a password, a signed-in browser and a calendar link
    told = "\n".join(f"{before} {after}" for before, after in trail)
    for secret in (PASSWORD, PASSWORD_HASH, token, *hashes):
        assert secret not in told
    assert told.count('"(secret)"') == 3


def test_every_column_of_a_secret_is_known_to_the_trail() -> None:
    sounds = ("hash", "token", "secret", "password", "sealed", "fingerprint")
    secret_sounding = {
        column.name
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(word in column.name for word in sounds)
    }
    assert secret_sounding == SECRET_FIELDS


def test_a_changed_password_is_in_the_trail_without_the_password(
    house: House, session: Session
) -> None:
    from tracker.people.operations import give_password

    person = house.person("member@a.example")
    identity = give_password(session, person, "another hash")
    session.commit()
    last = entries(session, "identity", identity.id)[-1]
    assert (last.field, last.before, last.after) == ("secret_hash", '"(secret)"', '"(secret)"')


def test_an_entry_names_people_by_number_only() -> None:
    own = {column.name for column in AuditEntry.__table__.columns}
    assert own == {
        *("id", "at", "partnership_id", "person_id", "source"),
        *("table_name", "record_id", "field", "before", "after"),
    }


def test_a_change_that_nobody_signed_is_refused(house: House, session: Session) -> None:
    before = number_of_entries(session)
    del session.info["actor"]
    house.council.name = "Ash Council"
    with pytest.raises(UnauditedChange, match="without a signature"):
        session.flush()
    session.rollback()
    assert house.council.name == "Ashshire Council"
    assert number_of_entries(session) == before


def test_what_is_rolled_back_leaves_no_entry(house: House, session: Session) -> None:
    before = number_of_entries(session)
    house.organisation("Elm District Council")
    house.council.name = "Ash Council"
    session.flush()
    assert number_of_entries(session) == before + 2
    session.rollback()
    assert number_of_entries(session) == before


def test_a_page_that_changes_something_signs_with_whoever_is_signed_in(
    client: Visitor, house: House, session: Session, clock: SetClock
) -> None:
    action = house.action(owner="owner@a.example")
    sign_in(client, "owner@a.example")
    answer = client.post(
        f"/ashshire/actions/{action.number}/progress",
        data={
            "lifecycle": "in-progress",
            "rating": "Green",
            "happened": "Began",
            "last_seen": "0",
            "save": "Save",
        },
    )
    assert answer.status_code == 302
    with reading():
        written = session.scalars(
            select(AuditEntry).where(AuditEntry.table_name == "progress")
        ).one()
        assert written.person_id == house.people["owner@a.example"].id
        assert (written.source, written.at) == ("web", clock.now())
        signed = {e.person_id for e in entries(session, "action", action.id) if e.source == "web"}
        assert signed == {written.person_id}


def test_changes_in_bulk_are_refused_where_they_would_pass_by_the_trail(
    house: House, session: Session
) -> None:
    table = Organisation.__table__
    for statement in (
        update(Organisation).where(Organisation.partnership_id == house.tenant).values(name="X"),
        delete(Organisation).where(Organisation.partnership_id == house.tenant),
        insert(Organisation).values(partnership_id=house.tenant, slug="x", name="X"),
        update(table).values(name="X"),  # type: ignore[arg-type]  # any table of ours
        delete(table),  # type: ignore[arg-type]  # any table of ours
        insert(table).values(partnership_id=house.tenant, slug="x", name="X"),  # type: ignore[arg-type]  # any table of ours
        update(Action).values(title="X"),
    ):
        with pytest.raises(UnauditedChange, match=r"bulk changes of (organisation|action)"):
            session.execute(statement)
    session.execute(insert(Deed).values(key="a", done_at=house.now, is_late=False))
    session.rollback()
