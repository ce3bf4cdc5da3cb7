"""Mail by TLS, with a user and a password, against a real SMTP server."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.clockwork.post_office import (
    CERTIFICATE,
    PASSWORD,
    USER,
    PostOffice,
    post_office,
)
from tests.edges.test_mail import LETTER, refused
from tracker.edges.mail import MailServer, SmtpMailer

# What the server says to a certificate from the first byte, which it does not count as private.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
SCHEMES = {"starttls": "smtp+starttls", "tls": "smtps", "none": "smtp"}


@pytest.fixture(params=["starttls", "tls"])
def security(request: pytest.FixtureRequest) -> str:
    """Each way to speak in private."""
    return str(request.param)


@pytest.fixture
def office(security: str) -> Iterator[PostOffice]:
    """A mail server with a certificate that wants a password."""
    with post_office(security, asks_password=True) as open_office:
        yield open_office


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine trusts the server's certificate, as an operator would have it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def mailer_to(port: int, security: str, password: str | None = PASSWORD) -> SmtpMailer:
    """A mailer as the settings would make it."""
    who = f"{USER}:{quote(password, safe='')}@" if password else ""
    server = MailServer.from_url(f"{SCHEMES[security]}://{who}127.0.0.1:{port}")
    return SmtpMailer(server, "tracker@a.example", timeout_seconds=2)


@pytest.mark.usefixtures("trusted")
def test_a_letter_goes_in_private_with_the_right_password(
    office: PostOffice, security: str
) -> None:
    mailer_to(office.port, security).send(LETTER)
    assert office.message_ids == [LETTER.message_id]


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_said_plainly_without_repeating_it(
    office: PostOffice, security: str
) -> None:
    error = refused(mailer_to(office.port, security, "guessed"))
    assert error.of_server
    assert not error.permanent
    assert not error.in_doubt
    assert str(error).startswith("The mail server answered 535")
    assert "guessed" not in str(error)
    assert not office.taken


@pytest.mark.usefixtures("trusted")
def test_a_server_that_wants_a_password_and_gets_none_takes_nothing(
    office: PostOffice, security: str
) -> None:
    error = refused(mailer_to(office.port, security, None))
    assert error.of_server
    assert not error.permanent
    assert "530" in str(error)
    assert not office.taken


def test_a_certificate_that_nobody_vouches_for_is_refused_and_nothing_goes_out(
    office: PostOffice, security: str
) -> None:
    error = refused(mailer_to(office.port, security))
    assert error.of_server
    assert str(error).startswith("The mail server’s certificate is not trusted: self-signed")
    assert not office.taken


@pytest.mark.parametrize("asked", ["starttls", "tls"])
def test_a_server_without_encryption_gets_no_password_and_no_letter(asked: str) -> None:
    with post_office() as plain:
        error = refused(mailer_to(plain.port, asked))
        assert error.of_server
        assert not error.in_doubt
        assert not plain.taken
        assert PASSWORD not in str(error)
