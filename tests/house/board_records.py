"""One of each record that a board's pages show, so that every address of them leads somewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from governance.agenda import ItemKind, Purpose
from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.decision_models import Circulation, CirculationKind, Decision, DecisionKind
from governance.models import Meeting, ReviewCycle
from governance.report_models import Escalation, EscalationReason, ForwardItem, UpwardReport
from governance.restricted.takedown import hide_text
from governance.setting_models import StandingItem
from tests.factories import House
from tracker.ledger.blobs import file_bytes
from tracker.people.board_models import TermsOfReference


def board_records(house: House, meeting: Meeting, action_id: int, person_id: int) -> dict[str, Any]:
    """Add one of each to the house's board, and return what fills their addresses."""
    tenant, board_id = {"partnership_id": house.tenant}, house.board.id
    above = house.make_board(f"Above {house.board.name}")
    item = _kept(
        house,
        AgendaItem(
            meeting_id=meeting.id,
            position=999,
            kind=ItemKind.TEXT,
            title=f"A matter of {house.board.name}",
            purpose=Purpose.DISCUSSION,
            text=f"What was said of a child at {house.board.name}",
            **tenant,
        ),
    )
    rows: dict[str, Any] = {
        "paper": Paper(
            item_id=item.id,
            kind=PaperKind.FILE,
            title=f"A paper of {house.board.name}",
            file_name="paper.pdf",
            media_type="application/pdf",
            file_sha256=file_bytes(
                house.session, b"%PDF-1.7 a paper", "application/pdf", now=house.now
            ),
            added_at=house.now,
            **tenant,
        ),
        "circulation": _circulation(house, person_id),
        "decision": Decision(
            board_id=board_id,
            meeting_id=meeting.id,
            item_id=item.id,
            reference="X/2026-12/D1",
            kind=DecisionKind.DECISION,
            text=f"To go on, says {house.board.name}",
            made_on=meeting.meets_on,
            **tenant,
        ),
        "escalation": Escalation(
            board_id=board_id,
            to_board_id=above.id,
            action_id=action_id,
            meeting_id=meeting.id,
            reason=EscalationReason.RED,
            drafted_at=house.now,
            **tenant,
        ),
        "report": UpwardReport(
            board_id=board_id, to_meeting_id=meeting.id, changed_at=house.now, **tenant
        ),
        "forward": ForwardItem(
            board_id=board_id,
            title=f"Later, for {house.board.name}",
            purpose=Purpose.DECISION,
            added_at=house.now,
            **tenant,
        ),
        "standing": StandingItem(
            board_id=board_id,
            slug=f"matters-of-{house.slug}",
            position=1,
            kind=ItemKind.TEXT,
            title="Matters",
            purpose=Purpose.DISCUSSION,
            **tenant,
        ),
        "terms": TermsOfReference(
            board_id=board_id,
            version_number=1,
            agreed_on=date(2026, 1, 1),
            text="What the board is for",
            file_sha256=file_bytes(
                house.session, b"%PDF-1.7 terms", "application/pdf", now=house.now
            ),
            file_name="terms.pdf",
            **tenant,
        ),
    }
    for row in rows.values():
        _kept(house, row)
    takedown = hide_text(
        house.session, item, "text", reason="It named a child", person_id=person_id, now=house.now
    )
    cycle = house.session.scalars(
        select(ReviewCycle).where(
            ReviewCycle.partnership_id == house.tenant, ReviewCycle.board_id == board_id
        )
    ).one()
    return {
        "items/uid": item.uid,
        "papers/uid": rows["paper"].uid,
        "between-meetings/uid": rows["circulation"].uid,
        "decided/uid": rows["decision"].uid,
        "escalations/uid": rows["escalation"].uid,
        "reports-up/uid": rows["report"].uid,
        "forward-plan/uid": rows["forward"].uid,
        "standing-agenda/item": f"matters-of-{house.slug}",
        "terms/number": 1,
        "taken-down/uid": takedown.uid,
        "cycles/uid": cycle.uid,
        "annual-reports/year_from": 2026,
        "packs/version": 1,
        "published/partnership": house.slug,
    }


def _circulation(house: House, person_id: int) -> Circulation:
    opened: datetime = house.now
    return Circulation(
        partnership_id=house.tenant,
        board_id=house.board.id,
        kind=CirculationKind.EMAIL,
        title=f"A bid of {house.board.name}",
        proposal="To bid",
        why_now="It closes soon",
        opened_at=opened,
        opened_by_id=person_id,
        closes_at=opened + timedelta(days=60),
    )


def _kept(house: House, row: Any) -> Any:
    house.session.add(row)
    house.session.flush()
    assert isinstance(getattr(row, "uid", UUID(int=0)), UUID)
    return row
