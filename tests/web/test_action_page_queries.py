"""One action's page with everything around it: read in few queries, however much there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from actions.answer_models import AgreedAs, Cover, Delegation
from actions.deadline_words import read_deadline
from actions.deadlines import as_deadline, change_deadline, mark_milestone
from actions.models import Action, ActionStrategy
from actions.operations import Entry, record_progress
from actions.proposal_models import ActionLink, ActionLinkKind, Proposal, ProposalKind
from actions.standing import agree_rating
from tests.factories import House
from tests.pages import Visitor
from tracker.kernel.rag import Lifecycle, Rating
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
OWNER, SECRETARY = "owner@ashshire.example", "secretary@ashshire.example"


def test_what_stands_around_an_action_with_fifty_entries_is_read_in_ten_queries(
    client: Visitor, house: House, sign_in: SignIn, statements: list[str]
) -> None:
    full(house)
    sign_in(client, SECRETARY)
    statements.clear()
    page = client.page("/ashshire/actions/1")
    assert sum(one.lstrip().startswith(("SELECT", "WITH")) for one in statements) <= 10
    for words in (
        "Entry no. 50.",
        "Entry no. 31.",
        "Handed to Sam Secretary",
        "Away until 9 November 2026: Sam Secretary answers",
        "Agreed by Kim Chair, chair, on 2 November 2026",
        "Proposed: by March 2028 in place of by September 2026",
        "Originally by July 2026; moved twice",
        "A building: By January 2027",
        "Trust Board asks for an update",
        "Merged from action 1.2",
    ):
        assert words.lower() in page.text.lower(), words
    assert "Entry no. 30." not in page.text
    assert "See all 50 updates" in page.text
    statements.clear()
    everything = client.page("/ashshire/actions/1?all=1")
    assert sum(one.lstrip().startswith(("SELECT", "WITH")) for one in statements) <= 10
    assert ("Entry no. 1." in everything.text, "See all" in everything.text) == (True, False)


def full(house: House) -> Action:
    """An action with everything around it that can be: fifty entries are the least of it."""
    action = house.action("Open a hub", deadline="July 2026", owner=OWNER, lead=house.council)
    second = house.action("Another")
    secretary = house.person(SECRETARY, name="Sam Secretary", seat=BoardRole.SECRETARY)
    house.cycle()
    house.priority_lead("lead@ashshire.example")
    owner, tenant, now = house.people[OWNER], house.tenant, house.now
    for number in range(50):
        entry = Entry(
            Lifecycle.IN_PROGRESS,
            Rating.GREEN,
            happened=f"Entry no. {number + 1}.",
            better_reason="It opens on Monday.",
        )
        at = now - timedelta(days=100 - number)
        record_progress(house.session, action, entry, person_id=owner.id, last_seen=number, now=at)
    for month in ("August", "September"):
        change_deadline(
            house.session,
            action,
            as_deadline(read_deadline(f"by {month} 2026")),
            person_id=secretary.id,
            board_id=house.board.id,
            reason="The lease took longer.",
            now=now - timedelta(days=1),
        )
    milestone = house.milestone(action, "A building", "January 2027")
    mark_milestone(house.session, action, milestone, done_on=None, now=now)
    agree_rating(
        house.session,
        action,
        agreed_as=AgreedAs.CHAIR,
        agreed_by="Kim Chair",
        board_id=house.board.id,
        recorded_by_id=secretary.id,
        now=now,
        in_own_name=False,
    )
    ask = house.ask(action)
    house.session.add_all(
        [
            Cover(
                partnership_id=tenant,
                person_id=owner.id,
                cover_id=secretary.id,
                from_on=now.date(),
                to_on=date(2026, 11, 9),
                made_at=now,
            ),
            Delegation(
                partnership_id=tenant,
                action_id=action.id,
                ask_id=ask.id,
                by_id=owner.id,
                to_id=secretary.id,
                made_at=now,
            ),
            Proposal(
                partnership_id=tenant,
                kind=ProposalKind.DEADLINE,
                action_id=action.id,
                deadline="by March 2028",
                reason="Late",
                proposed_by_id=owner.id,
                proposed_at=now,
            ),
            ActionLink(
                partnership_id=tenant,
                action_id=second.id,
                other_action_id=action.id,
                kind=ActionLinkKind.MERGED_INTO,
                made_at=now,
            ),
            ActionStrategy(partnership_id=tenant, action_id=action.id, title="Early Help"),
        ]
    )
    house.session.commit()
    return action
