"""Mail about signing in: a code, an invitation. In neither is a link that signs anybody in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template
from sqlalchemy.orm import Session

from tracker.kernel.period import clock_words
from tracker.kernel.times import to_london
from tracker.ledger.outbox import Mail, post
from tracker.people.codes import CODE_LASTS, NewCode, grouped
from tracker.people.models import Invitation, Person
from tracker.web.parts import now, parts


def post_code(session: Session, made: NewCode) -> None:
    """Write the mail with a code, in the transaction that made it; to nobody when there is none.

    The mail is put together either way, so that the answer takes about as long.
    """
    until = clock_words(to_london(now() + CODE_LASTS).time())
    values = {"code": grouped(made.code), "until": until}
    text, html = (render_template(f"email/code.{kind}", **values) for kind in ("txt", "html"))
    if made.person is None:
        return
    mail = Mail(
        key=f"code:{made.person.uid}:{made.row_id}",
        recipient=made.person.email,
        subject="Your code for signing in to Tracker",
        text=text,
        html=html,
        forget_text=True,
    )
    post(session, mail, now=now(), domain=_domain())


def post_invitation(
    session: Session, invitation: Invitation, person: Person, *, invited_by: str, partnership: str
) -> None:
    """Write the mail that says who invited somebody, into what, and how to sign in."""
    values = {
        "name": person.name,
        "email": person.email,
        "invited_by": invited_by,
        "partnership": partnership,
        "base_url": parts().settings.base_url,
    }
    text, html = (render_template(f"email/invitation.{kind}", **values) for kind in ("txt", "html"))
    mail = Mail(
        key=f"invitation:{person.uid}:{invitation.id}",
        recipient=person.email,
        subject=f"You are invited to {partnership} on Tracker"[:300],
        text=text,
        html=html,
        partnership_id=invitation.partnership_id,
    )
    post(session, mail, now=now(), domain=_domain())


def _domain() -> str:
    return urlsplit(parts().settings.base_url).hostname or "localhost"
