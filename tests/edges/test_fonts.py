"""Text made safe for the fonts that are shipped."""

from pathlib import Path

import pytest

from tracker.edges.fonts import LONG_RUN, FontError, printable_in

FONTS = Path(__file__).parents[2] / "tracker" / "static" / "fonts"


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "false.ttf").write_bytes(b"<html>not a font</html>")
    with pytest.raises(FontError, match=r"false\.ttf"):
        printable_in(tmp_path)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("e\u0301a", "\u00e9a"),
        ("Tŷ Ŵyn – “£5”", "Tŷ Ŵyn – “£5”"),
        ("a\x00b\x1bc", "a□b□c"),
        ("\ufeffa\u202eb", "ab"),
        ("a\ud800b", "a□b"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "□"),
        ("中文", "□□"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("ਪੰਜਾਬੀ বাংলা عربي हिन्दी", "ਪੰਜਾਬੀ বাংলা عربي हिन्दी"),
    ],
)
def test_text_becomes_what_the_fonts_can_draw(text: str, printed: str) -> None:
    assert printable_in(FONTS).safe(text) == printed


def test_long_runs_get_break_opportunities_and_ordinary_words_do_not() -> None:
    text = printable_in(FONTS)
    broken = text.breakable("a" * 300)
    assert max(map(len, broken.split("\u200b"))) <= LONG_RUN
    assert broken.replace("\u200b", "") == "a" * 300
    assert text.breakable("Safeguarding arrangements") == "Safeguarding arrangements"
