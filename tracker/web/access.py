"""Who may do what: one table, and the only place that reads it.

Every route declares its permission with ``requires``. A permission that depends on a record (a
board's draft pack, an owner's action) must be demanded again with that record before the view
answers, or the answer is thrown away: forgetting denies. Another partnership's record is not
forbidden but absent (404), so that nobody learns that it exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypedDict, Unpack

from flask import abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


class Relation(StrEnum):
    """What somebody is to the thing they ask for."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    MEMBER = "member of the partnership"
    BOARD_MEMBER = "member of the board"
    CHAIR = "chair of the board"
    SECRETARY = "secretary of the board"
    ENTITLED = "entitled to the board’s confidential items"
    ANY_SECRETARY = "secretary of a board of the partnership"
    OWNER = "owner of the action, or who covers or was handed the ask"
    PRIORITY_LEAD = "lead of the priority"
    CLEARER = "who clears updates of the organisation"
    ADMINISTRATOR = "administrator of the partnership"


class Permission(StrEnum):
    """What can be asked for."""

    PUBLIC = "see a public page"
    BE_SIGNED_IN = "use own pages"
    READ = "read plans, actions, history, boards and meetings"
    READ_PUBLISHED_PACK = "read a board's published packs"
    READ_DRAFT_PACK = "read a board's draft agenda and pack"
    PUBLISH_PACK = "publish a board's pack"
    RECORD_PROGRESS = "record progress on an action"
    DELEGATE = "hand an ask to somebody else"
    CLEAR_PROGRESS = "clear or return an update of an organisation"
    CONFIRM_COMPLETION = "confirm that an action is complete, or reopen it"
    PROPOSE = "propose a new action, a changed deadline or a closing"
    AGREE = "agree a rating or a proposal, or record that it was agreed"
    CHANGE_PLANS = "change plans, priorities, actions, deadlines and owners"
    TAKE_OVER = "accept or return an action offered to a board"
    RUN_MEETINGS = "call, move, cancel a board's meetings, change its cycles, reopen its updates"
    CREATE_BOARDS = "create a board"
    CHANGE_BOARDS = "change a board, who sits on it, its rules and terms of reference"
    EDIT_AGENDA = "edit a board's agenda and forward plan, add papers"
    APPROVE_AGENDA = "approve a board's agenda, or record that its chair did"
    READ_BRIEFING = "read the chair's briefing"
    MINUTE = "record attendance, interests, decisions, minutes, meeting actions"
    AGREE_MINUTES = "agree draft minutes as the chair, or record that the chair did"
    READ_MINUTES = "read a board's minutes, decisions and action log"
    READ_CONFIDENTIAL = "read a board's confidential items"
    DECIDE_BETWEEN = "open and close a decision between meetings"
    ANSWER_BETWEEN = "answer a decision between meetings"
    ESCALATE = "agree an escalation to the board above, or answer one from below"
    HIDE_TEXT = "hide a text that identifies a child, at once"
    ERASE_TEXT = "erase a hidden text everywhere"
    MANAGE_PEOPLE = "invite people, end their memberships, change settings"
    READ_MAIL = "see what mail waits, went and failed"
    READ_CHANGES = "read every change of every record"


R = Relation
# Relations to a record; the others are known from the partnership alone.
OF_A_RECORD = {
    *(R.BOARD_MEMBER, R.CHAIR, R.SECRETARY, R.ENTITLED),
    *(R.OWNER, R.PRIORITY_LEAD, R.CLEARER),
}
POLICY: Mapping[Permission, frozenset[Relation]] = {
    Permission.PUBLIC: frozenset({R.ANYONE}),
    Permission.BE_SIGNED_IN: frozenset({R.SIGNED_IN}),
    Permission.READ: frozenset({R.MEMBER}),
    Permission.READ_PUBLISHED_PACK: frozenset({R.BOARD_MEMBER, R.SECRETARY, R.ADMINISTRATOR}),
    Permission.READ_DRAFT_PACK: frozenset({R.CHAIR, R.SECRETARY, R.ADMINISTRATOR}),
    Permission.PUBLISH_PACK: frozenset({R.SECRETARY}),
    Permission.RECORD_PROGRESS: frozenset({R.OWNER, R.ANY_SECRETARY}),
    Permission.DELEGATE: frozenset({R.OWNER, R.ANY_SECRETARY}),
    Permission.CLEAR_PROGRESS: frozenset({R.CLEARER}),
    Permission.CONFIRM_COMPLETION: frozenset({R.ANY_SECRETARY, R.PRIORITY_LEAD, R.CHAIR}),
    Permission.PROPOSE: frozenset({R.OWNER, R.PRIORITY_LEAD, R.ANY_SECRETARY, R.ADMINISTRATOR}),
    Permission.AGREE: frozenset({R.CHAIR, R.PRIORITY_LEAD, R.ANY_SECRETARY}),
    Permission.CHANGE_PLANS: frozenset({R.ANY_SECRETARY, R.ADMINISTRATOR}),
    Permission.TAKE_OVER: frozenset({R.CHAIR, R.SECRETARY}),
    Permission.RUN_MEETINGS: frozenset({R.SECRETARY, R.ADMINISTRATOR}),
    Permission.CREATE_BOARDS: frozenset({R.ADMINISTRATOR}),
    Permission.CHANGE_BOARDS: frozenset({R.SECRETARY, R.ADMINISTRATOR}),
    Permission.EDIT_AGENDA: frozenset({R.SECRETARY}),
    Permission.APPROVE_AGENDA: frozenset({R.CHAIR, R.SECRETARY}),
    Permission.READ_BRIEFING: frozenset({R.CHAIR, R.SECRETARY}),
    Permission.MINUTE: frozenset({R.SECRETARY}),
    Permission.AGREE_MINUTES: frozenset({R.CHAIR, R.SECRETARY}),
    Permission.READ_MINUTES: frozenset({R.BOARD_MEMBER, R.SECRETARY, R.ADMINISTRATOR}),
    Permission.READ_CONFIDENTIAL: frozenset({R.CHAIR, R.SECRETARY, R.ENTITLED}),
    Permission.DECIDE_BETWEEN: frozenset({R.CHAIR, R.SECRETARY}),
    Permission.ANSWER_BETWEEN: frozenset({R.BOARD_MEMBER, R.CHAIR, R.SECRETARY}),
    Permission.ESCALATE: frozenset({R.CHAIR, R.SECRETARY}),
    Permission.HIDE_TEXT: frozenset({R.ANY_SECRETARY, R.ADMINISTRATOR}),
    Permission.ERASE_TEXT: frozenset({R.ADMINISTRATOR}),
    Permission.MANAGE_PEOPLE: frozenset({R.ADMINISTRATOR}),
    Permission.READ_MAIL: frozenset({R.ADMINISTRATOR}),
    Permission.READ_CHANGES: frozenset({R.ADMINISTRATOR}),
}


