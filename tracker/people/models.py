"""Partnerships, their organisations, and the people who sign in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.edges.db import (
    Base,
    CleanText,
    Keyed,
    Tenanted,
    Uid,
    UtcDateTime,
    Versioned,
    seen,
    tenant_table,
    words,
)
from tracker.kernel.rag import DateRule


class Partnership(Keyed, Uid, Versioned, Base):
    """The tenant: one children's partnership, its organisations, people, plans and boards."""

    __tablename__ = "partnership"
    __table_args__ = ({"sqlite_autoincrement": True},)
    slug: Mapped[str] = mapped_column(CleanText(60), unique=True)
    name: Mapped[str] = mapped_column(CleanText(200))
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    banner: Mapped[str | None] = mapped_column(CleanText(500))
    date_rule: Mapped[DateRule] = mapped_column(words(DateRule), default=DateRule.AMBER_FOR_A_MONTH)
    one_ask_days: Mapped[int] = mapped_column(default=30)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class OrganisationKind(StrEnum):
    """What sort of partner agency an organisation is."""

    COUNCIL = "council"
    DISTRICT = "district"
    HEALTH = "health"
    POLICE = "police"
    JUSTICE = "justice"
    EDUCATION = "education"
    VOLUNTARY = "voluntary"
    NATIONAL = "national"
    OTHER = "other"


class Organisation(Tenanted, Uid, Base):
    """A partner agency of one partnership, or many named at once ("schools")."""

    __tablename__ = "organisation"
    __table_args__ = tenant_table(UniqueConstraint("partnership_id", "slug"))
    slug: Mapped[str] = mapped_column(CleanText(80))
    name: Mapped[str] = mapped_column(CleanText(200))
    name_key: Mapped[str] = mapped_column(CleanText(200))
    abbreviation: Mapped[str | None] = mapped_column(CleanText(30))
    kind: Mapped[OrganisationKind] = mapped_column(words(OrganisationKind))
    is_collective: Mapped[bool] = mapped_column(default=False)
    needs_clearance: Mapped[bool] = mapped_column(default=False)
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


class Alias(Tenanted, Base):
    """Another name of an organisation or board, resolved inside one partnership only."""

    __tablename__ = "alias"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "name_key"),
        CheckConstraint("(organisation_id is null) <> (board_id is null)", name="one_target"),
        refs={"organisation_id": "organisation", "board_id": "board"},
    )
    name: Mapped[str] = mapped_column(CleanText(200))
    name_key: Mapped[str] = mapped_column(CleanText(200))
    organisation_id: Mapped[int | None]
    board_id: Mapped[int | None]


class Person(Keyed, Uid, Versioned, Base):
    """Someone who may sign in; one person, in as many partnerships as they belong to."""

    __tablename__ = "person"
    __table_args__ = ({"sqlite_autoincrement": True},)
    name: Mapped[str] = mapped_column(CleanText(200))
    email: Mapped[str] = mapped_column(CleanText(254))
    email_key: Mapped[str] = mapped_column(CleanText(254), unique=True)
    left_on: Mapped[date | None]
    wants_optional_mail: Mapped[bool] = mapped_column(default=True)
    mail_bounced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Role(StrEnum):
    """What a membership gives beyond reading; the rest follows from relations."""

    MEMBER = "member"
    ADMINISTRATOR = "administrator"


class Membership(Tenanted, Base):
    """A person in a partnership, for an organisation, from a date to a date."""

    __tablename__ = "membership"
    __table_args__ = tenant_table(
        UniqueConstraint("partnership_id", "person_id", "role"),
        Index(None, "person_id"),
        refs={"organisation_id": "organisation"},
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None]
    role: Mapped[Role] = mapped_column(words(Role), default=Role.MEMBER)
    post: Mapped[str | None] = mapped_column(CleanText(200))
    may_clear: Mapped[bool] = mapped_column(default=False)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    person: Mapped[Person] = seen("Person", "foreign(Membership.person_id) == Person.id")
    partnership: Mapped[Partnership] = seen(
        "Partnership", "foreign(Membership.partnership_id) == Partnership.id"
    )


