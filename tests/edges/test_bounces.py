"""Reading what mail servers say of letters that did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.edges.reports import KEY, MESSAGE_ID, exchange, gmail, postfix
from tracker.edges.bounces import NotABounce, read_bounce


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (postfix, "550 5.1.1 <owner@a.example>: Recipient address rejected: User unknown"),
        (
            exchange,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
        (
            gmail,
            "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 Please"
            " check the address for typing errors. - gsmtp",
        ),
        (lambda: postfix(headers_only=False), "550 5.1.1"),
    ],
    ids=["postfix", "exchange", "gmail", "postfix-whole-letter"],
)
def test_a_letter_given_up_is_read_from_each_server_s_report(
    report: Callable[[], bytes], words: str
) -> None:
    bounce = read_bounce(report())
    assert bounce.is_final
    assert bounce.is_of_address
    assert bounce.words.startswith(words)
    assert (bounce.message_id, bounce.key) == (MESSAGE_ID, KEY)
    assert bounce.recipient == "owner@a.example"


def test_a_letter_that_is_only_delayed_is_not_given_up() -> None:
    bounce = read_bounce(postfix(action="delayed", status="4.4.1", says="smtp; 451 Busy"))
    assert not bounce.is_final
    assert not bounce.is_of_address
    assert bounce.words == "451 Busy"


def test_a_letter_that_was_too_long_on_the_way_is_given_up_but_its_address_may_be_good() -> None:
    bounce = read_bounce(postfix(status="4.4.7", says="smtp; 421 No answer for five days"))
    assert bounce.is_final
    assert not bounce.is_of_address


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_is_none_of_a_bounce(action: str) -> None:
    with pytest.raises(NotABounce, match="no letter that failed"):
        read_bounce(postfix(action=action, status="2.0.0"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: I am on holiday\r\nAuto-Submitted: auto-replied\r\n\r\nBack on Monday.\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\nno parts at all",
        postfix().replace(b"message/delivery-status", b"text/plain"),
    ],
    ids=["nothing", "bytes", "holiday", "no-parts", "no-report"],
)
def test_what_is_no_report_is_refused_in_plain_words(data: bytes) -> None:
    with pytest.raises(NotABounce):
        read_bounce(data)


def test_a_letter_about_a_bounce_inside_the_one_that_came_back_is_not_believed() -> None:
    inside = postfix(message_id="<forged@elsewhere.example>")
    wrapped = postfix(headers_only=False).replace(
        b"Auto-Submitted: auto-generated", b"Content-Type: message/rfc822\r\n\r\n" + inside
    )
    assert read_bounce(wrapped).message_id == MESSAGE_ID


def test_without_a_diagnosis_the_status_is_what_there_is_to_say() -> None:
    data = b"\r\n".join(
        line
        for line in postfix(says="smtp; 550 no").split(b"\r\n")
        if not line.startswith(b"Diagnostic-Code")
    )
    assert read_bounce(data).words == "The mail server gave no reason (status 5.1.1)."


@given(st.binary(max_size=300), st.integers(0, 2500), st.integers(0, 60))
def test_damage_anywhere_is_read_or_refused_and_never_breaks(
    junk: bytes, place: int, missing: int
) -> None:
    whole = gmail()
    damaged = whole[:place] + junk + whole[place + missing :]
    with suppress(NotABounce):
        read_bounce(damaged)
