"""What waits for somebody besides updates is told once, and stands beside other news."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from actions.answer_models import DraftState, ProgressDraft
from actions.models import Action
from actions.proposal_models import Proposal, ProposalKind, ProposalStatus
from governance.log_models import MeetingAction
from tests.clockwork.conftest import Found, RunAt
from tests.clockwork.days import ASK, OTHER, OWNER
from tests.clockwork.test_who_is_told import told
from tests.factories import House
from tests.fakes import Postbox
from tracker.kernel.times import london
from tracker.ledger.models import Deed
from tracker.people.board_models import BoardRole
from tracker.people.models import Membership

DAY = timedelta(days=1)
CHAIR, LEAD = "chair@a.example", "lead@a.example"


def proposed(house: House, action: Action | None = None) -> Proposal:
    """An owner's proposal that waits: a deadline, or a new action in the plan."""
    proposal = Proposal(
        partnership_id=house.tenant,
        kind=ProposalKind.DEADLINE if action else ProposalKind.NEW_ACTION,
        action_id=action.id if action else None,
        plan_id=None if action else house.plan.id,
        priority_id=None if action else house.priority.id,
        title=None if action else "A new idea",
        deadline="by June 2027",
        reason="The builder is late",
        proposed_by_id=house.people[OWNER].id,
        proposed_at=house.now,
    )
    house.session.add(proposal)
    house.session.commit()
    return proposal


def approved(house: House) -> None:
    """Have every agenda approved, so that no chair is told that one waits."""
    for meeting in house.meetings():
        meeting.agenda_approved_at = house.now
    house.session.commit()


@pytest.mark.parametrize("is_new", [False, True])
def test_a_proposal_is_told_once_to_chair_and_lead_and_again_beside_other_news(
    house: House, run_at: RunAt, postbox: Postbox, found: Found, is_new: bool
) -> None:
    house.cycle()
    approved(house)
    house.person(CHAIR, seat=BoardRole.CHAIR)
    house.person("member@a.example", seat=BoardRole.MEMBER)
    house.priority_lead(LEAD)
    action = house.action("Open a family hub", owner=OWNER)
    house.action("Train forty mentors", owner=LEAD)
    house.seat(house.people[OWNER], BoardRole.CHAIR, house.board)  # not of one's own
    proposal = proposed(house, None if is_new else action)
    run_at(ASK - 4 * DAY)
    assert "proposal waits for your agreement" in postbox.letters[0].subject
    assert f"/ashshire/proposals/{proposal.uid}" in postbox.letters[0].text
    assert "Proposed by owner" in postbox.letters[0].text
    assert sorted(told(postbox)) == [CHAIR, LEAD]
    run_at(ASK - 3 * DAY)
    assert told(postbox) == []
    run_at(ASK)
    letters = {letter.recipient: letter for letter in postbox.letters}
    assert set(letters) == {LEAD, OWNER}
    assert letters[LEAD].subject == "1 action needs an update from you"
    assert f"/ashshire/proposals/{proposal.uid}" in letters[LEAD].text
    assert "/proposals/" not in letters[OWNER].text
    keys = select(func.count()).where(Deed.key.startswith("told:proposal:"))
    assert found(keys) == [2]


@pytest.mark.parametrize("status", [ProposalStatus.AGREED, ProposalStatus.WITHDRAWN])
def test_a_proposal_that_no_longer_waits_is_not_told(
    house: House, run_at: RunAt, postbox: Postbox, status: ProposalStatus
) -> None:
    house.cycle()
    approved(house)
    house.person(CHAIR, seat=BoardRole.CHAIR)
    proposed(house, house.action(owner=OWNER)).status = status
    house.session.commit()
    run_at(ASK - DAY)
    assert told(postbox) == []


def test_an_update_that_waits_for_clearance_is_told_to_those_who_may_clear_it(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    clearer, other = house.person(OTHER), house.person("else@a.example")
    action = house.action("Open a family hub", owner=OWNER)
    memberships = house.session.scalars(
        select(Membership).where(
            Membership.partnership_id == house.tenant,
            Membership.person_id.in_([clearer.id, other.id]),
        )
    )
    for membership in memberships:
        membership.organisation_id = house.council.id
        membership.may_clear = membership.person_id == clearer.id
    draft = ProgressDraft(
        partnership_id=house.tenant,
        action_id=action.id,
        person_id=house.people[OWNER].id,
        state=DraftState.SUBMITTED,
        last_seen=0,
        said="{}",
        saved_at=house.now,
        organisation_id=house.council.id,
    )
    house.session.add(draft)
    house.session.commit()
    run_at(ASK)
    (letter,) = postbox.letters
    assert letter.recipient == OTHER
    assert letter.subject == "1 update waits for your clearance"
    assert "/ashshire/actions/1/clearance?of=" in letter.text
    run_at(ASK + DAY)
    assert len(postbox.letters) == 1
    house.session.expire_all()
    draft.saved_at = london(ASK + DAY, time(12))  # returned, and submitted anew
    house.session.commit()
    run_at(ASK + 2 * DAY)
    assert len(postbox.letters) == 2


def test_a_meeting_action_is_told_when_it_is_sent_and_the_day_before_it_is_due(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.person(OTHER)
    held, sent, due_on = date(2026, 12, 8), date(2026, 12, 10), date(2026, 12, 22)
    run_at(held, time(18))
    house.session.expire_all()
    task = MeetingAction(
        partnership_id=house.tenant,
        board_id=house.board.id,
        meeting_id=house.meetings()[0].id,
        reference="2026-12/A1",
        what="Write to every school",
        person_id=house.people[OTHER].id,
        due_on=due_on,
        changed_at=london(held, time(18)),
    )
    house.session.add(task)
    house.session.commit()
    run_at(sent)
    assert told(postbox) == []
    run_at(sent, time(17))
    (letter,) = postbox.letters
    assert letter.subject == "1 meeting action for you"
    assert f"/ashshire/meeting-actions/{task.uid}" in letter.text
    assert "2026-12/A1; due on 22 December 2026" in letter.text
    told(postbox)
    for day in (sent + DAY, due_on - 2 * DAY):
        run_at(day)
    assert told(postbox) == []
    run_at(due_on - DAY)
    assert told(postbox) == [OTHER]
    run_at(due_on)
    assert told(postbox) == []


def test_an_overdue_meeting_action_stands_beside_other_news_without_being_news(
    house: House, run_at: RunAt, postbox: Postbox
) -> None:
    house.cycle()
    house.action("Open a family hub", owner=OWNER)
    house.session.add(
        MeetingAction(
            partnership_id=house.tenant,
            board_id=house.board.id,
            meeting_id=house.meetings()[0].id,
            reference="2026-09/A1",
            what="Write to every school",
            person_id=house.people[OWNER].id,
            due_on=ASK - 30 * DAY,
            changed_at=london(ASK - 60 * DAY, time(9)),
        )
    )
    house.session.commit()
    run_at(ASK - DAY)
    assert told(postbox) == []
    run_at(ASK)
    (letter,) = postbox.letters
    assert letter.subject == "1 action needs an update from you"
    assert "Write to every school" in letter.text
    assert "was due on 11 October 2026" in letter.text