@dataclass(frozen=True)
class Standing:
    """What a viewer is in one partnership, today."""

    partnership_id: int
    slug: str
    name: str
    banner: str | None = None
    is_administrator: bool = False
    sits_on: frozenset[int] = field(default_factory=frozenset)
    chairs: frozenset[int] = field(default_factory=frozenset)
    is_secretary_of: frozenset[int] = field(default_factory=frozenset)
    is_entitled_on: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Viewer:
    """Somebody signed in, with all that the policy needs to know of them."""

    person_id: int
    name: str
    email: str
    token: str
    standings: Mapping[str, Standing]

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The server-side session's token, not the person: so that a session can be revoked."""
        return self.token


class Ties(TypedDict, total=False):
    """Who stands how to the record that is asked about: ids of its boards and its people.

    ``board_ids``: the boards that review it; ``owner_ids``: who may answer about it;
    ``lead_ids``: the leads of its priorities; ``clearer_ids``: who clears for the organisation.
    """

    board_id: int | None
    board_ids: frozenset[int]
    owner_ids: frozenset[int]
    lead_ids: frozenset[int]
    clearer_ids: frozenset[int]


def allows(
    permission: Permission,
    viewer: Viewer | None,
    standing: Standing | None = None,
    **ties: Unpack[Ties],
) -> bool:
    """Whether the policy lets this viewer do this, to this record."""
    held = {Relation.ANYONE}
    if viewer is not None:
        held.add(Relation.SIGNED_IN)
    if standing is not None:
        held.add(Relation.MEMBER)
        if standing.is_administrator:
            held.add(Relation.ADMINISTRATOR)
        if standing.is_secretary_of:
            held.add(Relation.ANY_SECRETARY)
        held |= _to_the_record(viewer, standing, ties)
    return bool(POLICY[permission] & held)


def _to_the_record(viewer: Viewer | None, standing: Standing, ties: Ties) -> set[Relation]:
    """What somebody of this partnership is to the record."""
    person_id = viewer.person_id if viewer is not None else None
    boards = ties.get("board_ids", frozenset())
    board_id = ties.get("board_id")
    if board_id is not None:
        boards |= {board_id}
    reached = {
        Relation.BOARD_MEMBER: boards & standing.sits_on,
        Relation.CHAIR: boards & standing.chairs,
        Relation.SECRETARY: boards & standing.is_secretary_of,
        Relation.ENTITLED: boards & standing.is_entitled_on,
        Relation.OWNER: {person_id} & ties.get("owner_ids", frozenset()),
        Relation.PRIORITY_LEAD: {person_id} & ties.get("lead_ids", frozenset()),
        Relation.CLEARER: {person_id} & ties.get("clearer_ids", frozenset()),
    }
    return {relation for relation, found in reached.items() if found}


def viewer() -> Viewer:
    """The signed-in viewer of this request."""
    found = current_user._get_current_object()
    assert isinstance(found, Viewer)
    return found


def standing() -> Standing:
    """What the viewer is in the partnership that the address names; 404 when nothing."""
    found = g.get("standing")
    if not isinstance(found, Standing):
        abort(404)
    return found


def may(permission: Permission, **ties: Unpack[Ties]) -> bool:
    """Whether the viewer of this request may; for showing or hiding what leads there."""
    who = viewer() if current_user.is_authenticated else None
    return allows(permission, who, g.get("standing"), **ties)


def demand(permission: Permission, **ties: Unpack[Ties]) -> None:
    """Go on only if the policy allows this for this record; 403 otherwise."""
    g.demanded = True
    if not may(permission, **ties):
        abort(403)


def requires(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Declare a view's permission, and hold it."""
    relations = POLICY[permission]

    def declare(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if Relation.ANYONE in relations:
                return view(*args, **kwargs)
            if not current_user.is_authenticated:
                return _to_sign_in()
            slug = kwargs.pop("partnership", None)
            if slug is not None:
                g.standing = viewer().standings.get(str(slug))
                standing()  # 404 for strangers
            if not relations & OF_A_RECORD and not may(permission):
                abort(403)
            answer = view(*args, **kwargs)
            if relations & OF_A_RECORD and not g.get("demanded"):
                raise RuntimeError(f"{view.__name__} did not demand “{permission}” of its record")
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the route test
        return guarded

    return declare


def _to_sign_in() -> ResponseReturnValue:
    if request.method not in ("GET", "HEAD"):
        abort(401)
    current_app.logger.debug("sign-in needed for %s", request.path)
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
