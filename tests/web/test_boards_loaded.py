"""How a board works, as a document says it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from tests.conftest import NOW
from tests.factories import House
from tracker.loader.document import DocumentError
from tracker.loader.document import read as read_document
from tracker.loader.partnership import load_partnership
from tracker.people.board_models import (
    Board,
    CarriedBy,
    Share,
)


def loaded(house: House, tmp_path: Path, **more: object) -> Board:
    """A board as a document says it."""
    file = tmp_path / "partnership.yaml"
    board = {"key": "hub", "name": "The Hub", "kind": "group"} | more
    about = {"slug": "oakshire", "name": "Oakshire"}
    file.write_text(yaml.safe_dump({"partnership": about, "boards": [board]}))
    made, _ = load_partnership(house.session, read_document(file), now=NOW)
    return house.session.scalars(select(Board).where(Board.partnership_id == made.id)).one()


def test_a_document_says_how_a_board_works(house: House, tmp_path: Path) -> None:
    board = loaded(
        house,
        tmp_path,
        quorum={"number": 5, "share": "a third", "organisations": 3, "chair": True},
        quorum_words="Five",
        carried_by="nobody disagrees in time",
        public=True,
        contact="hub@oakshire.example",
        marking="OFFICIAL",
        paper_pattern="{board} {item}",
    )
    assert (board.quorum_number, board.quorum_share) == (5, Share.THIRD)
    assert (board.quorum_organisations, board.quorum_needs_chair) == (3, True)
    assert (board.carried_by, board.is_public) == (CarriedBy.NO_OBJECTION, True)
    assert (board.marking, board.paper_pattern, board.access_law) == (
        "OFFICIAL",
        "{board} {item}",
        False,
    )


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("quorum", {"people": 5}, "“people” is no part of a quorum"),
        ("quorum", 5, "no part of a quorum"),
        ("quorum", {"number": 0}, "“number” is a whole number from 1"),
        ("quorum", {"number": True}, "“number” is a whole number from 1"),
        ("quorum", {"share": "most"}, "“share” is one of: a quarter"),
        ("quorum", {"chair": "yes"}, "“chair” is true or false"),
        ("public", "perhaps", "“public” is true or false"),
        ("carried_by", "vote", "“carried_by” is one of"),
        ("paper_pattern", "{board}", "Put {item} into it"),
        ("paper_pattern", "{item}" * 20, "at most 60 characters"),
        ("marking", "x" * 61, "“marking” is a text of at most 60"),
        ("contact", 5, "“contact” is a text"),
    ],
)
def test_what_a_board_cannot_have_is_said_with_its_file(
    house: House, tmp_path: Path, key: str, value: object, words: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        loaded(house, tmp_path, **{key: value})
    assert "partnership.yaml, board hub" in str(refused.value)
    assert words in str(refused.value)
