"""What papers say in plain values: names of files, lines, cover sheets, running times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.agendas.paper_rules import file_name, one_a_line
from governance.agendas.rules import minutes_over, running_times
from governance.packs.cover_sheets import PaperEntry, cover_sheet, size_words

TWO = datetime(2026, 12, 8, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Budget 2026.pdf", "Budget 2026.pdf"),
        ("C:\\Users\\Me\\Budget.PDF", "Budget.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ('we"ird\r\nname.pdf', "we ird name.pdf"),
        ("Plant y Dref – Cymraeg ŵ.pdf", "Plant y Dref Cymraeg ŵ.pdf"),
        ("...pdf", "The title.pdf"),
        (None, "The title.pdf"),
    ],
)
def test_a_file_gets_a_name_that_is_safe_everywhere(given_name: str | None, kept: str) -> None:
    assert file_name(given_name, "The: title?") == kept


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_it_was_called_a_file_has_a_name_without_folders_or_marks(
    given_name: str, title: str
) -> None:
    found = file_name(given_name, title)
    assert found.endswith(".pdf")
    assert 4 < len(found) <= 124
    assert not set(found) & set('/\\"\r\n:;<>|?*')
    assert not found.startswith(".")


def test_lines_lose_the_numbers_and_marks_that_people_type_before_them() -> None:
    assert one_a_line("1. Agree\n\n(2) Note\n- Ask\n3.\n•  Tell 2 people") == (
        "Agree",
        "Note",
        "Ask",
        "Tell 2 people",
    )


def test_what_is_not_there_says_so_and_nothing_else() -> None:
    entry = PaperEntry("Figures", summary="Secret", file_name="a.pdf", is_to_follow=True)
    assert "To follow." in str(cover_sheet(entry))
    assert "Secret" not in str(cover_sheet(entry))
    gone = PaperEntry("Figures", summary="Secret", withdrawn="Wrong figures.")
    assert "This paper was withdrawn. Wrong figures." in str(cover_sheet(gone))
    assert "Secret" not in str(cover_sheet(gone))


def test_an_implication_is_never_blank() -> None:
    printed = str(cover_sheet(PaperEntry("A", implications=(("Legal", ""), ("Risk", "Some")))))
    assert "['Legal', 'None']" in printed
    assert "['Risk', 'Some']" in printed


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 kB"), (640_123, "640 kB"), (999_600, "1.0 MB"), (1_240_000, "1.2 MB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_words(size) == words


def test_items_begin_when_those_before_them_are_over() -> None:
    found = running_times(TWO, [5, None, 10])
    assert [one.minute for one in found] == [0, 5, 5]
    assert minutes_over(TWO, TWO.replace(hour=15), [30, None, 40]) == 10
    assert minutes_over(TWO, TWO.replace(hour=15), [30, None, 30]) == 0
