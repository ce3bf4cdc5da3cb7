"""What is done to priorities: their leads' judgement is signed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from priorities.models import Judgement
from tracker.kernel.rag import Rating


def judge(
    session: Session,
    partnership_id: int,
    priority_id: int,
    *,
    person_id: int,
    rating: Rating,
    achievements: str | None,
    risks: str | None,
    decisions_wanted: str | None,
    difference_made: str | None,
    now: datetime,
) -> Judgement:
    """Sign a judgement of a priority; the earlier ones stay. It heads the counts in papers."""
    last = session.scalar(
        select(func.max(Judgement.number)).where(
            Judgement.partnership_id == partnership_id, Judgement.priority_id == priority_id
        )
    )
    judgement = Judgement(
        partnership_id=partnership_id,
        priority_id=priority_id,
        number=(last or 0) + 1,
        made_at=now,
        person_id=person_id,
        rating=rating,
        achievements=achievements,
        risks=risks,
        decisions_wanted=decisions_wanted,
        difference_made=difference_made,
    )
    session.add(judgement)
    session.flush()
    return judgement
