"""What is known of a PDF that somebody attached, found out where it can do no harm.

The file is opened in a freshly started process with limits on memory and time: what strangers
send is never parsed in the process that serves pages.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

WORKER = Path(__file__).with_name("attachment_worker.py")
TIMEOUT_SECONDS = 30


class FileState(StrEnum):
    """Whether a file can be read."""

    SOUND = "sound"
    NOT_A_PDF = "not a PDF"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class PdfFacts:
    """What a PDF is: its state, pages, whether it is tagged, acts by itself, holds other files."""

    state: FileState
    pages: int = 0
    is_tagged: bool = False
    acts: bool = False
    holds_files: bool = False


def look_into(data: bytes, *, timeout_seconds: float = TIMEOUT_SECONDS) -> PdfFacts:
    """What a file is; one that cannot be read within the limits is damaged."""
    # The standard asks for the mark in the first 1024 bytes, and readers take it there.
    if b"%PDF-" not in data[:1024]:
        return PdfFacts(FileState.NOT_A_PDF)
    process = subprocess.Popen(
        [sys.executable, "-I", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(data, timeout=timeout_seconds)
    except subprocess.TimeoutExpired:
        return PdfFacts(FileState.DAMAGED)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode != 0:
        return PdfFacts(FileState.DAMAGED)
    found = json.loads(answer)
    return PdfFacts(**(found | {"state": FileState(found["state"])}))