class Identity(Keyed, Base):
    """A way in for a person: an issuer, a tenant of it, and the subject it knows.

    The issuer ``local`` is this product's own password: ``secret_hash`` is its argon2 hash.
    ``totp_secret`` is the key of an authenticator app (RFC 6238), asked for once
    ``totp_confirmed_at`` is set; ``totp_last_step`` is the last time step whose code was used.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "tenant", "subject"),
        {"sqlite_autoincrement": True},
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(CleanText(200))
    tenant: Mapped[str] = mapped_column(CleanText(200), default="")
    subject: Mapped[str] = mapped_column(CleanText(254))
    secret_hash: Mapped[str | None] = mapped_column(CleanText(500))
    failed_count: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(CleanText(100))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_last_step: Mapped[int | None]
    person: Mapped[Person] = seen("Person", "foreign(Identity.person_id) == Person.id")


class SignIn(Keyed, Base):
    """A signed-in browser: a session kept by the server, so that it can be revoked."""

    __tablename__ = "sign_in"
    __table_args__ = ({"sqlite_autoincrement": True},)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = seen("Person", "foreign(SignIn.person_id) == Person.id")


class SignInCode(Keyed, Base):
    """A one-time code that was e-mailed, to be typed in the browser that asked for it."""

    __tablename__ = "sign_in_code"
    __table_args__ = ({"sqlite_autoincrement": True},)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(CleanText(64), unique=True)
    secret_hash: Mapped[str] = mapped_column(CleanText(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = seen("Person", "foreign(SignInCode.person_id) == Person.id")


class TryCount(Base):
    """How often something was tried since an instant: by a network address, for an e-mail one.

    A counter, not a record: it is not audited.
    """

    __tablename__ = "try_count"
    is_audited = False
    key: Mapped[str] = mapped_column(CleanText(300), primary_key=True)
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    number: Mapped[int] = mapped_column(default=0)


class Invitation(Tenanted, Base):
    """Somebody was invited into a partnership; accepted when they first sign in after it."""

    __tablename__ = "invitation"
    __table_args__ = tenant_table(Index(None, "person_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = seen("Person", "foreign(Invitation.person_id) == Person.id")


class Audience(StrEnum):
    """Whom a closed period closes for."""

    EVERYBODY = "everybody"
    SCHOOLS = "schools"


class ClosedPeriod(Tenanted, Base):
    """Days on which nobody is asked: Christmas, school holidays, before an election.

    It shifts asks to before it and may hold public publishing; no meeting is cancelled by it.
    """

    __tablename__ = "closed_period"
    __table_args__ = tenant_table(CheckConstraint("from_on <= to_on", name="days_in_order"))
    name: Mapped[str] = mapped_column(CleanText(100))
    from_on: Mapped[date]
    to_on: Mapped[date]
    audience: Mapped[Audience] = mapped_column(words(Audience), default=Audience.EVERYBODY)
    holds_publishing: Mapped[bool] = mapped_column(default=False)


class PartyRole(StrEnum):
    """How a person, organisation or board stands to a priority or action."""

    LEAD = "lead"
    INVOLVED = "involved"


class Party(Tenanted):
    """A lead of, or one involved in, a priority or action: a person, organisation or board."""

    role: Mapped[PartyRole] = mapped_column(words(PartyRole))
    position: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int | None]
    board_id: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(CleanText(500))
    source_note: Mapped[str | None] = mapped_column(CleanText(1000))


PARTY_REFS = {"organisation_id": "organisation", "board_id": "board"}


def one_party() -> CheckConstraint:
    """Exactly one of person, organisation and board is named."""
    named = " + ".join(
        f"(case when {column} is null then 0 else 1 end)"
        for column in ("person_id", "organisation_id", "board_id")
    )
    return CheckConstraint(f"{named} = 1", name="one_party")
