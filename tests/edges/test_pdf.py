"""The agenda pack as PDF, from a whole sample pack and from packs that mean harm."""

import copy
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest

from tracker.edges.fonts import PLACEHOLDER
from tracker.edges.pdf import PdfError, RenderedPdf, TypstRenderer

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates" / "packs"
FONTS = ROOT / "tracker" / "static" / "fonts"
SAMPLE = json.loads(Path(__file__).with_name("sample_pack.json").read_text(encoding="utf-8"))

HOSTILE = (
    '#panic("x") *bold* $x$ <label> @item-1 `raw` \\n #read("/etc/passwd") /* c */ '
    "\x00\x1b\ufeff\ud800\uffff\uf0fc \U0001f600\U0001f468\u200d\U0001f469 中文 \u202eabc "
    "عربي ਪੰਜਾਬੀ বাংলা हिन्दी Tŷ a\u0489 \u0301 " + "x" * 300
)


@pytest.fixture(scope="module")
def renderer() -> TypstRenderer:
    assert list(FONTS.glob("*.ttf")), "The fonts are not there: `npm run build` copies them."
    return TypstRenderer(TEMPLATES, FONTS)


@pytest.fixture(scope="module")
def rendered(renderer: TypstRenderer) -> RenderedPdf:
    return renderer.render(SAMPLE)


@pytest.fixture(scope="module")
def pdf(rendered: RenderedPdf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pikepdf.Pdf]:
    path = tmp_path_factory.mktemp("pdf") / "pack.pdf"
    path.write_bytes(rendered.data)
    with pikepdf.open(path) as opened:
        yield opened


@pytest.fixture
def pack() -> dict[str, Any]:
    """A short pack to spoil."""
    short = copy.deepcopy({key: value for key, value in SAMPLE.items() if key != "appendices"})
    short["items"] = short["items"][:2]
    return short


