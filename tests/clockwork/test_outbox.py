"""Mail is written with its cause, never lost, and never sent twice but for a counted doubt."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.clockwork.conftest import Found
from tests.conftest import NOW
from tests.fakes import Postbox
from tracker.edges.clock import SetClock
from tracker.edges.db import db, reading
from tracker.edges.mail import Letter, MailError, NoMailer
from tracker.ledger.models import MailState, OutboxMail
from tracker.ledger.outbox import (
    BACK_OFF,
    LEASE,
    LONGEST_WAIT_FOR_SERVER,
    Mail,
    Sent,
    post,
    send_waiting,
    something_waits,
)

MAIL = Mail(
    key="digest:somebody:2026-11-02",
    recipient="owner@a.example",
    subject="1 action needs an update from you",
    text="Open a family hub",
    html="<p>Open a family hub</p>",
)
STATES = select(OutboxMail.state, OutboxMail.tries, OutboxMail.in_doubt)


class Killed(BaseException):
    """The process ends here and now: nothing that follows is run."""


class Moody(Postbox):
    """A mailer that fails in a given way before or after the server has the letter."""

    def __init__(
        self, *, before: BaseException | None = None, after: BaseException | None = None
    ) -> None:
        super().__init__()
        self.before, self.after = before, after

    def send(self, letter: Letter) -> None:
        if self.before is not None:
            raise self.before
        super().send(letter)
        if self.after is not None:
            raise self.after


def written(session: Session, mail: Mail = MAIL, *, now: datetime = NOW) -> bool:
    """Write a mail and commit."""
    fresh = post(session, mail, now=now, domain="a.example")
    session.commit()
    return fresh


def kill_while_sending(session: Session, mailer: Moody, clock: SetClock) -> None:
    """Send until killed; what was not committed is gone."""
    with pytest.raises(Killed):
        send_waiting(session, mailer, clock.now)
    session.rollback()


def test_a_mail_is_gone_with_its_cause_when_that_is_rolled_back(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    assert post(session, MAIL, now=NOW, domain="a.example")
    session.rollback()
    assert found(select(OutboxMail.key)) == []
    assert send_waiting(session, postbox, clock.now) == Sent()


def test_a_second_mail_of_the_same_key_is_not_written(session: Session, found: Found) -> None:
    assert written(session)
    assert not written(session, replace(MAIL, subject="Another"))
    assert found(select(OutboxMail.subject)) == [MAIL.subject]


def test_the_message_id_follows_from_the_key_alone(session: Session, found: Found) -> None:
    post(session, MAIL, now=NOW, domain="a.example")
    session.rollback()
    written(session)
    written(session, replace(MAIL, key="another"))
    first, second = found(select(OutboxMail.message_id).order_by(OutboxMail.id))
    assert first != second
    assert first.endswith("@a.example>")


def test_a_mail_is_sent_once(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    written(session)
    assert send_waiting(session, postbox, clock.now) == Sent(sent=1)
    assert send_waiting(session, postbox, clock.now) == Sent()
    (letter,) = postbox.letters
    assert (letter.recipient, letter.subject, letter.key) == (
        MAIL.recipient,
        MAIL.subject,
        MAIL.key,
    )
    assert found(select(OutboxMail.state, OutboxMail.sent_at, OutboxMail.claim)) == [
        (MailState.SENT, NOW, None)
    ]


def test_without_a_mail_server_mail_waits_untouched(
    session: Session, found: Found, clock: SetClock
) -> None:
    written(session)
    assert send_waiting(session, NoMailer(), clock.now) == Sent()
    assert found(STATES) == [(MailState.WAITING, 0, 0)]


def test_a_mail_that_is_not_taken_is_tried_again_after_longer_and_longer_waits(
    session: Session, found: Found, clock: SetClock
) -> None:
    written(session)
    busy = Moody(before=MailError("The mail server answered 451: later"))
    for tries, wait in enumerate(BACK_OFF, start=1):
        assert send_waiting(session, busy, clock.now) == Sent(retried=1)
        assert found(STATES) == [(MailState.WAITING, tries, 0)]
        clock.set(clock.now() + wait - timedelta(seconds=1))
        assert send_waiting(session, busy, clock.now) == Sent()
        clock.set(clock.now() + timedelta(seconds=1))
    assert found(select(OutboxMail.last_error)) == ["The mail server answered 451: later"]
    assert send_waiting(session, busy, clock.now) == Sent(failed=1)
    assert found(select(OutboxMail.state)) == [MailState.FAILED]


def test_a_mail_that_is_taken_at_its_second_try_keeps_no_error(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    written(session)
    send_waiting(session, Moody(before=MailError("busy")), clock.now)
    clock.set(clock.now() + BACK_OFF[0])
    assert send_waiting(session, postbox, clock.now) == Sent(sent=1)
    assert found(select(OutboxMail.state, OutboxMail.last_error)) == [(MailState.SENT, None)]


def test_a_mail_that_is_refused_for_good_is_not_tried_again_and_holds_up_no_other(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    written(session)
    no = Moody(before=MailError("The mail server answered 550: nobody", permanent=True))
    assert send_waiting(session, no, clock.now) == Sent(failed=1)
    written(session, replace(MAIL, key="another"))
    clock.set(clock.now() + timedelta(days=30))
    assert send_waiting(session, postbox, clock.now) == Sent(sent=1)
    assert found(select(OutboxMail.key, OutboxMail.state).order_by(OutboxMail.id)) == [
        (MAIL.key, MailState.FAILED),
        ("another", MailState.SENT),
    ]


@pytest.mark.parametrize("had_it", [False, True], ids=["before-the-text", "after-the-text"])
def test_a_claim_that_a_kill_left_open_is_sent_again_after_its_lease_and_counted_in_doubt(
    session: Session, found: Found, postbox: Postbox, clock: SetClock, had_it: bool
) -> None:
    written(session)
    mailer = Moody(after=Killed()) if had_it else Moody(before=Killed())
    kill_while_sending(session, mailer, clock)
    assert found(STATES) == [(MailState.CLAIMED, 1, 0)]
    clock.set(clock.now() + LEASE)
    assert send_waiting(session, postbox, clock.now) == Sent()
    clock.set(clock.now() + timedelta(seconds=1))
    assert send_waiting(session, postbox, clock.now) == Sent(sent=1, in_doubt=1)
    assert found(STATES) == [(MailState.SENT, 2, 1)]
    went = [letter.message_id for letter in mailer.letters + postbox.letters]
    assert len(went) == 1 + had_it
    assert set(went) == set(found(select(OutboxMail.message_id)))


def test_a_letter_that_the_server_may_have_is_sent_again_and_counted_in_doubt(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    written(session)
    silent = Moody(after=MailError("The mail server did not answer", in_doubt=True))
    assert send_waiting(session, silent, clock.now) == Sent(retried=1, in_doubt=1)
    clock.set(clock.now() + BACK_OFF[0])
    assert send_waiting(session, postbox, clock.now) == Sent(sent=1)
    assert found(STATES) == [(MailState.SENT, 2, 1)]
    assert silent.letters[0].message_id == postbox.letters[0].message_id


def test_who_comes_back_after_the_lease_does_not_undo_what_the_other_settled(
    session: Session, app: Flask, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    written(session)

    class Slow(Postbox):
        def send(self, letter: Letter) -> None:
            clock.set(clock.now() + LEASE + timedelta(seconds=1))
            with app.app_context(), Session(db.engine) as other:
                assert send_waiting(other, postbox, clock.now).sent == 1
            raise MailError("busy")

    send_waiting(session, Slow(), clock.now)
    assert found(STATES) == [(MailState.SENT, 2, 1)]


def test_senders_at_once_never_send_a_letter_twice(
    session: Session, app: Flask, found: Found, clock: SetClock
) -> None:
    for number in range(24):
        written(session, replace(MAIL, key=f"mail:{number}"))
    together = Barrier(3)

    class Slow(Postbox):
        def send(self, letter: Letter) -> None:
            time.sleep(0.005)
            super().send(letter)

    slow = Slow()

    def go(_: int) -> Sent:
        with app.app_context(), Session(db.engine) as own:
            together.wait(10)
            return send_waiting(own, slow, clock.now)

    with ThreadPoolExecutor(3) as pool:
        tallies = list(pool.map(go, range(3)))
    assert sum(tally.sent for tally in tallies) == 24
    assert set(Counter(letter.key for letter in slow.letters).values()) == {1}
    assert set(found(STATES)) == {(MailState.SENT, 1, 0)}


def test_a_secret_text_is_forgotten_once_it_is_sent(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    written(session, replace(MAIL, forget_text=True))
    written(session, replace(MAIL, key="plain"))
    send_waiting(session, postbox, clock.now)
    assert [letter.text for letter in postbox.letters] == [MAIL.text, MAIL.text]
    assert found(select(OutboxMail.text, OutboxMail.html).order_by(OutboxMail.id)) == [
        ("", ""),
        (MAIL.text, MAIL.html),
    ]


def test_a_secret_text_is_kept_while_it_waits_and_forgotten_when_it_fails_for_good(
    session: Session, found: Found, clock: SetClock
) -> None:
    written(session, replace(MAIL, forget_text=True))
    send_waiting(session, Moody(before=MailError("busy")), clock.now)
    assert found(select(OutboxMail.text)) == [MAIL.text]
    clock.set(clock.now() + BACK_OFF[0])
    send_waiting(session, Moody(before=MailError("no", permanent=True)), clock.now)
    assert found(select(OutboxMail.state, OutboxMail.text, OutboxMail.html)) == [
        (MailState.FAILED, "", "")
    ]


def test_a_server_that_cannot_be_reached_ends_the_round_and_no_letter_ever_fails_for_it(
    session: Session, found: Found, postbox: Postbox, clock: SetClock
) -> None:
    for number in range(3):
        written(session, replace(MAIL, key=f"mail:{number}"))
    away = Moody(before=MailError("nobody answers", of_server=True))
    assert send_waiting(session, away, clock.now) == Sent(retried=1)
    for _ in range(200):  # a week without a server
        clock.set(clock.now() + timedelta(hours=1))
        send_waiting(session, away, clock.now)
    assert set(found(select(OutboxMail.state))) == {MailState.WAITING}
    assert min(found(select(OutboxMail.tries))) > len(BACK_OFF)
    clock.set(clock.now() + LONGEST_WAIT_FOR_SERVER)
    assert send_waiting(session, postbox, clock.now) == Sent(sent=3)


def test_a_letter_that_hangs_the_server_lets_the_next_round_go_on_with_the_others(
    session: Session, found: Found, clock: SetClock
) -> None:
    for number in range(3):
        written(session, replace(MAIL, key=f"mail:{number}"))

    class HangsOnTheFirst(Postbox):
        def send(self, letter: Letter) -> None:
            if letter.key == "mail:0":
                raise MailError("silence", in_doubt=True)
            super().send(letter)

    hangs = HangsOnTheFirst()
    assert send_waiting(session, hangs, clock.now) == Sent(retried=1, in_doubt=1)
    assert send_waiting(session, hangs, clock.now) == Sent(sent=2)
    assert [letter.key for letter in hangs.letters] == ["mail:1", "mail:2"]


def test_one_recipient_who_is_always_refused_for_now_holds_up_nobody(
    session: Session, found: Found, clock: SetClock
) -> None:
    class Greylisting(Postbox):
        def send(self, letter: Letter) -> None:
            if letter.recipient == MAIL.recipient:
                raise MailError("The mail server answered 451: later")
            super().send(letter)

    server = Greylisting()
    written(session)
    for hour in range(30):
        written(
            session,
            replace(MAIL, key=f"other:{hour}", recipient="other@a.example"),
            now=clock.now(),
        )
        send_waiting(session, server, clock.now)
        clock.set(clock.now() + timedelta(hours=1))
    assert len(server.letters) == 30
    assert found(select(OutboxMail.state).where(OutboxMail.key == MAIL.key)) == [MailState.WAITING]


def test_whether_something_waits_is_asked_without_the_lock_of_a_writer(
    session: Session, app: Flask, clock: SetClock, statements: list[str]
) -> None:
    written(session)
    statements.clear()
    with app.app_context(), reading(), Session(db.engine) as own:
        assert something_waits(own, clock.now())
        assert not something_waits(own, clock.now() - timedelta(seconds=1))
    assert not any("IMMEDIATE" in one or "FOR UPDATE" in one for one in statements)
