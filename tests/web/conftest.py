"""What tests of several pages share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.factories import House
from tests.pages import Visitor
from tests.web.answering import OTHER, OWNER, Desk


@pytest.fixture
def desk(client: Visitor, house: House, sign_in: Callable[[Visitor, str], None]) -> Desk:
    """An owner at the table of answers, signed in, and another who owns as well."""
    house.person(OWNER, name="Olive Owner")
    house.person(OTHER, name="Otto Other")
    sign_in(client, OWNER)
    return Desk(house, client)
