"""Who plays in the demonstration: roles, never invented people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.models import Action, ActionHome, ActionParty, Owner
from governance.feed import new_link
from governance.feed_models import FeedKind
from governance.models import ReviewCycle
from priorities.models import Priority, PriorityLead, PriorityParty
from tracker.edges.db import key_of
from tracker.kernel.times import london_day
from tracker.people.board_models import (
    Board,
    BoardMember,
    BoardMemberOrganisation,
    BoardOrganisation,
    BoardRole,
    Share,
)
from tracker.people.models import (
    Membership,
    Organisation,
    Partnership,
    PartyRole,
    Person,
    Role,
)
from tracker.people.operations import give_password

# The council whose owner can sign in: each is “NCC”, and a different one, in its partnership.
COUNCIL = "ncc"
# One action in this many has nobody to ask, as in life.
NOBODY_EVERY = 9


@dataclass
class Cast:
    """The people of one partnership, by what they do; ids, as the replay needs them."""

    partnership_id: int
    slug: str
    name: str
    secretary_id: int
    chair_id: int
    owner_id: int
    owner_of_party: dict[str, int] = field(default_factory=dict)
    leads: dict[int, int] = field(default_factory=dict)
    voters: dict[int, list[int]] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    feed_token: str = ""


def engage(session: Session, partnership: Partnership, password_hash: str, now: datetime) -> Cast:
    """Give every role of a partnership somebody, and every action but a few an owner."""
    engaged = _Engaging(session, partnership, now)
    titles = {
        "owner": f"Owner, {engaged.council.name}",
        "secretary": "Board secretary",
        "chair": "Chair",
        "member": f"Board member, {engaged.council.name}",
        "admin": "Administrator",
    }
    people = {
        role: engaged.person(f"{role}@{partnership.slug}.example", title)
        for role, title in titles.items()
    }
    for person in people.values():
        give_password(session, person, password_hash)
    engaged.membership(people["admin"], Role.ADMINISTRATOR)
    cast = Cast(
        partnership_id=partnership.id,
        slug=partnership.slug,
        name=partnership.name,
        secretary_id=people["secretary"].id,
        chair_id=people["chair"].id,
        owner_id=people["owner"].id,
        emails={role: person.email for role, person in people.items()},
    )
    cast.owner_of_party[f"organisation:{engaged.council.id}"] = people["owner"].id
    engaged.owners(cast)
    engaged.seats(cast, people["secretary"], people["chair"], people["member"])
    engaged.priority_leads(cast)
    _, cast.feed_token = new_link(
        session,
        person_id=people["member"].id,
        kind=FeedKind.EVERYTHING,
        name="My calendar",
        now=now,
    )
    session.flush()
    return cast


class _Engaging:
    """Engaging one partnership's people: what all of it shares."""

    def __init__(self, session: Session, partnership: Partnership, now: datetime) -> None:
        self.session, self.partnership, self.now = session, partnership, now
        self.today = london_day(now)
        council = session.scalar(
            select(Organisation).where(
                Organisation.partnership_id == partnership.id,
                Organisation.slug == COUNCIL,
            )
        )
        assert council is not None
        self.council = council

    def person(self, email: str, name: str) -> Person:
        """A role as a person, a member of the partnership."""
        person = Person(name=name, email=email, email_key=key_of(email))
        self.session.add(person)
        self.session.flush()
        self.membership(person, Role.MEMBER)
        return person

    def membership(self, person: Person, role: Role) -> None:
        """Membership with a role, from the first day."""
        self.session.add(
            Membership(
                partnership_id=self.partnership.id,
                person_id=person.id,
                organisation_id=self.council.id,
                role=role,
                from_on=self.today,
            )
        )

    def seats(self, cast: Cast, secretary: Person, chair: Person, member: Person) -> None:
        """The seats of every board that meets.

        The secretary serves it, the chair chairs it, the member sits on it, and so does the owner
        of each organisation that it represents. A third of them, with the chair, is its quorum.
        """
        tenant = self.partnership.id
        meets = select(ReviewCycle.board_id).where(ReviewCycle.partnership_id == tenant)
        for board in self.session.scalars(
            select(Board)
            .where(Board.partnership_id == tenant, Board.id.in_(meets))
            .order_by(Board.id)
        ).all():
            board.quorum_share, board.quorum_needs_chair = Share.THIRD, True
            self._seat(board, secretary.id, BoardRole.SECRETARY, self.council.id)
            self._seat(board, chair.id, BoardRole.CHAIR, self.council.id)
            self._seat(board, member.id, BoardRole.MEMBER, self.council.id)
            cast.voters[board.id] = [chair.id, member.id]
            for organisation_id in self.session.scalars(
                select(BoardOrganisation.organisation_id)
                .where(
                    BoardOrganisation.partnership_id == tenant,
                    BoardOrganisation.board_id == board.id,
                )
                .order_by(BoardOrganisation.id)
            ):
                person_id = cast.owner_of_party.get(f"organisation:{organisation_id}")
                if person_id is not None and person_id not in cast.voters[board.id]:
                    self._seat(board, person_id, BoardRole.MEMBER, organisation_id)
                    cast.voters[board.id].append(person_id)

    def _seat(self, board: Board, person_id: int, role: BoardRole, organisation_id: int) -> None:
        seat = BoardMember(
            partnership_id=self.partnership.id,
            board_id=board.id,
            person_id=person_id,
            role=role,
            is_voting=role is not BoardRole.SECRETARY,
            from_on=self.today,
        )
        self.session.add(seat)
        self.session.flush()
        self.session.add(
            BoardMemberOrganisation(
                partnership_id=self.partnership.id,
                board_member_id=seat.id,
                organisation_id=organisation_id,
            )
        )

    def owners(self, cast: Cast) -> None:
        """An owner for every action: of its lead, its priority's lead, or who is involved."""
        tenant = self.partnership.id
        homes = self.session.execute(
            select(ActionHome, Action)
            .join(Action, Action.id == ActionHome.action_id)
            .where(ActionHome.partnership_id == tenant)
            .order_by(Action.number)
        ).all()
        own = self._parties(ActionParty, ActionParty.action_id)
        above = self._parties(PriorityParty, PriorityParty.priority_id)
        for place, (home, action) in enumerate(homes):
            if place % NOBODY_EVERY == NOBODY_EVERY - 1:
                continue
            candidates = (
                own.get((action.id, PartyRole.LEAD))
                or above.get((home.priority_id or 0, PartyRole.LEAD))
                or own.get((action.id, PartyRole.INVOLVED))
                or [f"organisation:{self.council.id}"]
            )
            person_id = self._owner_of(cast, candidates[place % len(candidates)])
            self.session.add(
                Owner(
                    partnership_id=tenant,
                    action_id=action.id,
                    person_id=person_id,
                    from_on=self.today,
                )
            )

    def priority_leads(self, cast: Cast) -> None:
        """Who signs the judgement of each priority: its first lead's role, or the council's."""
        above = self._parties(PriorityParty, PriorityParty.priority_id)
        for priority_id in self.session.scalars(
            select(Priority.id)
            .where(Priority.partnership_id == self.partnership.id)
            .order_by(Priority.id)
        ):
            leads = above.get((priority_id, PartyRole.LEAD))
            key = leads[0] if leads else f"organisation:{self.council.id}"
            cast.leads[priority_id] = self._owner_of(cast, key)
            self.session.add(
                PriorityLead(
                    partnership_id=self.partnership.id,
                    priority_id=priority_id,
                    person_id=cast.leads[priority_id],
                    from_on=self.today,
                )
            )

    def _parties(
        self, table: type[ActionParty] | type[PriorityParty], parent: object
    ) -> dict[tuple[int, PartyRole], list[str]]:
        rows = self.session.execute(
            select(parent, table.role, table.organisation_id, table.board_id)  # type: ignore[call-overload]  # either table's column
            .where(table.partnership_id == self.partnership.id)
            .order_by(table.position, table.id)
        )
        found: dict[tuple[int, PartyRole], list[str]] = {}
        for parent_id, role, organisation_id, board_id in rows:
            key = f"organisation:{organisation_id}" if organisation_id else f"board:{board_id}"
            found.setdefault((parent_id, role), []).append(key)
        return found

    def _owner_of(self, cast: Cast, key: str) -> int:
        if key not in cast.owner_of_party:
            kind, number = key.split(":")
            table = Organisation if kind == "organisation" else Board
            name, slug = self.session.execute(
                select(table.name, table.slug).where(
                    table.partnership_id == self.partnership.id, table.id == int(number)
                )
            ).one()
            person = self.person(f"owner+{slug}@{self.partnership.slug}.example", f"Owner, {name}")
            cast.owner_of_party[key] = person.id
        return cast.owner_of_party[key]