def page_texts(data: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "read.pdf"
    path.write_bytes(data)
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """Every structure element, parents first."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            found.append(node)
            walk(node.get("/K"))

    walk(pdf.Root.StructTreeRoot.K)
    return found


def with_text(pack: dict[str, Any], text: str) -> dict[str, Any]:
    """The pack with `text` in the places where people write."""
    pack["front"]["place"] = text
    pack["items"][0] |= {"title": text, "presenter": text}
    pack["items"][1]["blocks"] = [
        {"kind": "text", "paragraphs": [text]},
        {"kind": "heading", "text": text, "level": 3},
        {"kind": "list", "items": [text]},
        {"kind": "facts", "rows": [[text, text]]},
        {
            "kind": "table",
            "caption": text,
            "columns": [{"title": "Action", "width": 1}, {"title": text, "width": 1}],
            "rows": [
                [text, {"rag": "Red", "note": text}],
                [{"lines": [text, text]}, {"pairs": [[text, text], ["", text]], "foot": text}],
            ],
        },
        SAMPLE["items"][7]["blocks"][5] | {"title": text, "commentary": text, "leads": text},
    ]
    return pack


def test_pack_claims_pdf_ua_and_names_its_title_language_and_author(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["{http://purl.org/dc/elements/1.1/}title"] == SAMPLE["title"]
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.Lang == "en-GB"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert pdf.docinfo["/Author"] == SAMPLE["front"]["partnership"]


def test_tables_have_column_headers_and_charts_have_their_text_alternative(
    pdf: pikepdf.Pdf,
) -> None:
    found = elements(pdf)
    tables = [each for each in found if each.S == "/Table"]
    heads = [each for each in found if each.S == "/THead"]
    assert len(tables) == len(heads) > 5
    for cell in (each for each in found if each.S == "/TH"):
        attributes = cell.A if isinstance(cell.A, pikepdf.Array) else [cell.A]
        assert any(each.get("/Scope") == "/Column" for each in attributes)
    charts = [b["alt"] for i in SAMPLE["items"] for b in i["blocks"] if "svg" in b]
    assert [str(each.Alt) for each in found if each.S == "/Figure"] == charts


def test_every_item_plan_report_and_appendix_has_a_bookmark_on_its_page(
    pdf: pikepdf.Pdf, rendered: RenderedPdf, tmp_path: Path
) -> None:
    path = tmp_path / "pack.pdf"
    path.write_bytes(rendered.data)
    reader = pypdf.PdfReader(path)
    pages = {
        str(entry["/Title"]): (reader.get_destination_page_number(entry) or 0) + 1
        for entry in reader.outline
        if isinstance(entry, pypdf.generic.Destination)
    }
    for item in SAMPLE["items"]:
        assert pages[f"{item['number']}. {item['title']}"] == rendered.item_pages[item["anchor"]]
    for part in SAMPLE["appendices"]:
        title = f"Appendix {part['letter']}. {part['title']}"
        assert pages[title] == rendered.item_pages[part["anchor"]]


def test_links_in_the_agenda_land_on_the_pages_that_it_cites(
    pdf: pikepdf.Pdf, rendered: RenderedPdf, tmp_path: Path
) -> None:
    numbers: dict[object, int] = {page.objgen: n for n, page in enumerate(pdf.pages, 1)}
    names = pikepdf.NameTree(pdf.Root.Names.Dests)
    landed: dict[str, set[int]] = {}
    for link in pdf.pages[1].Annots:
        target = names[str(link.Dest)]
        place = target.D if isinstance(target, pikepdf.Dictionary) else target
        landed.setdefault(str(link.Dest), set()).add(numbers[place[0].objgen])
    assert landed == {anchor: {page} for anchor, page in rendered.item_pages.items()}
    agenda = re.sub(r"\s+", " ", page_texts(rendered.data, tmp_path)[1])
    for item in SAMPLE["items"]:
        minutes = item["minutes"] or "–"
        page = rendered.item_pages[item["anchor"]]
        cited = rf"{item['paper'] or '–'} ?{minutes} ?{page}\b"
        assert re.search(cited, agenda), (item["title"], cited)


def test_every_page_has_text_its_number_and_the_marking_twice(
    rendered: RenderedPdf, tmp_path: Path
) -> None:
    texts = page_texts(rendered.data, tmp_path)
    assert len(texts) == rendered.pages
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {rendered.pages}" in text
        assert text.count("OFFICIAL") >= 2
        assert len(text) > 200, f"page {number} is all but empty"


def test_only_pages_with_wide_tables_lie_on_their_side(
    pdf: pikepdf.Pdf, rendered: RenderedPdf
) -> None:
    wide = [n for n, p in enumerate(pdf.pages, 1) if p.mediabox[2] > p.mediabox[3]]
    start = rendered.item_pages["appendix-a"]
    assert wide[0] == rendered.item_pages["item-9"]
    assert wide[1:] == list(range(start, rendered.pages))


def test_header_row_of_a_long_table_repeats_on_each_of_its_pages(
    rendered: RenderedPdf, tmp_path: Path
) -> None:
    start = rendered.item_pages["appendix-a"]
    for text in page_texts(rendered.data, tmp_path)[start - 1 : -1]:
        assert "Latest update" in text


def test_a_rating_is_always_printed_as_a_word(rendered: RenderedPdf, tmp_path: Path) -> None:
    text = "\n".join(page_texts(rendered.data, tmp_path))
    for word in ("Red", "Amber", "Green", "Blue", "Grey"):
        assert len(re.findall(rf"\b{word}\b", text)) >= 2


def test_the_ratings_are_explained_once_at_the_end(rendered: RenderedPdf, tmp_path: Path) -> None:
    texts = page_texts(rendered.data, tmp_path)
    said = [n for n, text in enumerate(texts, 1) if SAMPLE["definitions"]["title"] in text]
    assert said == [len(texts)]


def test_the_same_pack_gives_the_same_bytes(renderer: TypstRenderer, rendered: RenderedPdf) -> None:
    assert renderer.render(SAMPLE).data == rendered.data


def test_draft_is_said_on_every_page_and_no_marking_where_none_is_set(
    renderer: TypstRenderer, pack: dict[str, Any], tmp_path: Path
) -> None:
    pack["draft"] = True
    pack["front"]["marking"] = None
    for text in page_texts(renderer.render(pack).data, tmp_path):
        assert "DRAFT" in text
        assert "OFFICIAL" not in text


def test_hostile_text_prints_inert_in_every_place(
    renderer: TypstRenderer, pack: dict[str, Any], tmp_path: Path
) -> None:
    out = renderer.render(with_text(pack, HOSTILE))
    text = "".join(page_texts(out.data, tmp_path))
    flat = re.sub(r"\s+", " ", text)
    for inert in ('#panic("x")', "*bold*", "$x$", "<label>", "@item-1", "`raw`", "\\n", "#read("):
        assert flat.count(inert) > 8, inert
    assert PLACEHOLDER in flat
    assert "root:" not in flat


def test_a_javascript_joining_link_is_text_and_no_link(
    renderer: TypstRenderer, pack: dict[str, Any]
) -> None:
    pack["front"] |= {"joining_link": "javascript:alert(1)", "contact": "a; b"}
    assert b"/URI" not in renderer.render(pack).data


def test_facts_kept_for_comparison_are_not_in_the_pdf(
    renderer: TypstRenderer, pack: dict[str, Any]
) -> None:
    pack["facts"] = {"secret": "\ud800" * 10}
    with_facts = renderer.render(pack).data
    del pack["facts"]
    assert renderer.render(pack).data == with_facts


def test_rows_and_headers_taller_than_a_page_still_end(
    renderer: TypstRenderer, pack: dict[str, Any]
) -> None:
    tall = "word " * 1500
    pack["items"][0]["blocks"] = [
        {
            "kind": "table",
            "caption": None,
            "wide": wide,
            "columns": [{"title": title, "width": 1}, {"title": "B", "width": 3}],
            "rows": [[tall, "b"], ["a", tall]],
        }
        for wide in (False, True)
        for title in ("A", tall)
    ]
    assert renderer.render(pack).pages < 80


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ({"schema": 99}, "schema 99"),
        ({"items": [{"anchor": "a"}, {"anchor": "a"}]}, "anchor a"),
        ({"items": [{"title": "Untitled"}]}, "no anchor"),
        ({"items": [SAMPLE["items"][0] | {"blocks": [{"kind": "sonnet"}]}]}, "sonnet"),
        ({"front": {"board": "Board"}}, "partnership"),
    ],
)
def test_a_pack_that_does_not_fit_the_template_gives_a_plain_error(
    renderer: TypstRenderer, pack: dict[str, Any], spoil: dict[str, Any], said: str
) -> None:
    with pytest.raises(PdfError, match=said) as caught:
        renderer.render(pack | spoil)
    assert str(ROOT) not in str(caught.value)


def test_empty_values_and_an_action_without_rating_still_print(
    renderer: TypstRenderer, pack: dict[str, Any], tmp_path: Path
) -> None:
    columns = [{"title": "Action", "width": 1}, {"title": "Rating", "width": 1}]
    pack["items"][0]["blocks"] = [
        {"kind": "table", "columns": columns, "rows": [], "wide": True, "empty": "None at all."},
        {"kind": "table", "columns": columns, "rows": [["", {"rag": None}], [{"lines": []}, None]]},
        {"kind": "table", "columns": columns, "rows": [["a", {"text": "b", "ref": "nowhere"}]]},
        {"kind": "list", "items": []},
        {"kind": "facts", "rows": [["Label", None]]},
    ]
    pack["items"][1] |= {"presenter": None, "paper": None, "minutes": None, "blocks": []}
    text = "\n".join(page_texts(renderer.render(pack).data, tmp_path))
    assert "None at all." in text
    assert "Not rated" in text


def test_a_row_with_too_few_cells_is_refused(renderer: TypstRenderer, pack: dict[str, Any]) -> None:
    columns = [{"title": "Action", "width": 1}, {"title": "Rating", "width": 1}]
    pack["items"][0]["blocks"] = [{"kind": "table", "columns": columns, "rows": [["a"]]}]
    with pytest.raises(PdfError, match="Action, Rating has 1 cells"):
        renderer.render(pack)


def test_a_template_error_names_file_and_line(pack: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "pack.typ").write_text('\n#panic("no such thing")\n', encoding="utf-8")
    with pytest.raises(PdfError, match=r"no such thing.*\(pack\.typ, line 2\)"):
        TypstRenderer(tmp_path, FONTS).render(pack)


def children() -> list[str]:
    """Command lines of this process's children that are renderers."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes().decode()
        except OSError:
            continue
        if parent == os.getpid() and "pdf_worker" in command:
            found.append(command)
    return found


def test_a_render_that_takes_too_long_is_killed(pack: dict[str, Any], tmp_path: Path) -> None:
    endless = "#for a in range(100000) { for b in range(100000) { let c = a * b } }"
    (tmp_path / "pack.typ").write_text(endless, encoding="utf-8")
    started = time.monotonic()
    with pytest.raises(PdfError, match=r"longer than 0\.7 seconds"):
        TypstRenderer(tmp_path, FONTS, timeout_seconds=0.7).render(pack)
    assert time.monotonic() - started < 5
    assert children() == []


def test_a_render_that_takes_too_much_memory_is_stopped(
    pack: dict[str, Any], tmp_path: Path
) -> None:
    greedy = '#let hoard = range(100000).map(n => str(n) * 10000)\n#hoard.join("")'
    (tmp_path / "pack.typ").write_text(greedy, encoding="utf-8")
    with pytest.raises(PdfError, match="more memory"):
        TypstRenderer(tmp_path, FONTS, memory_mb=400).render(pack)


def test_missing_fonts_are_said_plainly(pack: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(PdfError, match="no fonts"):
        TypstRenderer(TEMPLATES, tmp_path).render(pack)
