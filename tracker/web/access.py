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
from typing import ParamSpec

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
    ANY_SECRETARY = "secretary of a board of the partnership"
    OWNER = "owner of the action"
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
    CONFIRM_COMPLETION = "confirm that an action is complete"


R = Relation
# Relations to a record; the others are known from the partnership alone.
OF_A_RECORD = {R.BOARD_MEMBER, R.CHAIR, R.SECRETARY, R.OWNER}
POLICY: Mapping[Permission, frozenset[Relation]] = {
    Permission.PUBLIC: frozenset({R.ANYONE}),
    Permission.BE_SIGNED_IN: frozenset({R.SIGNED_IN}),
    Permission.READ: frozenset({R.MEMBER}),
    Permission.READ_PUBLISHED_PACK: frozenset({R.BOARD_MEMBER, R.SECRETARY, R.ADMINISTRATOR}),
    Permission.READ_DRAFT_PACK: frozenset({R.CHAIR, R.SECRETARY, R.ADMINISTRATOR}),
    Permission.PUBLISH_PACK: frozenset({R.SECRETARY}),
    Permission.RECORD_PROGRESS: frozenset({R.OWNER, R.ANY_SECRETARY}),
    Permission.CONFIRM_COMPLETION: frozenset({R.ANY_SECRETARY}),
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


def allows(
    permission: Permission,
    viewer: Viewer | None,
    standing: Standing | None = None,
    *,
    board_id: int | None = None,
    owner_ids: frozenset[int] = frozenset(),
) -> bool:
    """Whether the policy lets this viewer do this, to this record."""
    held = {Relation.ANYONE}
    if viewer is not None:
        held.add(Relation.SIGNED_IN)
        if viewer.person_id in owner_ids and standing is not None:
            held.add(Relation.OWNER)
    if standing is not None:
        held.add(Relation.MEMBER)
        if standing.is_administrator:
            held.add(Relation.ADMINISTRATOR)
        if standing.is_secretary_of:
            held.add(Relation.ANY_SECRETARY)
        if board_id is not None:
            for boards, relation in (
                (standing.sits_on, Relation.BOARD_MEMBER),
                (standing.chairs, Relation.CHAIR),
                (standing.is_secretary_of, Relation.SECRETARY),
            ):
                if board_id in boards:
                    held.add(relation)
    return bool(POLICY[permission] & held)


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


def may(
    permission: Permission, *, board_id: int | None = None, owner_ids: frozenset[int] = frozenset()
) -> bool:
    """Whether the viewer of this request may; for showing or hiding what leads there."""
    who = viewer() if current_user.is_authenticated else None
    return allows(permission, who, g.get("standing"), board_id=board_id, owner_ids=owner_ids)


def demand(
    permission: Permission, *, board_id: int | None = None, owner_ids: frozenset[int] = frozenset()
) -> None:
    """Go on only if the policy allows this for this record; 403 otherwise."""
    g.demanded = True
    if not may(permission, board_id=board_id, owner_ids=owner_ids):
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
