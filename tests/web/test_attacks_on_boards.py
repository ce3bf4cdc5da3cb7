"""What a hostile or careless user, or two at once, can do to the pages of boards and meetings."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import event, insert, select, text

from governance.agenda_models import Paper, PaperKind
from governance.decision_models import (
    Circulation,
    CirculationKind,
    CirculationState,
    Decision,
    DecisionKind,
)
from governance.log_models import MeetingAction
from governance.minute_models import Minutes, MinutesState
from governance.models import MeetingStatus
from governance.report_models import (
    AnnualReport,
)
from governance.restricted.takedown import hide_text
from governance.takedown_models import Takedown
from tests.conftest import MakeApp
from tests.factories import House
from tests.pages import Visitor
from tests.web.attacking import AFTER, BOARD, OUTSIDER, PAGE, SignIn, item_of, sign_in_as
from tests.web.publishing import MEMBER, SECRETARY, ready, through_gate
from tests.web.test_agendas_papers import pdf
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.people.board_models import BoardRole
from tracker.people.models import Role


def test_a_board_s_action_log_is_not_shown_to_who_does_not_sit_on_it(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.person(OUTSIDER)
    house.cycle()
    house.session.add(
        MeetingAction(
            partnership_id=house.tenant,
            board_id=house.board.id,
            meeting_id=house.meetings()[0].id,
            reference="2026-12/A1",
            what="Ring the heads",
            changed_at=house.now,
        )
    )
    house.session.commit()
    sign_in(client, OUTSIDER)
    assert "Ring the heads" not in client.page(BOARD).text
    sign_in_as(client, sign_in, MEMBER)
    assert "Ring the heads" in client.page(BOARD).text


def test_a_member_sees_the_agenda_once_it_is_published_and_not_what_came_since(
    app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    meeting = ready(app, client, house, sign_in, clock)
    item_of(house, meeting, "Early matter")
    sign_in_as(client, sign_in, MEMBER)
    assert "Early matter" not in client.page(PAGE).text
    sign_in_as(client, sign_in, SECRETARY)
    assert "Early matter" in client.page(PAGE).text
    assert through_gate(client, PAGE).status_code in (200, 302)
    item_of(house, meeting, "Late matter")
    assert "Late matter" in client.page(PAGE).text
    sign_in_as(client, sign_in, MEMBER)
    seen = client.page(PAGE).text
    assert "Early matter" in seen
    assert "Late matter" not in seen


def test_a_file_given_to_a_paper_that_was_announced_is_a_draft_until_it_is_published(
    app: Flask, client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    meeting = ready(app, client, house, sign_in, clock)
    item = item_of(house, meeting, "The budget")
    paper = Paper(
        partnership_id=house.tenant,
        item_id=item.id,
        kind=PaperKind.FILE,
        title="Budget",
        is_to_follow=True,
        added_at=house.now,
    )
    house.session.add(paper)
    house.session.commit()
    through_gate(client, PAGE)
    house.session.refresh(paper)
    house.session.commit()
    assert paper.reference is not None
    place = f"{PAGE}/agenda/papers/{paper.uid}"
    answer = client.post(
        place,
        data={
            "version": str(paper.version),
            "title": "Budget",
            "file": (BytesIO(pdf()), "budget.pdf"),
        },
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302, answer.text
    assert client.get(f"{place}/file").status_code == 200
    sign_in_as(client, sign_in, MEMBER)
    assert client.get(f"{place}/file").status_code == 403


def test_an_agenda_is_not_rewritten_once_the_minutes_are_confirmed(
    client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.cycle()
    meeting = house.meetings()[0]
    item = item_of(house, meeting, "As it was")
    meeting.status = MeetingStatus.HELD
    house.session.add(
        Minutes(
            partnership_id=house.tenant,
            meeting_id=meeting.id,
            state=MinutesState.CONFIRMED,
            changed_at=house.now,
        )
    )
    house.session.commit()
    clock.set(AFTER)
    sign_in(client, SECRETARY)
    sent = {"version": "1", "title": "As it never was", "purpose": "discussion"}
    answer = client.post(f"{PAGE}/agenda/items/{item.uid}/change", data=sent)
    assert answer.status_code == 409
    assert "The minutes of this meeting were confirmed" in answer.text
    house.session.refresh(item)
    assert item.title == "As it was"
    house.session.rollback()


def test_a_meeting_without_its_quorum_ratifies_nothing(
    client: Visitor, house: House, sign_in: SignIn, clock: SetClock
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.cycle()
    meeting = house.meetings()[0]
    meeting.is_quorate = False
    by = house.people[SECRETARY].id
    circulation = Circulation(
        partnership_id=house.tenant,
        board_id=house.board.id,
        kind=CirculationKind.EMAIL,
        title="A bid",
        proposal="To bid",
        why_now="It closes",
        opened_at=house.now,
        opened_by_id=by,
        closes_at=house.now,
        state=CirculationState.AGREED,
        closed_at=house.now,
    )
    house.session.add(circulation)
    house.session.flush()
    decision = Decision(
        partnership_id=house.tenant,
        board_id=house.board.id,
        circulation_id=circulation.id,
        reference="TB/2026-11/E1",
        kind=DecisionKind.DECISION,
        text="To bid",
        made_on=house.now.date(),
    )
    house.session.add(decision)
    house.session.commit()
    clock.set(AFTER)
    sign_in(client, SECRETARY)
    address = f"{BOARD}/between-meetings/{circulation.uid}/ratify"
    answer = client.post(address, data={"meeting": str(meeting.id)})
    assert answer.status_code == 409
    assert "had no quorum" in answer.text


def test_a_meeting_that_has_not_begun_has_agreed_nothing_and_asked_nobody(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.cycle()
    house.meetings()
    sign_in(client, SECRETARY)
    said = {"seen": "0", "kind": "decision", "item": "meeting", "board": "trust-board"}
    for page, sent in (
        ("decisions", said | {"text": "To bid."}),
        ("actions", said | {"what": "Bid.", "who": "secretary"}),
    ):
        answer = client.post(f"{PAGE}/minutes/{page}", data=sent)
        assert answer.status_code == 422
        assert "This meeting has not begun" in answer.text, page


def test_another_boards_secretary_does_not_show_a_hidden_text_again(
    client: Visitor, house: House, sign_in: SignIn
) -> None:
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    other = house.make_board("Other Board")
    house.person(OUTSIDER, seat=BoardRole.SECRETARY, board=other)
    admin = house.person("admin@ashshire.example", role=Role.ADMINISTRATOR)
    house.cycle()
    item = item_of(house, house.meetings()[0], "A matter", text="Of Jane Roe, aged six")
    hidden = hide_text(
        house.session, item, "text", reason="It names a child", person_id=admin.id, now=house.now
    )
    house.session.commit()
    address = f"/ashshire/taken-down/{hidden.uid}/show-again"
    sign_in(client, OUTSIDER)
    seen = {"seen": str(hidden.version)}
    assert client.post(address, data=seen).status_code == 403
    sign_in_as(client, sign_in, SECRETARY)
    assert client.post(address, data=seen).status_code == 302
    house.session.expire_all()
    found = house.session.scalars(
        select(Takedown).where(Takedown.partnership_id == house.tenant)
    ).one()
    assert found.shown_again_at is not None
    house.session.rollback()


def test_of_two_who_write_one_thing_for_the_first_time_the_second_is_told(
    make_app: MakeApp, any_url: str, sign_in: SignIn, clock: SetClock
) -> None:
    app = make_app(any_url)
    with app.app_context():
        house = House(db.session(), clock.now())
        house.person(SECRETARY, seat=BoardRole.SECRETARY)
        board_id, tenant = house.board.id, house.tenant
        db.session.remove()
        engine = db.engine
    client = app.test_client()
    assert isinstance(client, Visitor)
    sign_in(client, SECRETARY)
    met: list[str] = []

    def meanwhile(connection: Any, cursor: Any, statement: str, *rest: object) -> None:
        """In the moment before the row is written, somebody else's is there."""
        if statement.startswith("INSERT INTO annual_report") and not met:
            met.append(statement)
            connection.execute(
                insert(AnnualReport).values(
                    partnership_id=tenant,
                    board_id=board_id,
                    from_on=date(2026, 4, 1),
                    to_on=date(2027, 3, 31),
                    changed_at=clock.now(),
                    version=1,
                )
            )

    event.listen(engine, "before_cursor_execute", meanwhile)
    try:
        answer = client.post(
            f"{BOARD}/annual-reports/2026", data={"seen": "0", "foreword": "Mine."}
        )
    finally:
        event.remove(engine, "before_cursor_execute", meanwhile)
    assert met
    assert answer.status_code == 409
    assert "Somebody else changed this first" in answer.text
    with app.app_context():
        rows = db.session.execute(text("select count(*) from annual_report")).scalar_one()
        assert rows == 0
        db.session.rollback()
