"""Which characters the shipped fonts can draw, and text made safe for them.

A tagged PDF may not hold a character that no font can draw, and some characters (NUL, a byte
order mark, half of a surrogate pair) may not stand in one at all: either would fail a whole
pack. `PrintableText` replaces such characters before a renderer sees them.
"""

import functools
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PLACEHOLDER = "\N{WHITE SQUARE}"
"""Stands where a character was that no shipped font can draw."""

BREAK = "\N{ZERO WIDTH SPACE}"
LONG_RUN = 25
"""Longest unbroken run, in characters, that is left without break opportunities."""

LONGEST_PIECE = 18

# Tabs and line ends are white space to keep; joiners shape Indic and Arabic words.
_KEPT_CONTROLS = frozenset("\t\n")
_KEPT_FORMATS = frozenset("\u00ad\u200b\u200c\u200d")
# The character before comes along: a mark is drawn with what it stands on.
_DOUBTFUL = re.compile(
    r".?[^\n\t\x20-\x7e\u00a0-\u00ac\u00ae-\u00ff\u2013\u2014\u2018-\u201d\u2026]+", re.DOTALL
)
_LONG_RUN = re.compile(rf"[^\s\u200b\u00ad]{{{LONG_RUN + 1},}}")
_NATURAL_BREAK = re.compile(r"(?<=[/._\-=&?@,;:+)])")


class FontError(Exception):
    """The shipped fonts are missing or cannot be read; the message is fit to show."""


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def _u32(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _format_4(data: bytes, at: int) -> Iterator[int]:
    """Codepoints of a segment table that map to a real glyph."""
    count = _u16(data, at + 6) // 2
    ends, starts = at + 14, at + 16 + 2 * count
    deltas, offsets = starts + 2 * count, starts + 4 * count
    for i in range(count):
        first, last = _u16(data, starts + 2 * i), _u16(data, ends + 2 * i)
        delta, offset_at = _u16(data, deltas + 2 * i), offsets + 2 * i
        offset = _u16(data, offset_at)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = _u16(data, offset_at + offset + 2 * (code - first)) if offset else code
            if glyph and (glyph + delta) & 0xFFFF:
                yield code


def _format_12(data: bytes, at: int) -> Iterator[int]:
    """Codepoints of a grouped table that covers all planes."""
    for i in range(_u32(data, at + 12)):
        first, last, glyph = struct.unpack_from(">III", data, at + 16 + 12 * i)
        yield from range(first if glyph else first + 1, last + 1)


def font_coverage(path: Path) -> frozenset[int]:
    """Codepoints that one TTF or OTF file maps to a glyph.

    Follows the OpenType `cmap` table, subtable formats 4 and 12, which between them are all
    that fonts made this century use for Unicode.

    Raises:
        FontError: the file is not a font, is cut short, or has no Unicode table.
    """
    data = path.read_bytes()
    try:
        for i in range(_u16(data, 4)):
            tag, _, start, _ = struct.unpack_from(">4sIII", data, 12 + 16 * i)
            if tag == b"cmap":
                break
        else:
            raise FontError(f"{path.name} is not a font: it has no character table.")
        codes: set[int] = set()
        for i in range(_u16(data, start + 2)):
            platform, _, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * i)
            kind = _u16(data, start + offset)
            if platform in (0, 3) and kind == 4:
                codes.update(_format_4(data, start + offset))
            elif platform in (0, 3) and kind == 12:
                codes.update(_format_12(data, start + offset))
    except struct.error as error:
        raise FontError(f"{path.name} is not a font, or is cut short.") from error
    if not codes:
        raise FontError(f"{path.name} has no Unicode character table that can be read.")
    return frozenset(codes)


def _clusters(text: str) -> Iterator[str]:
    """A character with the marks, joiners and selectors that are drawn with it."""
    cluster = ""
    for char in text:
        joined = unicodedata.category(char).startswith("M") or char in "\u200c\u200d"
        if cluster and (joined or cluster[-1] == "\u200d"):
            cluster += char
        else:
            if cluster:
                yield cluster
            cluster = char
    if cluster:
        yield cluster


@dataclass(frozen=True)
class PrintableText:
    """Makes text safe to print with one set of fonts.

    `fonts` holds the codepoints of each font. A cluster must be drawn by one font alone, so the
    sets are kept apart rather than joined.
    """

    fonts: tuple[frozenset[int], ...]

    def _cluster(self, cluster: str) -> str:
        category = unicodedata.category(cluster[0])
        if cluster[0] in _KEPT_CONTROLS or cluster in _KEPT_FORMATS:
            return cluster
        if category in ("Zl", "Zp"):
            return "\n"
        if category == "Cf":
            return "".join(self._cluster(rest) for rest in _clusters(cluster[1:]))
        if category in ("Cc", "Cs", "Co", "Cn"):
            return PLACEHOLDER
        drawn = {ord(c) for c in cluster if c not in _KEPT_FORMATS}
        return cluster if any(drawn <= font for font in self.fonts) else PLACEHOLDER

    def _doubtful(self, found: re.Match[str]) -> str:
        return "".join(self._cluster(cluster) for cluster in _clusters(found.group()))

    def safe(self, text: str) -> str:
        """`text` in NFC, each character either drawable or `PLACEHOLDER`.

        Byte order marks and direction overrides vanish; other control characters, half
        surrogates, private-use characters, noncharacters and whatever no font covers become
        the placeholder, one for each character seen (an emoji of several codepoints is one).
        """
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        return _DOUBTFUL.sub(self._doubtful, text)

    def breakable(self, text: str) -> str:
        """`safe(text)` in which no unbroken run is longer than `LONG_RUN` characters."""
        return _LONG_RUN.sub(_with_breaks, self.safe(text))


def _with_breaks(found: re.Match[str]) -> str:
    chunks = [""]
    for piece in _NATURAL_BREAK.split(found.group()):
        if len(chunks[-1]) + len(piece) > LONGEST_PIECE:
            chunks.append("")
        for cluster in _clusters(piece):
            if len(chunks[-1]) >= LONGEST_PIECE:
                chunks.append("")
            chunks[-1] += cluster
    return BREAK.join(chunk for chunk in chunks if chunk)


def printable_with(fonts: Iterable[Path]) -> PrintableText:
    """The text filter for these font files, read once each."""
    return PrintableText(tuple(dict.fromkeys(font_coverage(path) for path in sorted(fonts))))


@functools.lru_cache(maxsize=8)
def printable_in(font_dir: Path) -> PrintableText:
    """The text filter for every TTF and OTF file in a folder; kept for the life of the process.

    Raises:
        FontError: the folder holds no font, or one that cannot be read.
    """
    files = [path for path in font_dir.glob("*") if path.suffix.lower() in (".ttf", ".otf")]
    if not files:
        raise FontError(f"There are no fonts in {font_dir}: packs cannot be rendered.")
    return printable_with(files)
