"""Calendar links: private, named, revocable; what each of them shows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from actions.facts import facts
from actions.models import Action
from actions.queries import owned_ids
from actions.rules import ActionFacts, DeadlineFacts
from governance import queries
from governance.feed_models import FeedKind, FeedLink
from governance.log_models import MeetingAction
from governance.models import Meeting, MeetingStatus, ReviewCycle, ReviewCyclePlan
from governance.pack_models import Pack, PackStatus
from tracker.edges.ical import CalendarEntry, write_calendar
from tracker.kernel.rag import Relation
from tracker.kernel.times import london, london_day
from tracker.people.board_models import Board
from tracker.people.operations import hash_of
from tracker.web.access import Permission, Standing, Viewer, allows

# Nobody has as many calendars; a script that makes links stops here.
MOST_LINKS = 50
REFRESH = timedelta(hours=6)
# Past meetings stay this long, so that a moved or cancelled one is still seen.
PAST = timedelta(days=120)


class TooManyLinks(Exception):
    """A person has as many live calendar links as anybody may have."""


def may_follow(standing: Standing, board_id: int) -> bool:
    """Whether a calendar may show a board's meetings, with how to join them."""
    return board_id in standing.sits_on or standing.is_administrator


def new_link(
    session: Session,
    *,
    person_id: int,
    kind: FeedKind,
    name: str,
    now: datetime,
    partnership_id: int | None = None,
    board_id: int | None = None,
    plan_id: int | None = None,
) -> tuple[FeedLink, str]:
    """Make a calendar link; its token is returned once and kept only as a hash.

    Raises TooManyLinks when the person has fifty that are not revoked.
    """
    if len(queries.feed_links(session, person_id)) >= MOST_LINKS:
        raise TooManyLinks
    token = secrets.token_urlsafe(24)
    link = FeedLink(
        person_id=person_id,
        kind=kind,
        name=name,
        partnership_id=partnership_id,
        board_id=board_id,
        plan_id=plan_id,
        token_hash=hash_of(token),
        created_at=now,
    )
    session.add(link)
    session.flush()
    return link, token


def revoke(session: Session, link: FeedLink, *, now: datetime) -> None:
    """End a calendar link; whoever asks with it is told that there is no such page."""
    link.revoked_at = now
    session.flush()


def calendar(
    session: Session, link: FeedLink, viewer: Viewer, *, now: datetime, base_url: str
) -> bytes:
    """The feed of a link, for what its person may see today."""
    return write_calendar(link.name, _Feed(session, viewer, now, base_url).entries(link), REFRESH)


