"""What is wrong in the table of answers is said in its row, and then none of it is saved."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask

from tests.factories import House
from tests.house.contents import contents
from tests.pages import read
from tests.web.answering import (
    GREEN,
    OTHER,
    OWNER,
    PAGE,
    TROUBLE,
    Desk,
    asked,
    meeting_action,
    record,
    row,
    task_row,
)
from tracker.edges.db import db
from tracker.kernel.rag import Lifecycle


def test_anything_wrong_saves_nothing_and_keeps_everything(
    desk: Desk, house: House, app: Flask
) -> None:
    asked(house, *["April 2027"] * 3)
    before = contents(db.engine)
    answer = desk.send(
        row(1, "Green", happened="Kept <as typed> ☂ Ωmega"),
        row(2, "Red", happened="Trouble.", cause=""),
        row(3, "complete"),
    )
    assert answer.status_code == 422
    page = read(answer.text)
    assert "There is a problem, and nothing was saved yet" in page.text
    for words in (
        "1.2: Say what the cause is",
        "1.2: Say what will put it right",
        "1.3: Say what shows that it is complete",
    ):
        assert words in page.text
    summary = [one for one in page.hrefs if one.startswith("#ashshire-")]
    assert set(summary) == {
        "#ashshire-2-cause",
        "#ashshire-2-recovery",
        "#ashshire-3-evidence",
    }
    assert {one[1:] for one in summary} <= set(page.ids)
    assert "Kept &lt;as typed&gt; ☂ Ωmega</textarea>" in answer.text
    assert page.title.startswith("Error: ")
    chosen = {one["name"]: one["value"] for one in page.fields if "checked" in one}
    assert chosen == {
        "ashshire-1-answer": "Green",
        "ashshire-2-answer": "Red",
        "ashshire-3-answer": "complete",
    }
    assert contents(db.engine) == before


def test_a_table_without_any_answer_says_so(desk: Desk, house: House) -> None:
    asked(house, "April 2027")
    answer = desk.send(row(1, "leave"))
    assert answer.status_code == 422
    assert "Choose an answer in at least one row" in answer.text
    assert desk.send().status_code == 422
    assert desk.entries() == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("leave", "Choose an answer to go with what you typed, or clear it"),
        ("no-change", "“No change” takes no words"),
    ],
)
def test_words_without_an_answer_are_never_dropped(
    desk: Desk, house: House, answer: str, words: str
) -> None:
    asked(house, "April 2027")
    record(house, 1, OWNER)
    house.ask(house.action("Another", owner=OWNER))
    sent = desk.send(row(1, answer, 1, happened="I typed this."), row(2, "Green", **GREEN))
    assert sent.status_code == 422
    assert words in sent.text
    assert "I typed this.</textarea>" in sent.text
    assert len(desk.entries()) == 1


def test_a_row_that_is_not_theirs_refuses_the_whole_table(desk: Desk, house: House) -> None:
    asked(house, "April 2027")
    house.ask(house.action("Otto’s", owner=OTHER))
    other = House(house.session, house.now, slug="oakshire")
    other.ask(other.action("There", owner="there@oakshire.example"))
    mine = row(1, "Green", **GREEN)
    theirs = meeting_action(house, OTHER)
    for foreign in (
        row(2, "Green", **GREEN),
        row(1, "Green", slug="oakshire", **GREEN),
        row(99, "Green", **GREEN),
        [("row", "ashshire-١")],
        [("row", "ashshire-01")],
        [("row", "ashshire")],
        [("row", "ashshire-" + "9" * 40)],
        [("task", "not-a-uid")],
        [("task", str(uuid4()))],
        task_row(theirs, "done"),
        mine,  # twice
    ):
        assert desk.send(mine, foreign).status_code == 404
    assert desk.entries() == []


def test_an_action_that_was_closed_meanwhile_is_named(desk: Desk, house: House) -> None:
    (action,) = asked(house, "April 2027")
    action.lifecycle = Lifecycle.CLOSED_NOT_COMPLETED
    house.session.commit()
    answer = desk.send(row(1, "Green", **GREEN))
    assert answer.status_code == 422
    assert "This action was closed, not completed, and takes no more updates" in answer.text
    assert desk.entries() == []


def test_no_change_is_offered_only_where_there_is_something_to_repeat(
    desk: Desk, house: House
) -> None:
    asked(house, "April 2027")
    page = desk.client.page(PAGE)
    assert "no-change" not in [one.get("value") for one in page.fields]
    answer = desk.send(row(1, "no-change"))
    assert answer.status_code == 422
    assert "Choose one of these answers" in answer.text


LONG = "é" * 2001
BAD_ROWS = {
    "an answer that is none": row(1, "Blue", **GREEN),
    "an answer too long": row(1, "x" * 5000, **GREEN),
    "what happened, too long": row(1, "Green", happened=LONG),
    "what happened, nothing that shows": row(1, "Green", happened="\u200b \u0007"),
    "cause, too long": row(1, "Amber", **{**TROUBLE, "cause": LONG[:1001]}),
    "recovery, too long": row(1, "Amber", **{**TROUBLE, "recovery": LONG[:1001]}),
    "evidence, too long": row(1, "complete", evidence=LONG[:1001]),
    "evidence, a link that runs": row(1, "complete", evidence="javascript:alert(1)"),
    "a last entry that is no number": [
        ("ashshire-1-last_seen", "x"),
        *(one for one in row(1, "Green", **GREEN) if "last_seen" not in one[0]),
    ],
    "a last entry that is not yet there": row(1, "Green", 7, **GREEN),
    "a last entry before the first": row(1, "Green", -1, **GREEN),
}


@pytest.mark.parametrize("bad", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_bad_input_in_a_row_is_said_in_it_and_changes_nothing(
    desk: Desk, house: House, bad: list[tuple[str, str]]
) -> None:
    asked(house, "April 2027", "April 2027")
    before = contents(db.engine)
    answer = desk.send(row(2, "Green", happened="A good row."), bad)
    assert answer.status_code == 422
    page = read(answer.text)
    assert "1.1: " in page.text
    links = [one[1:] for one in page.hrefs if one.startswith("#ashshire-1-")]
    assert links
    assert {f"{one}-error" for one in links} | set(links) <= set(page.ids)
    assert "A good row.</textarea>" in answer.text
    assert contents(db.engine) == before


def test_a_page_that_does_not_say_what_it_saw_is_not_believed(desk: Desk, house: House) -> None:
    asked(house, "April 2027")
    fields = [one for one in row(1, "Green", **GREEN) if "last_seen" not in one[0]]
    assert desk.send(fields).status_code == 422
    assert desk.entries() == []


def test_markup_and_every_alphabet_are_kept_as_they_were_typed(desk: Desk, house: House) -> None:
    asked(house, "April 2027")
    words = "<script>alert(1)</script> 👩🏽‍🏫 ελληνικά عربى \u0007ok"
    assert desk.send(row(1, "Green", happened=words)).status_code == 302
    assert desk.entries()[0].happened == words.replace("\u0007", "")
    assert "<script>alert(1)" not in desk.client.get("/ashshire/actions/1").text
