"""The rating (RAG), and the best rating that the date allows.

Lifecycle and rating are two things. The owner gives a rating; the date allows no better than
Amber, or than Red, from certain days on; what is shown is the worse of the two, and both are kept
and explained. Colour is never the only sign: a rating is its word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from tracker.kernel.lifecycle import Lifecycle as Lifecycle
from tracker.kernel.lifecycle import is_unconfirmed as is_unconfirmed
from tracker.kernel.period import add_months

NEAR_DEADLINE_DAYS = 30
QUIET_DAYS = 60


class Rating(StrEnum):
    """The ratings, worst first. The value is the word that people read."""

    RED = "Red"
    AMBER = "Amber"
    GREEN = "Green"
    GREY = "Grey"
    BLUE = "Blue"

    @property
    def rank(self) -> int:
        """0 for the worst, Red, up to 4 for Blue. Compare ranks: as text, Amber sorts first."""
        return _WORST_FIRST.index(self)


_WORST_FIRST = tuple(Rating)

DEFINITIONS: Mapping[Rating, str] = MappingProxyType(
    {
        Rating.RED: "Off course: it will miss its deadline or its aim unless something changes, "
        "or its deadline has long passed.",
        Rating.AMBER: "At risk: there is a problem and a way to put it right, "
        "or the date says that it needs attention.",
        Rating.GREEN: "On course to be done in full by its deadline.",
        Rating.GREY: "Not started, and not yet due to start.",
        Rating.BLUE: "Complete.",
    }
)


class DateRule(StrEnum):
    """What a passed "by" deadline allows: a setting of the partnership."""

    AMBER_FOR_A_MONTH = "amber-for-a-month"
    RED_AT_ONCE = "red-at-once"
    NONE = "none"


class Relation(StrEnum):
    """Whether a thing is due by a period or begins from it."""

    BY = "by"
    FROM = "from"


@dataclass(frozen=True)
class Dated:
    """The dates of a deadline or a milestone. Without a relation there are none ("ongoing").

    Raises:
        ValueError: days without a relation, a relation without both days, or days in the
            wrong order.
    """

    relation: Relation | None = None
    first_on: date | None = None
    last_on: date | None = None
    done: bool = False

    def __post_init__(self) -> None:
        given = [on for on in (self.first_on, self.last_on) if on is not None]
        if len(given) != (0 if self.relation is None else 2):
            raise ValueError("A date needs “by” or “from”, a first day and a last day, or none.")
        if given and given[0] > given[1]:
            raise ValueError("A date must not end before it begins.")

    def ends_on(self, relation: Relation) -> date | None:
        """Return the last day if this is a date with that relation, else None."""
        return self.last_on if self.relation is relation else None


class Because(StrEnum):
    """Why the date allows no better rating."""

    DEADLINE_PASSED = "deadline-passed"
    QUIET = "quiet"
    MILESTONE_OVERDUE = "milestone-overdue"
    NOT_STARTED = "not-started"


@dataclass(frozen=True)
class Limit:
    """From `from_on`, nothing better than `rating`; `counted_from_on` is the day it counts from."""

    rating: Rating
    from_on: date
    because: Because
    counted_from_on: date

    def words(self, today: date) -> str:
        """Return the reason in plain words, such as "40 days past its deadline"."""
        days = _days((today - self.counted_from_on).days)
        match self.because:
            case Because.DEADLINE_PASSED:
                return f"{days} past its deadline"
            case Because.QUIET:
                return f"no update for {days}, close to its deadline"
            case Because.MILESTONE_OVERDUE:
                return f"a milestone is {days} past its date"
            case Because.NOT_STARTED:
                return f"not started, {days} after it was to begin"


@dataclass(frozen=True)
class Thresholds:
    """The days from which the date allows only Amber, or only Red, with the reasons."""

    limits: tuple[Limit, ...] = ()

    @property
    def amber_from_on(self) -> date | None:
        """The first day on which the date allows Amber at best; None for never."""
        return _earliest(self.limits, Rating.AMBER)

    @property
    def red_from_on(self) -> date | None:
        """The first day on which the date allows Red only; None for never."""
        return _earliest(self.limits, Rating.RED)

    def limit(self, today: date) -> Limit | None:
        """Return what limits the rating today: the worst, then the gravest reason, or None."""
        return min(
            (limit for limit in self.limits if limit.from_on <= today),
            key=lambda limit: (limit.rating.rank, _GRAVEST.index(limit.because), limit.from_on),
            default=None,
        )


_GRAVEST = tuple(Because)


def thresholds(
    *,
    lifecycle: Lifecycle,
    deadline: Dated,
    last_entry_on: date | None,
    followed_from_on: date,
    milestones: Iterable[Dated] = (),
    date_rule: DateRule = DateRule.AMBER_FOR_A_MONTH,
    on_hold_until: date | None = None,
) -> Thresholds:
    """Return the days from which the date allows only Amber, or only Red.

    - After the last day of a "by" deadline: Amber for one calendar month, then Red; or Red at
      once; or no limit, as `date_rule` says.
    - Amber when at most 30 days remain to a "by" deadline and nothing was entered for 60 days,
      counted from the last entry, or from the day since when the action is followed.
    - Amber after the last day of a "by" milestone that is not done.
    - Amber when not started after the last day of a "from" deadline, or of a "from" milestone
      that is not done.
    - No limit on what is complete (confirmed or awaiting it) or closed, nor through the last day
      on hold.

    The days hold until an entry, a deadline, a milestone or the lifecycle changes.
    """
    if not lifecycle.is_open:
        return Thresholds()
    limits: list[Limit] = []
    milestones = [milestone for milestone in milestones if not milestone.done]
    due_on = deadline.ends_on(Relation.BY)
    if due_on:
        limits += _after_deadline(due_on, date_rule)
        heard_on = last_entry_on or followed_from_on
        quiet_from_on = max(
            due_on - timedelta(days=NEAR_DEADLINE_DAYS), heard_on + timedelta(days=QUIET_DAYS)
        )
        limits.append(Limit(Rating.AMBER, quiet_from_on, Because.QUIET, heard_on))
    for milestone in milestones:
        limits += _amber_after(milestone.ends_on(Relation.BY), Because.MILESTONE_OVERDUE)
    if lifecycle is Lifecycle.NOT_STARTED:
        for beginning in (deadline, *milestones):
            limits += _amber_after(beginning.ends_on(Relation.FROM), Because.NOT_STARTED)
    if on_hold_until:
        limits = [_not_before(on_hold_until + timedelta(days=1), limit) for limit in limits]
    return Thresholds(tuple(sorted(limits, key=lambda limit: (limit.from_on, limit.because))))


def allowed(limits: Thresholds, today: date) -> Rating | None:
    """Return the best rating that the date allows today, Red or Amber; None for any."""
    limit = limits.limit(today)
    return limit.rating if limit else None


def reason(limits: Thresholds, today: date) -> str:
    """Return why the date limits the rating today, in plain words; empty when it does not."""
    limit = limits.limit(today)
    return limit.words(today) if limit else ""


def shown(owner_rating: Rating, allowed_rating: Rating | None, *, agreed: bool = False) -> Rating:
    """Return the rating to show: the worse of the owner's and what the date allows.

    `agreed` says that the chair or the priority lead agreed to a better rating than the date
    allows, for this very entry and this deadline; then the owner's stands.
    """
    if agreed or allowed_rating is None:
        return owner_rating
    return worse(owner_rating, allowed_rating)


def worse(one: Rating, other: Rating) -> Rating:
    """Return the worse of two ratings."""
    return min(one, other, key=lambda rating: rating.rank)


def explain(owner_rating: Rating, limits: Thresholds, today: date, *, agreed: bool = False) -> str:
    """Return how the shown rating came about: "Owner: Green. 40 days past its deadline: Red"."""
    limit = limits.limit(today)
    if limit is None:
        return f"Owner: {owner_rating}"
    words = limit.words(today)
    words = words[0].upper() + words[1:]
    if limit.rating.rank >= owner_rating.rank:
        return f"Owner: {owner_rating}. {words}"
    if agreed:
        return f"Owner: {owner_rating}, as agreed. {words}: {limit.rating} otherwise"
    return f"Owner: {owner_rating}. {words}: {limit.rating}"


def overdue_days(deadline: Dated, lifecycle: Lifecycle, today: date) -> int:
    """Return the days since the last day of a "by" deadline; 0 when not overdue.

    Overdue is a fact, whatever the date rule or a hold says; what is complete, though it awaits
    confirmation, or closed is not overdue.
    """
    due_on = deadline.ends_on(Relation.BY)
    if due_on is None or not lifecycle.is_open:
        return 0
    return max(0, (today - due_on).days)


def counts(ratings: Iterable[Rating | None]) -> dict[str, int]:
    """Return how many have each rating, worst first, by its word, zeros included.

    None stands for what is not counted: an action closed, not completed.
    """
    found = [rating for rating in ratings if rating is not None]
    return {rating.value: found.count(rating) for rating in Rating}


def direction(old: Rating, new: Rating) -> str:
    """Return "worse", "better" or "same": which way a rating moved."""
    if old is new:
        return "same"
    return "worse" if new.rank < old.rank else "better"


def _after_deadline(due_on: date, date_rule: DateRule) -> list[Limit]:
    passed = Because.DEADLINE_PASSED
    day_after = due_on + timedelta(days=1)
    match date_rule:
        case DateRule.NONE:
            return []
        case DateRule.RED_AT_ONCE:
            return [Limit(Rating.RED, day_after, passed, due_on)]
        case DateRule.AMBER_FOR_A_MONTH:
            month_after = add_months(due_on, 1) + timedelta(days=1)
            return [
                Limit(Rating.AMBER, day_after, passed, due_on),
                Limit(Rating.RED, month_after, passed, due_on),
            ]


def _amber_after(last_on: date | None, because: Because) -> list[Limit]:
    if last_on is None:
        return []
    return [Limit(Rating.AMBER, last_on + timedelta(days=1), because, last_on)]


def _not_before(on: date, limit: Limit) -> Limit:
    return Limit(limit.rating, max(on, limit.from_on), limit.because, limit.counted_from_on)


def _earliest(limits: Iterable[Limit], rating: Rating) -> date | None:
    return min((limit.from_on for limit in limits if limit.rating is rating), default=None)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