class _Feed:
    """One feed being written: whose, when, and where its links lead."""

    def __init__(self, session: Session, viewer: Viewer, now: datetime, base_url: str) -> None:
        self.session, self.viewer, self.now, self.base = session, viewer, now, base_url
        self.today = london_day(now)

    def entries(self, link: FeedLink) -> list[CalendarEntry]:
        """Everything that a link shows, each record once."""
        found: dict[tuple[str, str], CalendarEntry] = {}
        for standing in self.viewer.standings.values():
            if link.partnership_id not in (None, standing.partnership_id):
                continue
            for entry in self._of(link, standing):
                found.setdefault((entry.kind, entry.uid), entry)
        return list(found.values())

    def _of(self, link: FeedLink, standing: Standing) -> Iterable[CalendarEntry]:
        tenant = standing.partnership_id
        own = owned_ids(self.session, tenant, self.viewer.person_id, self.today)
        match link.kind:
            case FeedKind.MINE:
                yield from self._deadlines(standing, action_ids=own)
                yield from self._meeting_actions(standing)
            case FeedKind.BOARD:
                # What was allowed when the link was made may have ended with a seat since.
                if link.board_id is not None and may_follow(standing, link.board_id):
                    yield from self._meetings(standing, [link.board_id])
            case FeedKind.PLAN:
                yield from self._deadlines(standing, plan_ids=[link.plan_id or 0])
            case FeedKind.EVERYTHING:
                boards = sorted(standing.sits_on)
                yield from self._deadlines(standing, action_ids=own)
                yield from self._deadlines(standing, plan_ids=self._reviewed_by(tenant, boards))
                yield from self._meeting_actions(standing)
                yield from self._meetings(standing, boards)

    def _reviewed_by(self, tenant: int, boards: Sequence[int]) -> Sequence[int]:
        """The plans that these boards review."""
        return self.session.scalars(
            select(ReviewCyclePlan.plan_id)
            .join(ReviewCycle, ReviewCycle.id == ReviewCyclePlan.cycle_id)
            .where(
                ReviewCyclePlan.partnership_id == tenant,
                ReviewCycle.board_id.in_(boards),
                or_(ReviewCycle.ends_on.is_(None), ReviewCycle.ends_on >= self.today),
            )
            .distinct()
        ).all()

    def _deadlines(
        self,
        standing: Standing,
        *,
        action_ids: Sequence[int] | None = None,
        plan_ids: Sequence[int] | None = None,
    ) -> Iterable[CalendarEntry]:
        tenant = standing.partnership_id
        found = facts(self.session, tenant, self.today, action_ids=action_ids, plan_ids=plan_ids)
        changed = {
            action_id: at
            for action_id, at in self.session.execute(
                select(Action.id, Action.changed_at).where(
                    Action.partnership_id == tenant,
                    Action.id.in_([action.action_id for action in found]),
                )
            )
        }
        for action in found:
            at = self._changed(action, changed[action.action_id])
            url = f"{self.base}/{standing.slug}/actions/{action.number}"
            rating = action.rating(self.today).value
            entry = self._deadline(
                action.uid, action.title, action.deadline, rating, at, url, action
            )
            if entry is not None:
                yield entry
            for one in action.milestones:
                word = "Done" if one.done_on else rating
                milestone = self._deadline(
                    one.uid, f"{one.title} ({action.title})", one.deadline, word, at, url, action
                )
                if milestone is not None:
                    yield milestone

    def _deadline(
        self,
        uid: str,
        title: str,
        deadline: DeadlineFacts,
        rating: str,
        changed_at: datetime,
        url: str,
        action: ActionFacts,
    ) -> CalendarEntry | None:
        if deadline.last_on is None or deadline.first_on is None:
            return None
        begins = deadline.relation is Relation.FROM
        on = deadline.first_on if begins else deadline.last_on
        return CalendarEntry(
            uid=uid,
            kind="deadline",
            title=f"{rating}: {title} ({deadline.words})",
            changed_at=changed_at,
            sequence=deadline.changes,
            first_on=on,
            last_on=on,
            url=url,
            description=f"{action.plan_title}, {action.reference_words.lower()}.",
            categories=action.ambitions,
        )

    def _changed(self, action: ActionFacts, at: datetime) -> datetime:
        """When an entry last changed: by what people did, or on the day that the date spoke."""
        limits = action.thresholds()
        days = [day for day in (limits.amber_from_on, limits.red_from_on) if day]
        passed = [london(day, time()) for day in days if day <= self.today]
        return max([at, *passed])

    def _meetings(self, standing: Standing, boards: Sequence[int]) -> Iterable[CalendarEntry]:
        tenant = standing.partnership_id
        found = queries.meetings(self.session, tenant, board_ids=boards, after=self.now - PAST)
        ids = [meeting.id for meeting in found]
        joined = queries.boards_joined(self.session, tenant, ids)
        wanted = {one.board_id for one in found}.union(*joined.values())
        named = {
            board.id: board
            for board in self.session.scalars(
                select(Board).where(Board.partnership_id == tenant, Board.id.in_(sorted(wanted)))
            )
        }
        published = set(
            self.session.scalars(
                select(Pack.meeting_id).where(
                    Pack.partnership_id == tenant,
                    Pack.status == PackStatus.PUBLISHED,
                    Pack.meeting_id.in_(ids),
                )
            )
        )
        for meeting in found:
            sits = [named[one] for one in (meeting.board_id, *joined.get(meeting.id, ()))]
            yield self._meeting(standing, sits, meeting, meeting.id in published)

    def _meeting(
        self, standing: Standing, boards: Sequence[Board], meeting: Meeting, is_published: bool
    ) -> CalendarEntry:
        own = boards[0]
        url = f"{self.base}/{standing.slug}/boards/{own.slug}/meetings/{meeting.occurrence_on}"
        ids = frozenset(board.id for board in boards)
        may_read = allows(Permission.READ_PUBLISHED_PACK, self.viewer, standing, board_ids=ids)
        lines = [_papers_words(meeting, is_ready=is_published and may_read)]
        if meeting.joining_link:
            lines.append(f"Join: {meeting.joining_link}")
        names = " and ".join(board.name for board in boards)
        return CalendarEntry(
            uid=str(meeting.uid),
            kind="meeting",
            title=f"Postponed: {names}" if meeting.status is MeetingStatus.POSTPONED else names,
            changed_at=meeting.changed_at,
            sequence=meeting.sequence,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            # A day that is known to be wrong must not block a calendar; a new day brings it back.
            cancelled=meeting.status.fell_away or meeting.status is MeetingStatus.POSTPONED,
            url=url,
            place=meeting.place,
            description="\n".join(lines),
            categories=tuple(board.name for board in boards),
        )

    def _meeting_actions(self, standing: Standing) -> Iterable[CalendarEntry]:
        for action in self.session.scalars(
            select(MeetingAction)
            .where(
                MeetingAction.partnership_id == standing.partnership_id,
                MeetingAction.person_id == self.viewer.person_id,
                MeetingAction.due_on.is_not(None),
                MeetingAction.closed_on.is_(None),
            )
            .order_by(MeetingAction.id)
        ):
            yield CalendarEntry(
                uid=str(action.uid),
                kind="deadline",
                # A calendar is kept by others: nothing restricted goes into one.
                title="A confidential meeting action"
                if action.is_confidential
                else f"Meeting action: {action.what}",
                changed_at=action.changed_at,
                first_on=action.due_on,
                last_on=action.due_on,
                url=f"{self.base}/my-actions",
                description=f"Reference {action.reference}.",
            )


def _papers_words(meeting: Meeting, *, is_ready: bool) -> str:
    """What a calendar says of a meeting's papers, or of why it is not held then."""
    if meeting.status is MeetingStatus.POSTPONED:
        return "This meeting is postponed. Its new day is not fixed yet."
    if meeting.status.fell_away:
        return f"This meeting was {meeting.status.value}."
    return "The papers are on the meeting’s page." if is_ready else "The papers will follow."
