"""The product as a browser meets it: a server on the loopback, Chromium, CSRF tokens checked."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.visits import Visit, Watch
from tests.fakes import Postbox
from tracker.app import ROOT, TEMPLATES, create_app
from tracker.edges.clock import SetClock
from tracker.edges.db import db
from tracker.edges.pdf import TypstRenderer
from tracker.settings import Settings

# What Chromium does on its own account has no place here; tests may run as root in a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
NONE = "no Chromium: name one in TRACKER_TEST_CHROMIUM"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, started once for a worker."""
    named = os.environ.get("TRACKER_TEST_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NONE)
        pytest.skip(NONE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def loopback() -> Iterator[socket.socket]:
    """A free port of the loopback, taken."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken


@pytest.fixture
def app(
    sqlite_url: str, clock: SetClock, postbox: Postbox, loopback: socket.socket
) -> Iterator[Flask]:
    """The application as it is served: it checks CSRF tokens and makes real PDFs."""
    settings = Settings(
        secret_key="a secret for tests, and for nothing else",
        database_url=sqlite_url,
        base_url=f"http://127.0.0.1:{loopback.getsockname()[1]}",
    )
    renderer = TypstRenderer(TEMPLATES / "packs", ROOT / "static" / "fonts")
    app = create_app(settings, clock, postbox, renderer)
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


class _Quietly(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing of single requests."""


@pytest.fixture
def server(app: Flask, loopback: socket.socket) -> Iterator[str]:
    """The address of the application, served by threads while the test runs."""
    host, port = loopback.getsockname()
    loopback.listen(64)
    served = make_server(
        host, port, app, threaded=True, request_handler=_Quietly, fd=loopback.fileno()
    )
    thread = Thread(target=served.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://{host}:{port}"
    served.shutdown()
    thread.join(10)
    served.server_close()


@pytest.fixture
def visit(chromium: Browser, server: str) -> Iterator[Visit]:
    """Open a page for somebody new; fails at the end when anything went wrong behind it."""
    opened: list[tuple[Page, Watch]] = []

    def open_page(screen: ViewportSize, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=server, viewport=screen, java_script_enabled=scripts, locale="en-GB"
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        opened.append((page, Watch(page)))
        return page

    yield open_page
    for page, _ in opened:
        page.context.close()
    faults = [fault for _, watch in opened for fault in watch.faults]
    assert not faults, "\n".join(faults)
