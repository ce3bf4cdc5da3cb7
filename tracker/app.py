"""Putting the product together: the one place that knows every part."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import tracker
import tracker.models
from tracker import pages
from tracker.edges import tenancy
from tracker.edges.bank_holidays import BankHolidays, EnglishBankHolidays
from tracker.edges.clock import Clock, today
from tracker.edges.db import db
from tracker.edges.mail import Mailer
from tracker.edges.pdf import PdfRenderer
from tracker.ledger import audit
from tracker.people.operations import hash_of
from tracker.people.queries import live_sign_in, viewer_of
from tracker.settings import Settings
from tracker.web import commits, errors, filters, headers, navigation
from tracker.web.access import Viewer
from tracker.web.addresses import Day, Number, Slug
from tracker.web.parts import EXTENSION, Parts

ROOT = Path(tracker.__file__).parent
TEMPLATES = ROOT.parent / "templates"


def create_app(
    settings: Settings,
    clock: Clock,
    mailer: Mailer,
    renderer: PdfRenderer,
    *,
    holidays: BankHolidays | None = None,
) -> Flask:
    """Build the application from its settings and edges; tests pass other edges.

    The database is not touched: it is brought to its schema by ``tracker upgrade`` or by the
    commands that serve.
    """
    app = Flask("tracker", static_folder=str(ROOT / "static"), static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_NAME="tracker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions[EXTENSION] = Parts(
        settings=settings,
        clock=clock,
        mailer=mailer,
        renderer=renderer,
        holidays=holidays or EnglishBankHolidays(),
    )
    app.jinja_env.undefined = filters.StrictName
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(TEMPLATES),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            PrefixLoader({"govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf")}),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.url_map.converters.update({"day": Day, "int": Number, "slug": Slug})
    db.init_app(app)
    tenancy.install()
    audit.install()
    CSRFProtect(app)
    WTFormsHelpers(app)
    _sign_in_by_token(app, clock)
    commits.install(app, clock)
    errors.install(app)
    headers.install(app)
    filters.install(app)
    navigation.install(app)
    pages.install(app)
    if settings.proxies:
        # Where a request came from is what tries are counted by: only our own proxies say it.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's own pages advise
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app


def _engine_options(database_url: str) -> dict[str, object]:
    """How to reach the database: a server that does not answer is given up on in ten seconds."""
    if database_url.startswith("postgresql"):
        return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}
    return {"pool_pre_ping": True}


class _Sessions(LoginManager):
    """Flask-Login without its "remember me" cookie, which we neither set nor believe."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


def _sign_in_by_token(app: Flask, clock: Clock) -> None:
    manager = _Sessions(app)
    # A stolen cookie is met by revoking its server-side session, not by watching addresses.
    manager.session_protection = None

    @manager.user_loader
    def load(token: str) -> Viewer | None:
        found = live_sign_in(db.session(), hash_of(token), clock.now())
        if found is None:
            return None
        return viewer_of(db.session(), found.person, token, today(clock))
