"""A page of a list of actions, put together from what its address asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from actions.list_queries import Page, Scope, page_of
from actions.lists import Due, Key, Need, Sort, encode, falls
from actions.on_behalf import Behalf, on_behalf
from actions.queries import facts
from actions.rules import ActionFacts, main_home
from governance.mine_forms import AFTER, BEFORE, DUE, NEEDS, PARTNERSHIP, SORT, Asked, read
from governance.mine_queries import BOARD, Task, choices
from tracker.web.access import Standing


@dataclass(frozen=True)
class Listed:
    """An action of a list, wherever it is, with its other homes and why somebody is asked."""

    partnership: Standing
    facts: ActionFacts
    also: tuple[ActionFacts, ...]
    behalf: Behalf
    needs: tuple[str, ...]

    def reasons(self, person_id: int) -> list[str]:
        """Why it needs them now, and in whose place they answer."""
        is_own = person_id in self.facts.owner_ids
        return [*self.needs, *self.behalf.words(is_own=is_own)]


@dataclass(frozen=True)
class Listing:
    """A page of a list, its filters, and the ways to what comes before and after it."""

    asked: Asked
    rows: tuple[Listed, ...]
    previous: str | None
    next: str | None
    first: str

    @property
    def is_first(self) -> bool:
        """Whether nothing comes before this page."""
        return self.previous is None


def listing(
    session: Session,
    scope: Scope,
    standings: Sequence[Standing],
    today: date,
    *,
    sorts: Sequence[Sort],
    needs: Need | None = None,
) -> Listing:
    """The page of a list that the request's address asks for; six queries in one partnership.

    ``needs`` is what every action of the list must need, whatever its address says.
    """
    found = choices(session, scope, today)
    asked = read(request.args, scope, standings, found, sorts=sorts)
    if needs is not None:
        asked.wanted = replace(asked.wanted, needs=needs)
    page = page_of(session, asked.scope, asked.wanted, asked.order, today, asked.cursor)
    if not page.found and asked.cursor is not None:
        # What stood there has gone: the list begins anew.
        page = page_of(session, asked.scope, asked.wanted, asked.order, today)
    return Listing(
        asked=asked,
        rows=tuple(_rows(session, asked.scope, standings, page, today)),
        previous=_address(asked, BEFORE, page.previous),
        next=_address(asked, AFTER, page.next),
        first=_address(asked) or "",
    )


def _rows(
    session: Session, scope: Scope, standings: Sequence[Standing], page: Page, today: date
) -> list[Listed]:
    homes: dict[int, list[ActionFacts]] = {}
    for here in standings:
        ids = [key for tenant, key in page.found if tenant == here.partnership_id]
        for one in facts(session, here.partnership_id, today, action_ids=ids) if ids else ():
            homes.setdefault(one.action_id, []).append(one)
    behalf = {}
    if scope.person_id is not None:
        ids = [key for _, key in page.found]
        behalf = dict(on_behalf(session, scope.partnership_ids, ids, scope.person_id, today))
    by_id = {here.partnership_id: here for here in standings}
    return [
        _listed(by_id[tenant], homes[key], behalf.get(key, Behalf()), today)
        for tenant, key in page.found
        if key in homes
    ]


def _listed(here: Standing, homes: Sequence[ActionFacts], behalf: Behalf, today: date) -> Listed:
    first = main_home(homes)
    others = tuple(home for home in homes if home is not first and home.ended_on is None)
    return Listed(here, first, others, behalf, first.needs(today))


def _address(asked: Asked, name: str = "", keys: tuple[Key, ...] | None = None) -> str | None:
    """This list's address at another place of it; None where there is none."""
    if name and keys is None:
        return None
    values: dict[str, Any] = {**(request.view_args or {}), **asked.chosen}
    if name:
        values[name] = encode(asked.order, keys or ())
    return url_for(str(request.endpoint), **values)


def tasks_of(found: Listing, tasks: Sequence[Task], today: date) -> list[Task]:
    """The meeting actions that a list's filters let through; all on its first page.

    They have a board and a day; they belong to no plan, have no rating and are not asked about.
    """
    asked, wanted = found.asked, found.asked.wanted
    if not found.is_first or set(asked.chosen) - {PARTNERSHIP, BOARD, DUE, NEEDS, SORT}:
        return []
    board = asked.chosen.get(BOARD)
    windows = [wanted.due] if wanted.due is not None else []
    if wanted.needs is not None and asked.is_set(NEEDS):
        if wanted.needs not in _AS_DUE:
            return []
        windows.append(_AS_DUE[wanted.needs])
    return [
        one
        for one in tasks
        if board in (None, one.board_slug, f"{one.partnership}.{one.board_slug}")
        and all(falls(one.due_on, window, today) for window in windows)
    ]


_AS_DUE = {Need.OVERDUE: Due.OVERDUE, Need.SOON: Due.SOON}
