"""What may stand in an address, and that the loader lets nothing else in."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories import House
from tracker.loader.document import DocumentError, read
from tracker.loader.partnership import load_partnership
from tracker.loader.plan import load_plan
from tracker.web.addresses import is_slug

BAD = ["Trust Board", "trust_board", "-trust", "a--b", "a/b", 'x"; y', "a\n", "é", "", "x" * 61]


@pytest.mark.parametrize("slug", BAD)
def test_what_is_not_kebab_case_is_no_slug(slug: str) -> None:
    assert not is_slug(slug)


@pytest.mark.parametrize("slug", ["a", "trust-board", "early-help-2013-16", "x" * 60])
def test_kebab_case_of_at_most_sixty_letters_is_a_slug(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize("slug", ["Oakshire", "calendar"])
def test_a_partnership_is_refused_a_slug_that_cannot_begin_an_address(
    session: Session, tmp_path: Path, slug: str
) -> None:
    file = tmp_path / "partnership.yaml"
    file.write_text(yaml.safe_dump({"partnership": {"slug": slug, "name": "Oakshire"}}))
    with pytest.raises(DocumentError, match="cannot be a partnership’s slug"):
        load_partnership(session, read(file), now=NOW)


def test_a_board_is_refused_a_slug_that_cannot_stand_in_an_address(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "partnership.yaml"
    board = {"key": 'x"; y', "name": "Trust Board", "kind": "board"}
    about = {"slug": "oakshire", "name": "Oakshire"}
    file.write_text(yaml.safe_dump({"partnership": about, "boards": [board]}))
    with pytest.raises(DocumentError, match="cannot be a board’s slug"):
        load_partnership(house.session, read(file), now=NOW)


def test_a_plan_is_refused_a_slug_that_cannot_stand_in_an_address(
    house: House, tmp_path: Path
) -> None:
    file = tmp_path / "plan.yaml"
    period = {"first": "2026-01-01", "last": "2027-12-31", "printed": "2026-27"}
    plan = {"key": "Our Plan", "title": "Our Plan", "status": "live", "period": period}
    file.write_text(yaml.safe_dump({"plan": plan}).replace("'", ""))
    with pytest.raises(DocumentError, match="cannot be a plan’s slug"):
        load_plan(house.session, house.partnership, read(file), now=NOW)
