"""A partnership with its organisations, boards and review cycles."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.cycles import Rule
from governance.models import CycleKind, ReviewCycle, ReviewCyclePlan
from plans.models import Ambition, Plan
from tracker.edges.db import key_of
from tracker.loader.boards import ways
from tracker.loader.document import Document, DocumentError, Item
from tracker.people.board_models import (
    Board,
    BoardKind,
    BoardOrganisation,
    BoardRelation,
    RelationKind,
)
from tracker.people.models import (
    Alias,
    Organisation,
    OrganisationKind,
    Partnership,
    PartyRole,
)
from tracker.web.addresses import RESERVED


def load_partnership(
    session: Session, document: Document, *, now: datetime
) -> tuple[Partnership, bool]:
    """The partnership of a document, and whether it was added."""
    about = document.data["partnership"]
    found = session.scalar(select(Partnership).where(Partnership.slug == about["slug"]))
    if found is not None:
        return found, False
    partnership = Partnership(
        slug=document.slug(about["slug"], "a partnership", taken=RESERVED),
        name=about["name"],
        source_note=document.note(about),
    )
    session.add(partnership)
    session.flush()
    for position, item in enumerate(document.list("ambitions")):
        session.add(
            Ambition(
                partnership_id=partnership.id,
                slug=item["key"],
                name=item["name"],
                position=position,
                source_note=document.note(item),
            )
        )
    _organisations(session, partnership, document)
    _boards(session, partnership, document)
    session.flush()
    return partnership, True


def load_cycles(session: Session, partnership: Partnership, document: Document) -> None:
    """The review cycles of a document that are not there yet."""
    boards = by_slug(session, Board, partnership)
    plans = by_slug(session, Plan, partnership)
    known = by_slug(session, ReviewCycle, partnership)
    for item in document.list("cycles"):
        if item["key"] in known:
            continue
        _check_rule(item, document)
        starts_at = item.get("time")
        cycle = ReviewCycle(
            partnership_id=partnership.id,
            slug=item["key"],
            board_id=boards[item["board"]],
            kind=CycleKind(item["kind"]),
            rule=item.get("rule"),
            starts_on=document.day(item.get("starts_on")),
            ends_on=document.day(item.get("ends_on")),
            once_on=document.day(item.get("on")),
            starts_at=time.fromisoformat(starts_at) if starts_at else None,
            minutes=item.get("minutes") or 120,
            place=item.get("place"),
            words=item["words"],
            source_note=document.note(item),
        )
        session.add(cycle)
        session.flush()
        for key in item.get("plans") or []:
            session.add(
                ReviewCyclePlan(
                    partnership_id=partnership.id, cycle_id=cycle.id, plan_id=plans[key]
                )
            )
    session.flush()


def _check_rule(item: Item, document: Document) -> None:
    """A cycle that recurs needs a rule that can be read and the month it counts from."""
    if item["kind"] != CycleKind.RECURRENCE.value:
        return
    where = f"{document.path.name}, cycle {item['key']}"
    if not item.get("rule") or not item.get("starts_on"):
        raise DocumentError(f"{where}: a recurrence needs “rule” and “starts_on”")
    try:
        Rule(item["rule"], item["starts_on"], item.get("ends_on"))
    except ValueError as error:
        raise DocumentError(f"{where}: {error}") from error


def by_slug(
    session: Session,
    table: type[Organisation] | type[Board] | type[Plan] | type[ReviewCycle] | type[Ambition],
    partnership: Partnership,
) -> dict[str, int]:
    """The ids of a partnership's rows by their slug."""
    rows = session.execute(
        select(table.slug, table.id).where(table.partnership_id == partnership.id)
    )
    return {slug: row_id for slug, row_id in rows}


def parties(
    document: Document,
    item: Item,
    organisations: dict[str, int],
    boards: dict[str, int],
) -> list[dict[str, object]]:
    """The leads and the involved of an item, as values for a party row."""
    found: list[dict[str, object]] = []
    for key, role in (("leads", PartyRole.LEAD), ("involved", PartyRole.INVOLVED)):
        for position, party in enumerate(item.get(key) or []):
            row: dict[str, object] = {
                "role": role,
                "position": position,
                "note": party.get("note"),
                "source_note": document.note(party),
            }
            if "board" in party:
                row["board_id"] = _known(boards, party["board"], document)
            else:
                row["organisation_id"] = _known(organisations, party["organisation"], document)
            found.append(row)
    return found


def _known(ids: dict[str, int], key: str, document: Document) -> int:
    if key not in ids:
        raise DocumentError(f"{document.path.name}: “{key}” is no organisation or board there")
    return ids[key]


def _organisations(session: Session, partnership: Partnership, document: Document) -> None:
    for item in document.list("organisations"):
        organisation = Organisation(
            partnership_id=partnership.id,
            slug=item["key"],
            name=item["name"],
            name_key=key_of(item["name"]),
            abbreviation=item.get("abbreviation"),
            kind=OrganisationKind(item["kind"]),
            is_collective=bool(item.get("collective")),
            source_note=document.note(item),
        )
        session.add(organisation)
        session.flush()
        for name in _names(item):
            session.add(
                Alias(
                    partnership_id=partnership.id,
                    name=name,
                    name_key=key_of(name),
                    organisation_id=organisation.id,
                )
            )


def _boards(session: Session, partnership: Partnership, document: Document) -> None:
    organisations = by_slug(session, Organisation, partnership)
    boards: dict[str, Board] = {}
    for item in document.list("boards"):
        board = Board(
            partnership_id=partnership.id,
            slug=document.slug(item["key"], "a board"),
            name=item["name"],
            name_key=key_of(item["name"]),
            abbreviation=item.get("abbreviation"),
            kind=BoardKind(item["kind"]),
            chair_words=item.get("chair"),
            starts_on=document.day(item.get("starts_on")),
            ends_on=document.day(item.get("ends_on")),
            source_note=document.note(item),
            **ways(item, document),
        )
        session.add(board)
        session.flush()
        boards[item["key"]] = board
        for name in _names(item):
            session.add(
                Alias(
                    partnership_id=partnership.id,
                    name=name,
                    name_key=key_of(name),
                    board_id=board.id,
                )
            )
        for key in item.get("represents") or []:
            session.add(
                BoardOrganisation(
                    partnership_id=partnership.id,
                    board_id=board.id,
                    organisation_id=_known(organisations, key, document),
                )
            )
    for item in document.list("boards"):
        for relation in item.get("relations") or []:
            session.add(
                BoardRelation(
                    partnership_id=partnership.id,
                    board_id=boards[item["key"]].id,
                    other_board_id=boards[relation["board"]].id,
                    kind=RelationKind(relation["kind"]),
                    frequency=relation.get("frequency"),
                    from_on=document.day(relation.get("starts_on")),
                    to_on=document.day(relation.get("ends_on")),
                    source_note=document.note(relation),
                )
            )


def _names(item: Item) -> list[str]:
    """Every name by which an organisation or board is known, each once."""
    names = [item["name"], item.get("abbreviation"), *(item.get("aliases") or [])]
    return list({key_of(name): name for name in names if name}.values())
