"""What the pack prints under "Minutes of the last meeting": from what went to members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from governance.agenda import ItemKind
from governance.agenda_models import AgendaItem
from governance.item_writers import writes
from governance.minute_models import MinutesState
from governance.minuting import queries
from governance.minuting.sending import kept_value
from governance.models import Meeting
from governance.packs.blocks import Block, text
from governance.packs.minutes import minutes_to_confirm_blocks
from tracker.kernel.period import short_date


@writes(ItemKind.MINUTES)
def last_minutes(
    session: Session, meeting: Meeting, item: AgendaItem, as_at: datetime
) -> Sequence[Block]:
    """The minutes that this meeting is asked to confirm, as they went to members."""
    last = queries.to_confirm(session, meeting)
    if last is None:
        return [text("There is no earlier meeting on record.")]
    day = short_date(last.meets_on)
    minutes = queries.minutes_of(session, last)
    filed = None
    if minutes is not None and minutes.state in (
        MinutesState.WITH_MEMBERS,
        MinutesState.CONFIRMED,
    ):
        filed = minutes.redacted_snapshot_sha256 or minutes.snapshot_sha256
    if filed is None:
        return [text(f"The minutes of the meeting of {day} are to follow.")]
    is_confirmed = minutes is not None and minutes.state is MinutesState.CONFIRMED
    began = (
        f"The minutes of the meeting of {day} were confirmed."
        if is_confirmed
        else f"To confirm the minutes of the meeting of {day} as a correct record."
    )
    return [text(began), *minutes_to_confirm_blocks(kept_value(session, filed))]
