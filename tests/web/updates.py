"""What tests of updates look at and do: who is who, what was recorded, what is drafted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from actions.answer_models import ProgressDraft
from actions.models import Action, Progress
from actions.operations import Entry, record_progress
from actions.queries import action_by_number
from tests.factories import House
from tests.pages import Page, Visitor
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole
from tracker.people.models import Membership, Person

SignIn = Callable[[Visitor, str], None]
OWNER, SECRETARY, MEMBER, CLEARER = (
    f"{who}@ashshire.example" for who in ("owner", "secretary", "member", "clearer")
)
PAGE = "/ashshire/actions/1/progress"


def act_as(visitor: Visitor, sign_in: SignIn, email: str) -> Visitor:
    """Sign a visitor out, and in as somebody else."""
    visitor.post("/sign-out")
    sign_in(visitor, email)
    return visitor


def person(house: House, email: str) -> Person:
    """Somebody as they are now, without a transaction left open."""
    house.session.rollback()
    found = house.session.scalars(
        select(Person).where(Person.email == email).execution_options(populate_existing=True)
    ).one()
    house.session.expunge(found)
    house.session.rollback()
    return found


def action(house: House) -> Action:
    """Action 1 as it is now; whoever changes it commits."""
    house.session.rollback()
    house.session.expire_all()
    found = action_by_number(house.session, house.tenant, 1)
    assert found is not None
    return found


def entries(house: House) -> list[Progress]:
    """What was recorded in the partnership, oldest first."""
    house.session.rollback()
    found = house.session.scalars(
        select(Progress).where(Progress.partnership_id == house.tenant).order_by(Progress.number)
    ).all()
    for one in found:
        house.session.expunge(one)
    house.session.rollback()
    return list(found)


def drafts(house: House) -> list[ProgressDraft]:
    """What is drafted in the partnership."""
    house.session.rollback()
    found = house.session.scalars(
        select(ProgressDraft)
        .where(ProgressDraft.partnership_id == house.tenant)
        .execution_options(populate_existing=True)
    ).all()
    for one in found:
        house.session.expunge(one)
    house.session.rollback()
    return list(found)


def said_by_secretary(house: House, happened: str, *, times: int = 1) -> None:
    """Entries of the secretary on action 1, past the page."""
    if SECRETARY not in house.people:
        house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    signer = person(house, SECRETARY).id
    for _ in range(times):
        now = action(house)
        record_progress(
            house.session,
            now,
            Entry(Lifecycle.IN_PROGRESS, Rating.GREEN, happened=happened),
            person_id=signer,
            last_seen=now.last_entry_number,
            now=house.now + timedelta(hours=1),
        )
        house.session.commit()


def hidden(page: Page) -> dict[str, str]:
    """What a page would send again."""
    found = {
        one["name"]: one.get("value", "") for one in page.fields if one.get("type") == "hidden"
    }
    found.pop("csrf_token", None)
    return found


def needs_clearance(house: House, *emails: str) -> None:
    """Have the council clear the updates of these people; one of its own clears them."""
    if CLEARER not in house.people:
        house.person(CLEARER, name="Cass Clearer")
    ids = {email: person(house, email).id for email in (*emails, CLEARER)}
    house.council.needs_clearance = True
    for email, person_id in ids.items():
        of = house.session.scalars(
            select(Membership).where(
                Membership.partnership_id == house.tenant, Membership.person_id == person_id
            )
        ).one()
        of.organisation_id = house.council.id
        of.may_clear = email == CLEARER
    house.session.commit()


def to_decide(visitor: Visitor, house: House, email: str) -> tuple[str, str]:
    """Where a clearer decides about somebody's update of action 1, and the version they see."""
    path = f"/ashshire/actions/1/clearance?of={person(house, email).uid}"
    page = visitor.page(path)
    return path, next(one["value"] for one in page.fields if one.get("name") == "seen")
