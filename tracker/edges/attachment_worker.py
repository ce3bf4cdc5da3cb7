"""Looks into one PDF in a process of its own, then ends.

Started by path by `tracker.edges.attachments`, isolated from the caller's modules: it imports the
standard library and `pikepdf` alone. Standard input is the file; standard output is one line of
JSON.
"""

import io
import json
import resource
import sys
from typing import Any, BinaryIO

MEMORY_MB, CPU_SECONDS = 1500, 20
# Names of things that act by themselves when a file is opened or read.
ACTS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Movie", "/RichMediaExecute"}


def limit() -> None:
    """Cap this process's address space and processor time; it dies at the second."""
    memory = MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(data: bytes) -> dict[str, Any]:
    """What there is to say of a file."""
    import pikepdf  # after the limits are set, and never in the parent

    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        return {"state": "encrypted"}
    except pikepdf.PdfError:
        return {"state": "damaged"}
    with pdf:
        # A file that opens without a password may still forbid to copy, print or bind it in.
        if pdf.is_encrypted:
            return {"state": "encrypted"}
        try:
            pages = len(pdf.pages)
            mark: Any = pdf.Root.get("/MarkInfo", {})
            is_tagged = bool(mark.get("/Marked", False)) and "/StructTreeRoot" in pdf.Root
            acts, holds_files = _inside(pdf, pikepdf)
        except (pikepdf.PdfError, AttributeError, TypeError, ValueError, KeyError):
            return {"state": "damaged"}
    if pages == 0:
        return {"state": "damaged"}
    return {
        "state": "sound",
        "pages": pages,
        "is_tagged": is_tagged,
        "acts": acts,
        "holds_files": holds_files,
    }


def _inside(pdf: Any, pikepdf: Any) -> tuple[bool, bool]:
    """Whether anything in a file acts by itself, and whether other files are in it."""
    acts, holds_files = False, False
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            one = one.stream_dict
        if not isinstance(one, pikepdf.Dictionary):
            continue
        acts = acts or _acts(one, pikepdf, 0)
        kind = str(one.get("/Type", ""))
        holds_files = holds_files or kind in ("/Filespec", "/EmbeddedFile") or "/EF" in one
    names = pdf.Root.get("/Names", None)
    if isinstance(names, pikepdf.Dictionary):
        acts = acts or "/JavaScript" in names
        holds_files = holds_files or "/EmbeddedFiles" in names
    return acts, holds_files


def _acts(one: Any, pikepdf: Any, depth: int) -> bool:
    """Whether a dictionary, or one that stands in it, is something that acts."""
    if str(one.get("/S", "")) in ACTS or "/JS" in one:
        return True
    if depth > 8:
        return False
    # What is an object of its own is looked at by itself.
    return any(
        _acts(each, pikepdf, depth + 1)
        for _, each in one.items()
        if isinstance(each, pikepdf.Dictionary) and not each.is_indirect
    )


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Read a file, look into it, answer."""
    data = source.read()
    limit()
    try:
        found = look(data)
    except (MemoryError, RecursionError):
        found = {"state": "damaged"}
    sink.write(json.dumps(found).encode())
    sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
