"""Words are found in every form that they were copied in, and nothing else is touched."""

from __future__ import annotations

import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.restricted.gaps import (
    Words,
    fingerprint,
    fingerprints,
    found_again,
    sentences,
    strings_in,
)
from governance.restricted.rules import SCHEDULE_12A, wanting

GAP = "[gap]"
letters = st.text(alphabet="abcdefgh'\"&<é’", min_size=3, max_size=8)
texts = st.lists(letters, min_size=6, max_size=9).map(lambda words: " ".join(words) + ".")


@given(texts, st.sampled_from([str, html.escape, json.dumps, lambda one: json.dumps([one])]))
def test_words_go_from_whatever_they_were_copied_into(text: str, copied: object) -> None:
    assert callable(copied)
    held = f"Before {copied(text)} after"
    left = Words.of(text).without(held, GAP)
    assert GAP in left
    assert copied(text) not in left
    assert left.startswith("Before ")
    assert left.endswith(" after")


@given(texts, texts)
def test_a_json_value_keeps_its_shape_and_what_else_it_says(text: str, other: str) -> None:
    value = {"a": [text, {"b": other, "c": 3}], "d": None}
    left = Words.of(text).redacted(value, GAP)
    assert left["a"][0] == GAP
    assert left["a"][1]["c"] == 3
    assert (left["a"][1]["b"] == other) or text in other


@given(texts, texts)
def test_words_are_found_again_by_their_fingerprints_alone(text: str, other: str) -> None:
    prints = frozenset(fingerprints(f"{text}\n{other}"))
    held = found_again([f"Something else. {text}", "Unlike it"], prints)
    assert held is not None
    assert text not in held.without(f"<p>{text}</p>", GAP)


@pytest.mark.parametrize(
    "common", ["Done", "No change.", "Good progress. Jamie is well.", "To be confirmed"]
)
def test_short_sentences_that_others_write_too_stay_with_them(common: str) -> None:
    words = Words.of(f"{common} Zebedee Quince moved to another school in May.")
    assert words.without(f"We say: {common}", GAP) == f"We say: {common}"


def test_spacing_does_not_change_a_fingerprint() -> None:
    assert fingerprint("Ann  left\nhome. ") == fingerprint("Ann left home.")
    assert sentences("One. Two!\nThree") == ["One.", "Two!", "Three"]


def test_texts_inside_json_inside_texts_are_read() -> None:
    value = json.dumps({"said": json.dumps({"happened": "Deep"})})
    assert "Deep" in set(strings_in(value))


@pytest.mark.parametrize(
    ("law", "paragraph", "reason", "fields"),
    [
        (False, None, None, set()),
        (False, 9, None, {"paragraph"}),
        (True, None, None, {"paragraph", "reason"}),
        (True, 2, " ", {"reason"}),
        (True, None, "It names a child", {"paragraph"}),
        (True, 2, "It names a child", set()),
    ],
)
def test_by_law_a_ground_is_given(
    law: bool, paragraph: int | None, reason: str | None, fields: set[str]
) -> None:
    assert set(wanting(access_law=law, paragraph=paragraph, reason=reason)) == fields
    assert set(SCHEDULE_12A) == set(range(1, 8))
