"""How values are written on pages: dates, times and the words of ratings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, g
from flask_login import current_user
from jinja2 import Undefined
from jinja2.utils import missing

from tracker.kernel.period import clock_words, long_date, short_date
from tracker.kernel.times import to_london
from tracker.web import access
from tracker.web.parts import parts


class StrictName(Undefined):
    """A name that no view gave raises when it is printed or walked through.

    Missing attributes of given values stay quiet: the component macros rely on that.
    """

    def __str__(self) -> str:
        self._refuse()
        return ""

    def __iter__(self) -> Any:
        self._refuse()
        return iter(())

    def _refuse(self) -> None:
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()


def when(instant: datetime) -> str:
    """An instant on London's clock: "3 November 2026 at 9.30am"."""
    local = to_london(instant)
    return f"{short_date(local.date())} at {clock_words(local.time())}"


def day_of(instant: datetime) -> str:
    """The day of an instant in London: "3 November 2026"."""
    return short_date(to_london(instant).date())


def install(app: Flask) -> None:
    """Give the templates their filters and the few values that every page needs."""
    app.jinja_env.filters.update(
        when=when, day_of=day_of, short_date=short_date, long_date=long_date
    )

    @app.context_processor
    def shared() -> dict[str, object]:
        signed_in = current_user.is_authenticated
        return {
            "viewer": access.viewer() if signed_in else None,
            "standing": g.get("standing"),
            "permissions": access.Permission,
            "may": access.may,
            "is_demonstration": parts().settings.demonstration,
        }
