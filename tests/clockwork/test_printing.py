"""PDFs that the clockwork makes: one that cannot be made is tried once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from governance import clockwork
from governance.clockwork import Printing
from tests.factories import House
from tracker.edges.clock import SetClock
from tracker.edges.pdf import PdfError, PdfRenderer
from tracker.jobs import tick


@pytest.fixture
def tries() -> Iterator[list[int]]:
    """A printing that always fails, and the records that it was tried for."""
    tried: list[int] = []

    def fail(session: Session, record_id: int, renderer: PdfRenderer, now: datetime) -> bool:
        tried.append(record_id)
        raise PdfError("a letter that no font has")

    printing = Printing("printing of trials", lambda session: [7], fail)
    clockwork.PRINTINGS.append(printing)
    yield tried
    clockwork.PRINTINGS.remove(printing)


def test_a_pdf_that_cannot_be_made_is_counted_and_tried_again_the_next_day(
    app: Flask, house: House, clock: SetClock, tries: list[int]
) -> None:
    house.session.rollback()
    assert tick(app).failed == 1
    assert tick(app).failed == 0
    assert tries == [7]
    clock.set(clock.now() + timedelta(days=1))
    assert tick(app).failed == 1
    assert tries == [7, 7]
