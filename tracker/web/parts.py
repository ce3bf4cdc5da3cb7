"""What ``create_app`` was given, for the views of every package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import current_app

from tracker.edges.bank_holidays import BankHolidays
from tracker.edges.clock import Clock, today
from tracker.edges.mail import Mailer
from tracker.edges.pdf import PdfRenderer

EXTENSION = "tracker"


@dataclass(frozen=True)
class Parts:
    """The settings and edges of one application. Packages below the shell see them here."""

    settings: Any
    clock: Clock
    mailer: Mailer
    renderer: PdfRenderer
    holidays: BankHolidays


def parts() -> Parts:
    """The parts of the current application."""
    return cast(Parts, current_app.extensions[EXTENSION])


def now() -> datetime:
    """The present instant, by the application's clock."""
    return parts().clock.now()


def this_day() -> date:
    """The day it is in London, by the application's clock."""
    return today(parts().clock)
