"""The policy, and the one way in which a request becomes a commit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Blueprint, Flask, abort, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from tests.factories import House
from tests.house.addresses import sign_in
from tests.house.contents import contents
from tests.pages import Visitor
from tracker.edges.db import db
from tracker.ledger.models import AuditEntry
from tracker.people.models import Partnership
from tracker.web.access import POLICY, Permission, Standing, Viewer, allows, demand, requires

BOARD, OTHER_BOARD = 7, 8
OWNER, SOMEBODY, LEAD, CLEARER = 40, 41, 42, 43
HOME = Standing(partnership_id=1, slug="ashshire", name="Ashshire")
SITTING = replace(HOME, sits_on=frozenset({BOARD}))

# Each part that somebody may have, and nothing besides it: who they are, what they are at home.
PARTS: dict[str, tuple[int | None, Standing | None]] = {
    "nobody": (None, None),
    "stranger": (SOMEBODY, None),
    "owner who left": (OWNER, None),
    "member": (SOMEBODY, HOME),
    "owner": (OWNER, HOME),
    "board member": (SOMEBODY, SITTING),
    "member of another board": (SOMEBODY, replace(HOME, sits_on=frozenset({OTHER_BOARD}))),
    "chair": (SOMEBODY, replace(SITTING, chairs=frozenset({BOARD}))),
    "secretary": (SOMEBODY, replace(SITTING, is_secretary_of=frozenset({BOARD}))),
    "entitled member": (SOMEBODY, replace(SITTING, is_entitled_on=frozenset({BOARD}))),
    "secretary of another board": (
        SOMEBODY,
        replace(HOME, sits_on=frozenset({OTHER_BOARD}), is_secretary_of=frozenset({OTHER_BOARD})),
    ),
    "priority lead": (LEAD, HOME),
    "clearer": (CLEARER, HOME),
    "lead and clearer of another partnership": (LEAD, None),
    "administrator": (SOMEBODY, replace(HOME, is_administrator=True)),
}
EVERYBODY = frozenset(PARTS)
SIGNED_IN = EVERYBODY - {"nobody"}
AT_HOME = SIGNED_IN - {"stranger", "owner who left", "lead and clearer of another partnership"}
SECRETARIES = frozenset({"secretary", "secretary of another board"})
ON_THE_BOARD = frozenset({"board member", "entitled member", "chair", "secretary"})

MATRIX: dict[Permission, frozenset[str]] = {
    Permission.PUBLIC: EVERYBODY,
    Permission.BE_SIGNED_IN: SIGNED_IN,
    Permission.READ: AT_HOME,
    Permission.READ_PUBLISHED_PACK: frozenset({*ON_THE_BOARD, "administrator"}),
    Permission.READ_DRAFT_PACK: frozenset({"chair", "secretary", "administrator"}),
    Permission.PUBLISH_PACK: frozenset({"secretary"}),
    Permission.RECORD_PROGRESS: SECRETARIES | {"owner"},
    Permission.DELEGATE: SECRETARIES | {"owner"},
    Permission.CLEAR_PROGRESS: frozenset({"clearer"}),
    Permission.CONFIRM_COMPLETION: SECRETARIES | {"priority lead", "chair"},
    Permission.PROPOSE: SECRETARIES | {"owner", "priority lead", "administrator"},
    Permission.AGREE: SECRETARIES | {"chair", "priority lead"},
    Permission.CHANGE_PLANS: SECRETARIES | {"administrator"},
    Permission.TAKE_OVER: frozenset({"chair", "secretary"}),
    Permission.RUN_MEETINGS: frozenset({"secretary", "administrator"}),
    Permission.CREATE_BOARDS: frozenset({"administrator"}),
    Permission.CHANGE_BOARDS: frozenset({"secretary", "administrator"}),
    Permission.EDIT_AGENDA: frozenset({"secretary"}),
    Permission.APPROVE_AGENDA: frozenset({"chair", "secretary"}),
    Permission.READ_BRIEFING: frozenset({"chair", "secretary"}),
    Permission.MINUTE: frozenset({"secretary"}),
    Permission.AGREE_MINUTES: frozenset({"chair", "secretary"}),
    Permission.READ_MINUTES: frozenset({*ON_THE_BOARD, "administrator"}),
    Permission.READ_CONFIDENTIAL: frozenset({"entitled member", "chair", "secretary"}),
    Permission.DECIDE_BETWEEN: frozenset({"chair", "secretary"}),
    Permission.ANSWER_BETWEEN: ON_THE_BOARD,
    Permission.ESCALATE: frozenset({"chair", "secretary"}),
    Permission.HIDE_TEXT: SECRETARIES | {"administrator"},
    Permission.ERASE_TEXT: frozenset({"administrator"}),
    Permission.MANAGE_PEOPLE: frozenset({"administrator"}),
    Permission.READ_MAIL: frozenset({"administrator"}),
    Permission.READ_CHANGES: frozenset({"administrator"}),
}


def viewer(person_id: int) -> Viewer:
    return Viewer(person_id=person_id, name="A person", email="a@a.example", token="", standings={})


def test_every_permission_is_decided_for_every_part() -> None:
    assert set(MATRIX) == set(Permission) == set(POLICY)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("permission", Permission, ids=lambda p: p.name)
def test_the_policy_allows_each_part_its_own_and_nothing_more(
    permission: Permission, part: str
) -> None:
    person_id, standing = PARTS[part]
    allowed = allows(
        permission,
        None if person_id is None else viewer(person_id),
        standing,
        board_id=BOARD,
        owner_ids=frozenset({OWNER}),
        lead_ids=frozenset({LEAD}),
        clearer_ids=frozenset({CLEARER}),
    )
    assert allowed == (part in MATRIX[permission])


def trial(app: Flask) -> None:
    """Views that change something, and then end in one way or another."""
    pages = Blueprint("trial", __name__)

    @pages.post("/trial/<ending>")
    @requires(Permission.PUBLIC)
    def change(ending: str) -> ResponseReturnValue:
        found = db.session.scalars(select(Partnership)).one()
        found.name = f"Changed by {ending}"
        db.session.flush()
        if ending == "crash":
            raise RuntimeError("the view fell over")
        if ending == "redirect":
            return redirect("/")
        if ending.isdigit():
            abort(int(ending))
        return {"ended": ending}, int(ending[-3:]) if ending.startswith("answer-") else 200

    @pages.get("/trial/look")
    @requires(Permission.PUBLIC)
    def look() -> ResponseReturnValue:
        db.session.scalars(select(Partnership)).one().name = "Changed by looking"
        db.session.flush()
        return {"looked": True}

    @pages.route("/<partnership>/forgetful", methods=["GET", "POST"])
    @requires(Permission.READ_DRAFT_PACK)
    def forgetful() -> ResponseReturnValue:
        db.session.scalars(select(Partnership)).one().name = "Changed by forgetting"
        db.session.flush()
        return "what only some may see"

    @pages.get("/<partnership>/mindful")
    @requires(Permission.READ_DRAFT_PACK)
    def mindful() -> ResponseReturnValue:
        demand(Permission.READ_DRAFT_PACK, board_id=BOARD)
        return "what only some may see"

    app.register_blueprint(pages)
    # Errors are answered as they are when serving, not raised into the test.
    app.config["PROPAGATE_EXCEPTIONS"] = False


def name_of(house: House) -> str:
    house.session.rollback()
    found = house.session.scalar(select(Partnership.name)) or ""
    house.session.rollback()
    return found


@pytest.mark.parametrize(
    "ending", ["400", "403", "404", "409", "crash", "answer-422", "answer-429"]
)
def test_a_post_that_fails_keeps_nothing(app: Flask, house: House, ending: str) -> None:
    trial(app)
    before = contents(db.engine)
    answer = app.test_client().post(f"/trial/{ending}")
    assert answer.status_code == (500 if ending == "crash" else int(ending[-3:]))
    assert contents(db.engine) == before


@pytest.mark.parametrize("ending", ["redirect", "page"])
def test_a_post_that_succeeds_is_kept_with_its_audit_entry(
    app: Flask, house: House, ending: str
) -> None:
    trial(app)
    before = house.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    house.session.rollback()
    assert app.test_client().post(f"/trial/{ending}").status_code in (200, 302)
    assert name_of(house) == f"Changed by {ending}"
    assert house.session.scalar(select(func.count()).select_from(AuditEntry)) == before + 1


def test_a_get_keeps_nothing_even_where_its_view_changes_something(
    app: Flask, house: House
) -> None:
    trial(app)
    before = contents(db.engine)
    assert app.test_client().get("/trial/look").status_code == 200
    assert contents(db.engine) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_view_that_forgets_to_demand_its_permission_of_the_record_is_refused(
    app: Flask, client: Visitor, house: House, method: str
) -> None:
    trial(app)
    house.person("member@a.example")
    sign_in(client, "member@a.example")
    before = contents(db.engine)
    answer = client.open("/ashshire/forgetful", method=method)
    assert answer.status_code == 500
    assert "what only some may see" not in answer.text
    assert contents(db.engine) == before


def test_a_demand_of_a_record_turns_away_whoever_has_no_part_in_it(
    app: Flask, client: Visitor, house: House
) -> None:
    trial(app)
    house.person("member@a.example")
    sign_in(client, "member@a.example")
    answer = client.get("/ashshire/mindful")
    assert answer.status_code == 403
    assert "what only some may see" not in answer.text
