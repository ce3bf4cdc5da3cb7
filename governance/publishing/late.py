"""What came after a pack was published: items and papers that go into a supplement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from governance import queries
from governance.agenda_models import AgendaItem, Paper
from governance.agendas.queries import papers
from governance.models import Meeting
from governance.pack_models import PackPart
from governance.packs.numbering import last_business, next_after
from governance.publishing.queries import latest_packs, value_of


@dataclass(frozen=True)
class Shown:
    """What of a part was published: whether anything was, and the uids of its papers.

    ``papers`` were there; ``announced`` were printed as to follow.
    """

    is_published: bool = False
    papers: frozenset[str] = frozenset()
    announced: frozenset[str] = frozenset()
    supplements: int = 0

    def is_late(self, paper: Paper) -> bool:
        """Whether a paper came after publication, also one that was announced then."""
        if not self.is_published or paper.is_to_follow or paper.withdrawn_at is not None:
            return False
        return str(paper.uid) not in self.papers


@dataclass(frozen=True)
class LateEntry:
    """An item of a supplement: a whole item, or a late paper under the item it belongs to."""

    number: str
    item: AgendaItem
    paper: Paper | None = None

    @property
    def title(self) -> str:
        """What it is called on the supplement's agenda."""
        return self.item.title if self.paper is None else self.paper.title


def shown(session: Session, meeting: Meeting, part: PackPart) -> Shown:
    """What was published of a part so far, supplements included.

    A pack of an earlier schema kept no papers, because there were none.
    """
    packs = latest_packs(session, meeting, part)
    there: set[str] = set()
    announced: set[str] = set()
    for pack in packs:
        for item in value_of(session, pack)["facts"].get("items", ()):
            for paper in item["papers"]:
                (announced if paper["to_follow"] else there).add(paper["uid"])
    return Shown(
        bool(packs),
        frozenset(there),
        frozenset(announced - there),
        max((pack.supplement for pack in packs), default=0),
    )


def is_awaited(session: Session, meeting: Meeting, paper: Paper) -> bool:
    """Whether a paper was only announced so far: it has its reference, and nobody has seen it.

    Its file is published by a later supplement or correction, and is a draft until then.
    """
    part = PackPart.CONFIDENTIAL if paper.is_confidential else PackPart.OPEN
    return str(paper.uid) in shown(session, meeting, part).announced


def is_in(item: AgendaItem, part: PackPart) -> bool:
    """Whether an item stands in this part."""
    return item.is_confidential is (part is PackPart.CONFIDENTIAL)


def of_the_pack(items: Sequence[AgendaItem], was: Shown) -> list[AgendaItem]:
    """The items of the pack itself: once it is published, those that it was published with.

    Where none has a number, the pack was published when numbers were not kept yet.
    """
    numbered = [item for item in items if item.number is not None]
    if not was.is_published or not numbered:
        return list(items)
    return [item for item in numbered if item.supplement == 0]


def waiting(session: Session, meeting: Meeting, part: PackPart) -> list[LateEntry]:
    """What a supplement would bring now, numbered: late papers of items, then wholly new items."""
    was = shown(session, meeting, part)
    agenda = queries.agenda(session, meeting, confidential=True)
    items = [item for item in agenda if is_in(item, part)]
    numbered = [item for item in items if item.number is not None]
    if not was.is_published or not numbered:
        return []
    confidential = part is PackPart.CONFIDENTIAL
    by_item = papers(
        session, meeting.partnership_id, [item.id for item in numbered], confidential=confidential
    )
    taken = _taken(session, meeting, part, numbered)
    found: list[LateEntry] = []
    for item in numbered:
        for paper in by_item.get(item.id, ()):
            if was.is_late(paper):
                number = next_after(item.number or "", taken)
                taken.add(number)
                found.append(LateEntry(number, item, paper))
    after = last_business([(item.number or "", item.kind) for item in numbered])
    for item in items:
        if item.number is None:
            number = next_after(after, taken)
            taken.add(number)
            found.append(LateEntry(number, item))
    return found


def _taken(
    session: Session, meeting: Meeting, part: PackPart, numbered: Sequence[AgendaItem]
) -> set[str]:
    """Every number that was given in a part, also to what has left the agenda since."""
    taken = {item.number for item in numbered if item.number is not None}
    for pack in latest_packs(session, meeting, part):
        taken |= {str(item["number"]) for item in value_of(session, pack)["items"]}
    return taken
