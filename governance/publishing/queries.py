"""Reading published packs: which there are, what they said, what a board last saw.

A confidential part is a file of its own. Whoever asks for it names it, after asking whether the
viewer may read the board's confidential items.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.agenda_models import Paper
from governance.models import FELL_AWAY, Meeting, MeetingBoard, MeetingStatus
from governance.pack_models import Pack, PackOverride, PackPart, PackStatus
from governance.packs.sitting import Baseline
from tracker.ledger.blobs import read_bytes
from tracker.people.board_models import Board


def kept_draft(session: Session, meeting: Meeting, part: PackPart) -> Pack | None:
    """The draft of a part that was kept when updates closed."""
    return session.scalar(
        select(Pack).where(
            Pack.partnership_id == meeting.partnership_id,
            Pack.meeting_id == meeting.id,
            Pack.status == PackStatus.DRAFT,
            Pack.part == part,
            Pack.supplement == 0,
        )
    )


def published_packs(
    session: Session, meeting: Meeting, part: PackPart = PackPart.OPEN
) -> Sequence[Pack]:
    """Everything published for a part: the pack's versions, then each supplement's."""
    return session.scalars(
        select(Pack)
        .where(
            Pack.partnership_id == meeting.partnership_id,
            Pack.meeting_id == meeting.id,
            Pack.status == PackStatus.PUBLISHED,
            Pack.part == part,
        )
        .order_by(Pack.supplement, Pack.version_number, Pack.id)
    ).all()


def latest_packs(
    session: Session, meeting: Meeting, part: PackPart = PackPart.OPEN
) -> Sequence[Pack]:
    """What counts: the latest published version of the pack, then that of each supplement."""
    latest = {pack.supplement: pack for pack in published_packs(session, meeting, part)}
    return list(latest.values())


def pack_of(session: Session, meeting: Meeting, uid: UUID) -> Pack | None:
    """A published pack of a meeting by its uid, of either part."""
    return session.scalar(
        select(Pack).where(
            Pack.partnership_id == meeting.partnership_id,
            Pack.meeting_id == meeting.id,
            Pack.status == PackStatus.PUBLISHED,
            Pack.uid == uid,
        )
    )


def overrides_of(session: Session, pack: Pack) -> Sequence[PackOverride]:
    """In spite of what a pack was published, and who said why."""
    return session.scalars(
        select(PackOverride)
        .where(PackOverride.partnership_id == pack.partnership_id, PackOverride.pack_id == pack.id)
        .order_by(PackOverride.id)
    ).all()


def withdrawn_of(
    session: Session, partnership_id: int, value: Mapping[str, Any]
) -> Sequence[Paper]:
    """The papers of a published value that were withdrawn, before it or since."""
    uids = {
        UUID(paper["uid"]) for item in value["facts"].get("items", ()) for paper in item["papers"]
    }
    return session.scalars(
        select(Paper)
        .where(
            Paper.partnership_id == partnership_id,
            Paper.uid.in_(uids),
            Paper.withdrawn_at.is_not(None),
        )
        .order_by(Paper.id)
    ).all()


def value_of(session: Session, pack: Pack) -> dict[str, Any]:
    """The value that a pack is shown from: where a text was taken down, the one without it."""
    sha256 = pack.redacted_snapshot_sha256 or pack.snapshot_sha256
    return cast(dict[str, Any], json.loads(read_bytes(session, sha256)))


def further_boards(session: Session, meeting: Meeting) -> Sequence[Board]:
    """The boards that sit in a joint meeting besides its own, by name."""
    return session.scalars(
        select(Board)
        .join(MeetingBoard, MeetingBoard.board_id == Board.id)
        .where(
            Board.partnership_id == meeting.partnership_id,
            MeetingBoard.partnership_id == meeting.partnership_id,
            MeetingBoard.meeting_id == meeting.id,
        )
        .order_by(Board.name_key)
    ).all()


def last_meeting(session: Session, board: Board, before: datetime) -> Meeting | None:
    """A board's last meeting before an instant that did not fall away, joint ones included."""
    joint = select(MeetingBoard.meeting_id).where(
        MeetingBoard.partnership_id == board.partnership_id, MeetingBoard.board_id == board.id
    )
    return session.scalar(
        select(Meeting)
        .where(
            Meeting.partnership_id == board.partnership_id,
            or_(Meeting.board_id == board.id, Meeting.id.in_(joint)),
            Meeting.starts_at < before,
            Meeting.status.not_in((*FELL_AWAY, MeetingStatus.POSTPONED)),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    )


def baseline(session: Session, last: Meeting | None) -> Baseline | None:
    """What a board saw at its last meeting: the latest published version with its supplements.

    Where a supplement told of the same action again, its word is the later one.
    """
    packs = latest_packs(session, last) if last is not None else ()
    if last is None or not packs:
        return None
    actions: dict[str, Any] = {}
    for pack in packs:
        for action in value_of(session, pack)["facts"]["actions"]:
            actions[str(action.get("uid") or (action["plan_slug"], action["reference"]))] = action
    return Baseline(
        actions=tuple(actions.values()),
        met_on=last.meets_on,
        version=packs[0].version_number,
        supplements=sum(pack.supplement > 0 for pack in packs),
    )
