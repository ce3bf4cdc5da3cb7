"""A pack as a tagged PDF (PDF/UA-1).

A pack comes in as the value described in `docs/decisions/pdf-engine.md`, version 1. Rendering
happens in a freshly started process with limits on memory and time: the engine must never be
loaded in a process that forks, and nothing in a pack may harm the one that serves pages.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tracker.edges.fonts import FontError, PrintableText, printable_in

WORKER = Path(__file__).with_name("pdf_worker.py")
# Which template prints which document; a value without the key is a pack.
TEMPLATES = {"pack": "pack.typ", "minutes": "minutes.typ", "report": "report.typ"}
# What it can print. 2 keeps more of each action than 1, on paper the two are alike; 3 has parts,
# supplements whose pages go on, and what a further version corrects.
SCHEMAS = (1, 2, 3)

# Not printed as words: names of places in the pack, addresses to follow, drawings. Break
# opportunities inside them would change what they mean.
_UNBROKEN = frozenset(
    {"anchor", "ref", "svg", "kind", "joining_link", "contact", "lang", "align", "rag"}
)
_UNPRINTED = frozenset({"facts"})


class PdfError(Exception):
    """A pack could not be made into a PDF; the message says what is wrong and where."""


@dataclass(frozen=True)
class RenderedPdf:
    """A finished PDF.

    `item_pages` gives, for the anchor of each item and appendix, the page it starts on, counted
    from the front sheet as 1: the number that the agenda prints.
    """

    data: bytes
    pages: int
    item_pages: dict[str, int]


class PdfRenderer(Protocol):
    """Whatever makes a PDF of a pack."""

    def render(self, pack: Mapping[str, object]) -> RenderedPdf:
        """The pack as PDF.

        Raises:
            PdfError: it cannot be rendered.
        """
        ...


@dataclass(frozen=True)
class TypstRenderer:
    """Renders with Typst, one short-lived process for each pack.

    `template_dir` holds `pack.typ`; nothing outside it can be read by a template. `font_dir`
    holds the only fonts used. A render that passes `timeout_seconds` (wall clock) or `memory_mb`
    (address space) is stopped.
    """

    template_dir: Path
    font_dir: Path
    timeout_seconds: float = 60
    memory_mb: int = 1500

    def render(self, pack: Mapping[str, object]) -> RenderedPdf:
        """The pack as a PDF/UA-1 file; the same value gives the same bytes.

        Raises:
            PdfError: the pack is of another schema, names two places alike, or does not fit
                the template; fonts are missing; or a limit was passed.
        """
        _check(pack)
        try:
            text = printable_in(self.font_dir)
        except (FontError, OSError) as error:
            raise PdfError(str(error)) from error
        printable = {k: _printable(v, k, text) for k, v in pack.items() if k not in _UNPRINTED}
        printable["title"] = text.safe(str(pack.get("title", "")))  # shown by readers, not set
        job = {
            "template": str(self.template_dir / TEMPLATES[str(pack.get("document", "pack"))]),
            "template_dir": str(self.template_dir),
            "font_dir": str(self.font_dir),
            "memory_mb": self.memory_mb,
            "cpu_seconds": max(2, round(self.timeout_seconds * 2)),
            "pack": printable,
        }
        return _answer(self._run(json.dumps(job).encode()))

    def _run(self, job: bytes) -> bytes:
        process = subprocess.Popen(
            [sys.executable, "-I", str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Few threads and arenas: each reserves address space, which the limit counts.
            env={"LC_ALL": "C.UTF-8", "RAYON_NUM_THREADS": "2", "MALLOC_ARENA_MAX": "2"},
            start_new_session=True,
        )
        try:
            answer, complaint = process.communicate(job, timeout=self.timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise PdfError(
                f"The pack took longer than {self.timeout_seconds:g} seconds to render."
            ) from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        if process.returncode != 0:
            raise PdfError(_why_it_died(process.returncode, complaint))
        return answer


def _why_it_died(returncode: int, complaint: bytes) -> str:
    said = complaint.decode("utf-8", "replace").strip()
    if returncode == -signal.SIGABRT or "memory" in said:
        return "The pack needs more memory to render than it is allowed."
    if returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return "The pack needs more time or memory to render than it is allowed."
    last = said.splitlines()[-1] if said else f"the renderer ended with code {returncode}"
    return f"The pack could not be made into a PDF: {last}"


def _answer(answer: bytes) -> RenderedPdf:
    line, _, data = answer.partition(b"\n")
    header = json.loads(line)
    if not header["ok"]:
        where = f" ({header['where']})" if header["where"] else ""
        raise PdfError(f"The pack could not be made into a PDF: {header['message']}{where}.")
    return RenderedPdf(data=data, pages=header["pages"], item_pages=dict(header["items"]))


def _check(pack: Mapping[str, object]) -> None:
    if pack.get("schema") not in SCHEMAS:
        raise PdfError(f"This pack is of schema {pack.get('schema')!r}, not one of {SCHEMAS}.")
    if pack.get("document", "pack") not in TEMPLATES:
        raise PdfError(f"There is no template for a document “{pack['document']}”.")
    seen: set[object] = set()
    for key in ("items", "appendices"):
        parts = pack.get(key, ())
        for part in parts if isinstance(parts, Sequence) else ():
            anchor = part.get("anchor") if isinstance(part, Mapping) else None
            if not anchor:
                raise PdfError(f"One of the {key} has no anchor.")
            if anchor in seen:
                raise PdfError(f"Two parts of the pack have the anchor {anchor}.")
            seen.add(anchor)


def _printable(value: object, key: str, text: PrintableText) -> object:
    """`value` with every text in it made safe to print; `key` is the key it stands under."""
    if isinstance(value, str):
        clean: Callable[[str], str] = text.safe if key in _UNBROKEN else text.breakable
        return clean(value)
    if isinstance(value, Mapping):
        return {str(k): _printable(v, str(k), text) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_printable(each, key, text) for each in value]
    return value
