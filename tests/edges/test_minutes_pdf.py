"""The minutes as PDF: tagged, with their headings, and with whatever people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pypdf
import pytest

from governance.packs.minutes import (
    ActionRow,
    AttendanceRow,
    BoardAttendance,
    DecisionRow,
    MinutedItem,
    MinutesFacts,
    compose_minutes,
)
from tests.edges.test_pdf import FONTS, HOSTILE, TEMPLATES
from tracker.edges.pdf import TypstRenderer


@pytest.fixture(scope="module")
def renderer() -> TypstRenderer:
    return TypstRenderer(TEMPLATES, FONTS)


def facts(words: str = "The board discussed the report.", *, quorate: bool = True) -> MinutesFacts:
    """The minutes of a meeting with everything that can stand in them."""
    kind = "decision" if quorate else "recommendation"
    return MinutesFacts(
        partnership="Ashshire Children’s Trust",
        board="Trust Board",
        meets_on=date(2026, 12, 8),
        starts_at=datetime(2026, 12, 8, 14, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 8, 16, 0, tzinfo=UTC),
        place="County Hall",
        marking="OFFICIAL",
        status="Draft, to be confirmed at the next meeting",
        is_draft=True,
        is_quorate=quorate,
        attendance=(
            BoardAttendance(
                "Trust Board",
                (
                    AttendanceRow("Cherry Chair", "Chair", "Ashshire Council", "Present"),
                    AttendanceRow("Mo Member", "Member", "", "Apologies"),
                    AttendanceRow("Ann Else", "For Mo Member", "NHS", "Present remotely"),
                ),
                "Quorum is 2 voting members: 2 are present: met.",
            ),
        ),
        declared=(f"Cherry Chair, in item 2: {words}",),
        items=(
            MinutedItem("1", "Welcome", words + "\n\nA second paragraph."),
            MinutedItem(
                "2",
                "School places",
                words,
                decisions=(DecisionRow("CTB/2026-12/D1", kind, words, "Votes: 3 for, 1 against."),),
                actions=(ActionRow("2026-12/A1", words, "Mo Member", "15 January 2027"),),
            ),
            MinutedItem("3", "Forward plan"),
        ),
        next_meeting=datetime(2027, 3, 9, 14, 0, tzinfo=UTC),
        confirmed="Confirmed at the meeting of 9 March 2027 with these amendments:",
        amendments=words,
    )


def test_minutes_are_tagged_and_say_what_was_recorded(renderer: TypstRenderer) -> None:
    rendered = renderer.render(compose_minutes(facts()))
    with pikepdf.open(BytesIO(rendered.data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
        with pdf.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    said = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(rendered.data)).pages)
        .replace("\u200b", "")
        .split()
    )
    for words in (
        "Minutes",
        "Quorum is 2 voting members: 2 are present: met.",
        "2. School places",
        "Votes: 3 for, 1 against.",
        "Nothing was recorded.",
        "The board meets next on Tuesday 9 March 2027, 2pm.",
        "Page 1 of",
    ):
        assert words in said
    assert rendered.item_pages["attendance"] == 1


def test_notes_of_an_inquorate_meeting_say_so_and_the_same_value_gives_the_same_bytes(
    renderer: TypstRenderer,
) -> None:
    value = compose_minutes(facts(quorate=False))
    assert value["front"]["heading"] == "Notes of an inquorate meeting"
    assert "Recommendation CTB/2026-12/D1" in str(value)
    assert renderer.render(value).data == renderer.render(value).data


def test_whatever_people_type_is_only_printed(renderer: TypstRenderer) -> None:
    assert renderer.render(compose_minutes(facts(HOSTILE))).pages >= 2


def test_the_confidential_part_is_a_document_of_its_own() -> None:
    value = compose_minutes(replace(facts(), is_confidential=True))
    assert value["front"]["marking"] == "Confidential"
    assert next(item["anchor"] for item in value["items"]) == "interests"
    assert "Cherry" not in str(value["front"])
