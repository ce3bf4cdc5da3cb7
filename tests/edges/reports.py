"""Delivery reports as three kinds of mail server build them, written for these tests.

What differs between servers is their structure: how the parts nest, which fields stand where,
how lines fold, and whether the letter comes back whole, by its headers alone, or not at all.
"""

from __future__ import annotations

from textwrap import dedent

MESSAGE_ID = "<1b7e4bb8-9c1e-5f0e-8d4f-0a1b2c3d4e5f@tracker.example>"
KEY = "digest:somebody:2026-11-02"


def _lines(text: str) -> bytes:
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode()


def postfix(
    *,
    recipient: str = "owner@a.example",
    action: str = "failed",
    status: str = "5.1.1",
    says: str = "smtp; 550 5.1.1 <owner@a.example>: Recipient address rejected: User unknown",
    message_id: str = MESSAGE_ID,
    headers_only: bool = True,
) -> bytes:
    """Postfix: three flat parts; the letter's headers alone when the sender wants no more."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return _lines(f"""
    Return-Path: <>
    Date: Mon,  2 Nov 2026 07:00:09 +0000 (GMT)
    From: MAILER-DAEMON@mx.tracker.example (Mail Delivery System)
    Subject: Undelivered Mail Returned to Sender
    To: tracker@tracker.example
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status;
        boundary="4ZtR2K0abc.1/mx.tracker.example"
    Message-Id: <20261102070009.4ZtR2K0abd@mx.tracker.example>

    This is a MIME-encapsulated message.

    --4ZtR2K0abc.1/mx.tracker.example
    Content-Description: Notification
    Content-Type: text/plain; charset=us-ascii

    Your message could not be delivered. See below.

    --4ZtR2K0abc.1/mx.tracker.example
    Content-Description: Delivery report
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.tracker.example
    X-Postfix-Queue-ID: 4ZtR2K0abc
    X-Postfix-Sender: rfc822; tracker@tracker.example
    Arrival-Date: Mon,  2 Nov 2026 07:00:03 +0000 (GMT)

    Final-Recipient: rfc822; {recipient}
    Original-Recipient: rfc822;{recipient}
    Action: {action}
    Status: {status}
    Remote-MTA: dns; mail.a.example
    Diagnostic-Code: {says}

    --4ZtR2K0abc.1/mx.tracker.example
    Content-Description: Undelivered Message Headers
    Content-Type: {kind}

    Return-Path: <tracker@tracker.example>
    From: tracker@tracker.example
    To: {recipient}
    Subject: 1 action needs an update from you
    Message-ID: {message_id}
    X-Tracker-Key: {KEY}
    Auto-Submitted: auto-generated

    --4ZtR2K0abc.1/mx.tracker.example--
    """)


def exchange() -> bytes:
    """Exchange: a letter in HTML first, long fields folded at once, a quoted explanation."""
    return _lines(f"""
    From: "Mail Delivery" <postmaster@nhs.example>
    To: <tracker@tracker.example>
    Date: Mon, 2 Nov 2026 07:01:00 +0000
    Content-Type: multipart/report; report-type=delivery-status;
    \tboundary="_f0e1d2c3-EXCHANGE_"
    Content-Language: en-GB
    Message-ID: <d4c3b2a1-0000@nhs.example>
    In-Reply-To:
     {MESSAGE_ID}
    Subject: Undeliverable: 1 action needs an update from you
    Auto-Submitted: auto-replied
    MIME-Version: 1.0

    --_f0e1d2c3-EXCHANGE_
    Content-Type: multipart/alternative; differences=Content-Type;
    \tboundary="_a9b8c7d6-INNER_"

    --_a9b8c7d6-INNER_
    Content-Type: text/plain; charset="utf-8"
    Content-Transfer-Encoding: base64

    WW91ciBsZXR0ZXIgZGlkIG5vdCBhcnJpdmUu

    --_a9b8c7d6-INNER_
    Content-Type: text/html; charset="utf-8"
    Content-Transfer-Encoding: quoted-printable

    <p>Your letter did not arrive.</p>

    --_a9b8c7d6-INNER_--

    --_f0e1d2c3-EXCHANGE_
    Content-Type: message/delivery-status

    Reporting-MTA: dns;exch1.nhs.example
    Received-From-MTA: dns;mx.tracker.example
    Arrival-Date: Mon, 2 Nov 2026 07:00:58 +0000

    Final-Recipient: rfc822;owner@a.example
    Action: failed
    Status: 5.1.10
    Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound;
     Recipient not found by SMTP address lookup
    X-Display-Name: owner@a.example

    --_f0e1d2c3-EXCHANGE_
    Content-Type: message/rfc822

    Received: from mx.tracker.example (192.0.2.7) by exch1.nhs.example
    From: <tracker@tracker.example>
    To: <owner@a.example>
    Subject: 1 action needs an update from you
    Message-ID:
     {MESSAGE_ID}
    X-Tracker-Key: {KEY}
    Content-Type: text/plain

    Open a family hub

    --_f0e1d2c3-EXCHANGE_--
    """)


def gmail() -> bytes:
    """Gmail: pictures beside the words, several lines of diagnosis, the whole letter back."""
    return _lines(f"""
    Return-Path: <>
    From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>
    To: tracker@tracker.example
    Auto-Submitted: auto-replied
    Subject: Delivery Status Notification (Failure)
    References: {MESSAGE_ID}
    In-Reply-To: {MESSAGE_ID}
    X-Failed-Recipients: owner@a.example
    Message-ID: <6366aaaa.050a0220.0000@mx.google.example>
    Date: Mon, 02 Nov 2026 07:00:12 -0000
    Content-Type: multipart/report; boundary="0000000000aaaa"; report-type=delivery-status

    --0000000000aaaa
    Content-Type: multipart/related; boundary="0000000000bbbb"

    --0000000000bbbb
    Content-Type: multipart/alternative; boundary="0000000000cccc"

    --0000000000cccc
    Content-Type: text/plain; charset="UTF-8"

    Address not found

    --0000000000cccc--
    --0000000000bbbb
    Content-Type: image/png; name="icon.png"
    Content-Transfer-Encoding: base64

    iVBORw0KGgo=

    --0000000000bbbb--
    --0000000000aaaa
    Content-Type: message/delivery-status

    Reporting-MTA: dns; googlemail.example
    Received-From-MTA: dns; tracker@tracker.example
    Arrival-Date: Sun, 01 Nov 2026 23:00:11 -0800 (PST)
    X-Original-Message-ID: {MESSAGE_ID}

    Final-Recipient: rfc822; owner@a.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; aspmx.l.google.example. (192.0.2.26, the server for the domain.)
    Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
     550 5.1.1 Please check the address for typing errors. - gsmtp
    Last-Attempt-Date: Sun, 01 Nov 2026 23:00:12 -0800 (PST)

    --0000000000aaaa
    Content-Type: message/rfc822

    From: tracker@tracker.example
    To: owner@a.example
    Subject: 1 action needs an update from you
    Message-ID: {MESSAGE_ID}
    X-Tracker-Key: {KEY}
    Content-Type: multipart/alternative; boundary="=-=ours"

    --=-=ours
    Content-Type: text/plain

    Open a family hub
    --=-=ours--

    --0000000000aaaa--
    """)
