"""All that an answer says, also inside its files."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pypdf
from werkzeug.test import TestResponse


def read_all(response: TestResponse) -> str:
    """All that an answer says: its headers, its text, and whatever its file holds inside."""
    said = [str(response.headers), response.request.path]
    said.append(response.data.decode("latin-1"))
    if response.mimetype == "application/pdf" and b"%%EOF" in response.data:
        said.append(inside_pdf(response.data))  # what a test filed for a PDF may be none
    elif response.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(response.data)) as opened:
            said += [one.filename for one in opened.infolist()]
            said += [opened.read(one).decode("utf-8", "replace") for one in opened.infolist()]
    else:
        said.append(response.data.decode("utf-8", "replace"))
    return "\n".join(said)


def inside_pdf(data: bytes) -> str:
    """The text of a PDF, its metadata, bookmarks, attachments, and every stream of it."""
    read = pypdf.PdfReader(io.BytesIO(data))
    said = [page.extract_text() for page in read.pages]
    said += [str(read.metadata), str(read.outline), str(list(read.attachments.items()))]
    with pikepdf.open(io.BytesIO(data)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream):
                try:
                    said.append(thing.read_bytes().decode("latin-1"))
                except pikepdf.PdfError:
                    said.append(thing.read_raw_bytes().decode("latin-1"))
            else:
                said.append(str(thing))
    return "\n".join(said)
