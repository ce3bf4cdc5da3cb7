"""A board decides between its meetings: by e-mail, by its chair, by whom it named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem
from governance.deciding.telling import for_ratification
from governance.decision_models import CirculationAnswer, CirculationKind
from governance.models import MeetingStatus
from tests.factories import House
from tests.fakes import Postbox
from tests.pages import Visitor
from tests.web.deciding import (
    ADMINISTRATOR,
    BETWEEN,
    CHAIR,
    MEMBER,
    OTHER,
    SECRETARY,
    STRANGER,
    circulate,
    held,
    people,
    said,
    stands,
)
from tracker.edges.clock import SetClock
from tracker.jobs import tick

SignIn = Callable[[Visitor, str], None]
FORM = {
    "kind": "by e-mail",
    "title": "Buy the hub a van",
    "proposal": "That the board spends £9,000.",
    "why_now": "The offer ends on Friday.",
    "day": "9 November 2026",
    "at": "5pm",
}


@pytest.fixture
def board(house: House) -> House:
    """A board of three who vote, with its secretary."""
    people(house)
    return house


def test_the_secretary_opens_a_decision_and_members_read_it(
    client: Visitor, board: House, sign_in: SignIn
) -> None:
    sign_in(client, SECRETARY)
    assert "3 voting members, of whom 1 may read" in client.page(f"{BETWEEN}/open").text
    status, text = said(client, f"{BETWEEN}/open", **FORM)
    assert status == 200
    assert "Opened. It closes by itself on 9 November 2026 at 5pm." in text
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert "Buy the hub a van By e-mail 9 November 2026 at 5pm" in client.page(BETWEEN).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "by pigeon"}, "Choose how it is to be decided"),
        ({"kind": "delegation"}, "Say to whom it is delegated"),
        ({"title": ""}, "Say what is to be decided"),
        ({"title": "x" * 301}, "Use 300 characters or fewer"),
        ({"proposal": "x" * 2001}, "Use 2,000 characters or fewer"),
        ({"why_now": " "}, "Say why it cannot wait"),
        ({"day": "31 February 2026"}, "31 February 2026"),
        ({"day": "1 November 2026"}, "Give a day and time to come"),
        ({"day": "9 November 2027"}, "Give a day within three months"),
        ({"at": "25"}, "25"),
    ],
)
def test_what_cannot_be_opened_is_kept_as_it_was_typed(
    client: Visitor, board: House, sign_in: SignIn, wrong: dict[str, str], words: str
) -> None:
    sign_in(client, SECRETARY)
    status, text = said(client, f"{BETWEEN}/open", **{**FORM, **wrong})
    assert status == 422
    assert words in text
    assert "The offer ends on Friday." in text or "why_now" in wrong


def test_each_voting_member_answers_and_the_last_answer_counts(
    client: Visitor, board: House, sign_in: SignIn
) -> None:
    page = f"{BETWEEN}/{circulate(board).uid}"
    for email, answer in [
        (MEMBER, "disagree"),
        (MEMBER, "agree"),
        (CHAIR, "agree"),
        (OTHER, "abstain"),
    ]:
        sign_in(client, email)
        status, text = said(client, page, answer=answer, said="As I said.")
        assert (status, "Your answer is kept." in text) == (200, True)
        client.post("/sign-out")
    now = stands(board)
    assert now.state == "agreed"
    assert now.words == "Of 3 voting members 2 agree, 1 abstains."
    assert (now.reference, now.votes) == ("TB/2026-11/E1", (2, 0, 1))
    kept = board.session.scalars(
        select(CirculationAnswer.answer)
        .where(CirculationAnswer.partnership_id == board.tenant)
        .order_by(CirculationAnswer.id)
    ).all()
    assert [one.value for one in kept] == ["disagree", "agree", "agree", "abstain"]


def test_one_member_who_wants_a_meeting_keeps_it_for_the_meeting(
    app: Flask, client: Visitor, board: House, sign_in: SignIn, clock: SetClock
) -> None:
    page = f"{BETWEEN}/{circulate(board).uid}"
    for email, answer in [(MEMBER, "agree"), (CHAIR, "agree"), (OTHER, "decide it at a meeting")]:
        assert stands(board).state == "open"
        sign_in(client, email)
        said(client, page, answer=answer)
        client.post("/sign-out")
    now = stands(board)
    assert (now.state, now.reference) == ("not agreed", None)
    assert now.words is not None
    assert now.words.startswith("1 member asks for it to be decided at a meeting.")


def test_the_secretary_records_an_answer_given_by_telephone(
    client: Visitor, board: House, sign_in: SignIn
) -> None:
    page = f"{BETWEEN}/{circulate(board).uid}"
    sign_in(client, SECRETARY)
    member = str(board.people[MEMBER].id)
    status, text = said(client, f"{page}/record", who=member, answer="agree", said="By phone.")
    assert status == 200
    assert "Jo Bell Agree 2 November 2026 at 10am, recorded for them By phone." in text
    status, text = said(client, f"{page}/record", who="999", answer="agree")
    assert (status, "Choose who gave the answer" in text) == (422, True)
    # A secretary has no vote of their own.
    status, text = said(client, page, answer="agree")
    assert (status, "Only those who have a vote in it can answer." in text) == (409, True)


def test_an_answer_that_comes_too_late_is_refused(
    client: Visitor, board: House, sign_in: SignIn, clock: SetClock
) -> None:
    page = f"{BETWEEN}/{circulate(board, closes_at=board.now + timedelta(hours=1)).uid}"
    clock.set(board.now + timedelta(hours=1))
    sign_in(client, MEMBER)
    status, text = said(client, page, answer="agree")
    assert (status, "It is closed already." in text) == (409, True)


def test_the_chair_alone_decides_a_chairs_action(
    client: Visitor, board: House, sign_in: SignIn
) -> None:
    page = f"{BETWEEN}/{circulate(board, kind=CirculationKind.CHAIRS_ACTION).uid}"
    sign_in(client, MEMBER)
    assert said(client, page, answer="agree")[0] == 409
    client.post("/sign-out")
    sign_in(client, CHAIR)
    assert said(client, page, answer="agree")[0] == 200
    now = stands(board)
    assert (now.state, now.words, now.votes) == (
        "agreed",
        "Agreed by the chair.",
        (None, None, None),
    )


def test_what_was_delegated_is_recorded_with_who_decided_it(
    client: Visitor, board: House, sign_in: SignIn
) -> None:
    one = circulate(board, kind=CirculationKind.DELEGATION, delegated_to="Pat Hay, director")
    page = f"{BETWEEN}/{one.uid}"
    sign_in(client, SECRETARY)
    assert "By delegation to Pat Hay, director" in client.page(page).text
    assert said(client, f"{page}/outcome", outcome="agreed")[0] == 422
    said(client, f"{page}/outcome", outcome="agreed", words="Pat Hay, by letter of 1 November.")
    assert stands(board).words == "Pat Hay, by letter of 1 November."
    assert said(client, f"{page}/outcome", outcome="not agreed", words="No.")[0] == 409


def test_it_is_withdrawn_with_why_and_then_nobody_answers(
    client: Visitor, board: House, sign_in: SignIn
) -> None:
    page = f"{BETWEEN}/{circulate(board).uid}"
    sign_in(client, SECRETARY)
    assert said(client, f"{page}/withdraw", why="")[0] == 422
    assert "The van is sold." in said(client, f"{page}/withdraw", why="The van is sold.")[1]
    assert said(client, f"{page}/withdraw", why="Again.")[0] == 409
    assert stands(board).state == "withdrawn"


def test_a_decision_is_printed_for_ratification_until_a_quorate_meeting_ratified_it(
    client: Visitor, board: House, sign_in: SignIn, clock: SetClock
) -> None:
    page = f"{BETWEEN}/{circulate(board, kind=CirculationKind.CHAIRS_ACTION).uid}"
    sign_in(client, CHAIR)
    said(client, page, answer="agree")
    client.post("/sign-out")
    inquorate = held(board, 10, MeetingStatus.INQUORATE)
    later, after = held(board, 20), held(board, 30, MeetingStatus.PLANNED)
    ids = [str(one.id) for one in (inquorate, later, after)]
    clock.set(board.now + timedelta(days=21))
    for meeting in (inquorate, later, after):
        item = AgendaItem(kind=ItemKind.ACTION_LOG, is_confidential=False)
        printed = str(for_ratification(board.session, meeting, item, board.now))
        assert "TB/2026-11/E1" in printed
        assert "The offer ends on Friday." in printed
        item.is_confidential = True
        assert for_ratification(board.session, meeting, item, board.now) == ()
    board.session.rollback()
    sign_in(client, SECRETARY)
    assert said(client, f"{page}/ratify", meeting=ids[0])[0] == 422
    assert said(client, f"{page}/ratify", meeting=ids[2])[0] == 422
    status, text = said(client, f"{page}/ratify", meeting=ids[1])
    assert (status, "At the meeting of Sunday 22 November 2026" in text) == (200, True)
    assert said(client, f"{page}/ratify", meeting=ids[1])[0] == 409
    board.session.expire_all()
    open_item = AgendaItem(kind=ItemKind.ACTION_LOG, is_confidential=False)
    assert for_ratification(board.session, later, open_item, board.now)
    assert for_ratification(board.session, after, open_item, board.now) == ()


def test_only_the_entitled_see_a_confidential_decision_and_no_mail_names_it(
    app: Flask, client: Visitor, board: House, sign_in: SignIn, postbox: Postbox
) -> None:
    page = f"{BETWEEN}/{circulate(board, is_confidential=True, title='The Smith case').uid}"
    for email, status in [(MEMBER, 404), (CHAIR, 200), (SECRETARY, 200)]:
        sign_in(client, email)
        assert client.get(page).status_code == status
        assert ("The Smith case" in client.get(BETWEEN).text) is (status == 200)
        client.post("/sign-out")
    tick(app)
    assert [letter.recipient for letter in postbox.letters] == [CHAIR]
    assert "A confidential decision" in postbox.letters[0].text
    assert "Smith" not in str(postbox.letters)


@pytest.mark.parametrize(
    ("email", "reads", "opens"),
    [
        (CHAIR, 200, 200),
        (SECRETARY, 200, 200),
        (MEMBER, 200, 403),
        (STRANGER, 403, 403),
        (ADMINISTRATOR, 403, 403),
    ],
)
def test_who_reads_and_who_opens(
    client: Visitor, board: House, sign_in: SignIn, email: str, reads: int, opens: int
) -> None:
    page = f"{BETWEEN}/{circulate(board).uid}"
    sign_in(client, email)
    assert client.get(BETWEEN).status_code == reads
    assert client.get(page).status_code == reads
    for path in (f"{BETWEEN}/open", f"{page}/withdraw", f"{page}/outcome"):
        assert client.get(path).status_code == opens
    expected = 200 if email == SECRETARY else 403
    assert client.get(f"{page}/record").status_code == expected
