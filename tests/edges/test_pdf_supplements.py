"""Pages of a supplement go on from the pack's; packs of every schema are printed."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tracker.app import ROOT, TEMPLATES
from tracker.edges.pdf import SCHEMAS, TypstRenderer

SAMPLE = Path(__file__).with_name("sample_pack.json")
RENDERER = TypstRenderer(TEMPLATES / "packs", ROOT / "static" / "fonts")


def small(**changes: Any) -> dict[str, Any]:
    """The sample pack with its first items alone."""
    pack: dict[str, Any] = json.loads(SAMPLE.read_text())
    return {**pack, "items": pack["items"][:2], "appendices": [], **changes}


def test_pages_go_on_from_the_pack_and_are_counted_for_themselves() -> None:
    pack = small(schema=3)
    pack["front"] |= {"supplement": "Supplement 1 to the pack.", "changes": "What changed: x"}
    alone = RENDERER.render(pack)
    going_on = RENDERER.render({**pack, "first_page": 43})
    assert going_on.pages == alone.pages
    assert {key: page + 42 for key, page in alone.item_pages.items()} == going_on.item_pages
    with pikepdf.open(BytesIO(going_on.data)) as pdf:
        assert len(pdf.pages) == alone.pages


@pytest.mark.parametrize("schema", SCHEMAS)
def test_packs_of_every_schema_are_printed(schema: int) -> None:
    assert RENDERER.render(small(schema=schema)).data.startswith(b"%PDF-")
