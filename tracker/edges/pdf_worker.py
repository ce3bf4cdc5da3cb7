"""Renders one pack in a process of its own, then ends.

Started by path by `tracker.edges.pdf`, isolated from the caller's modules: it imports the
standard library and `typst` alone. Standard input is one JSON object; standard output is one line
of JSON, then the bytes of the PDF.
"""

import json
import re
import resource
import sys
from typing import Any, BinaryIO


def limit(memory_mb: int, cpu_seconds: int) -> None:
    """Cap this process's address space and processor time; it dies at the second."""
    memory = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def place(diagnostic: str) -> str:
    """File and line of the first spot that a diagnostic points at; empty where it has none."""
    found = re.search(r"([\w-]+\.typ):(\d+)", diagnostic)
    return f"{found[1]}, line {found[2]}" if found else ""


def render(job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The header of an answer and the PDF (empty when the header says `ok` is false)."""
    import typst  # after the limits are set, and never in the parent

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[job["font_dir"]],
    )
    compiler = typst.Compiler(
        job["template"],
        root=job["template_dir"],
        font_paths=fonts,
        sys_inputs={"pack": json.dumps(job["pack"])},
    )
    try:
        data = compiler.compile(format="pdf", pdf_standards=["ua-1"])
        places = json.loads(compiler.query("<places>", field="value", one=True))
    except typst.TypstError as error:
        return {"ok": False, "message": error.message, "where": place(error.diagnostic)}, b""
    if not isinstance(data, bytes):
        return {"ok": False, "message": "the engine gave no PDF", "where": ""}, b""
    return {"ok": True, "pages": places["pages"], "items": places["items"]}, data


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """Read a job, set the limits it asks for, answer."""
    job = json.load(source)
    limit(job["memory_mb"], job["cpu_seconds"])
    try:
        header, data = render(job)
    except MemoryError:
        header, data = {"ok": False, "message": "it needs too much memory", "where": ""}, b""
    sink.write(json.dumps(header).encode() + b"\n" + data)
    sink.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
