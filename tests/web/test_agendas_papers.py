"""Papers: reports written in the form of a cover sheet, files looked into, who may read them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.agenda_models import AgendaItem, Paper, PaperKind
from governance.agendas.paper_rules import ACTS, HOLDS_FILES, UNTAGGED
from governance.documents import draft
from governance.models import Meeting
from governance.queries import agenda
from tests.factories import House
from tests.pages import Visitor, read
from tracker.edges.attachments import FileState, look_into
from tracker.people.board_models import BoardRole

SignIn = Callable[[Visitor, str], None]
SECRETARY, MEMBER = "secretary@ashshire.example", "member@ashshire.example"
AGENDA = "/ashshire/boards/trust-board/meetings/2026-12-08/agenda"
REPORT = {
    "version": "1",
    "title": "The budget for hubs",
    "author": "Ann Author",
    "summary": "The hubs need money.",
    "recommendations": "1. Agree the budget\n2. Note the risk",
    **dict.fromkeys(("financial", "legal", "equality", "safeguarding"), "None known"),
    **dict.fromkeys(("childrens_voice", "risk"), "Some"),
    "text": "First.\n\nSecond.",
}


@pytest.fixture
def item(client: Visitor, house: House, sign_in: SignIn) -> AgendaItem:
    """An item of the meeting on 8 December 2026, with its secretary signed in."""
    house.person(SECRETARY, seat=BoardRole.SECRETARY)
    house.person(MEMBER, seat=BoardRole.MEMBER)
    house.cycle()
    found = agenda(house.session, house.meetings()[0])[3]
    house.session.commit()
    sign_in(client, SECRETARY)
    return found


def pdf(
    *, pages: int = 2, tagged: bool = True, script: bool = False, files: bool = False, key: str = ""
) -> bytes:
    """A small PDF."""
    made, sink = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page()
    if tagged:
        made.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        made.Root.StructTreeRoot = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot)
    if script:
        made.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('hello')")
        )
    if files:
        made.attachments["secret.txt"] = b"inside"
    locks = pikepdf.Encryption(owner=key, user=key) if key else False
    made.save(sink, encryption=locks)
    return sink.getvalue()


def attach(client: Visitor, item: AgendaItem, data: bytes, name: str = "paper.pdf") -> TestResponse:
    """Send a file."""
    sent = {"version": "1", "title": "Figures", "file": (BytesIO(data), name)}
    return client.post(
        f"{AGENDA}/items/{item.uid}/papers/file",
        data=sent,
        content_type="multipart/form-data",
        follow_redirects=True,
    )


def kept(house: House) -> Paper:
    """The only paper, as it is kept."""
    house.session.expire_all()
    found = house.session.scalars(select(Paper).where(Paper.partnership_id == house.tenant)).one()
    house.session.commit()
    return found


def blocks(house: House, item: AgendaItem) -> str:
    """What the pack prints for an item."""
    meeting = house.session.scalars(
        select(Meeting).where(Meeting.partnership_id == house.tenant).order_by(Meeting.starts_at)
    ).first()
    assert meeting is not None
    value = draft(house.session, meeting, as_at=house.now)
    house.session.commit()
    return str(next(one for one in value["items"] if one["title"] == item.title)["blocks"])


@pytest.mark.parametrize(
    ("made", "state", "pages"),
    [
        (pdf(), FileState.SOUND, 2),
        (pdf(key="sesame"), FileState.ENCRYPTED, 0),
        (b"Dear colleague", FileState.NOT_A_PDF, 0),
        (b"%PDF-1.7\nnot really", FileState.DAMAGED, 0),
        (pdf()[:300], FileState.DAMAGED, 0),
    ],
)
def test_a_file_is_looked_into_where_it_can_do_no_harm(
    made: bytes, state: FileState, pages: int
) -> None:
    found = look_into(made)
    assert (found.state, found.pages) == (state, pages)


def test_what_acts_by_itself_and_what_is_inside_a_file_is_found() -> None:
    assert look_into(pdf()).is_tagged
    plain = look_into(pdf(tagged=False))
    assert (plain.is_tagged, plain.acts, plain.holds_files) == (False, False, False)
    assert look_into(pdf(script=True)).acts
    assert look_into(pdf(files=True)).holds_files


def test_a_file_that_takes_too_long_to_look_into_counts_as_damaged() -> None:
    assert look_into(pdf(), timeout_seconds=0.001).state is FileState.DAMAGED


def test_an_attached_file_is_kept_with_its_pages_and_what_was_found(
    client: Visitor, house: House, item: AgendaItem
) -> None:
    data = pdf(tagged=False, script=True, files=True)
    answer = attach(client, item, data, name="../mine/Bud<get> 2026.PDF")
    assert answer.status_code == 200
    text = read(answer.text).text
    assert "PDF, 2 pages" in text
    for words in (UNTAGGED, ACTS, HOLDS_FILES):
        assert words in text
    paper = kept(house)
    assert (paper.kind, paper.file_name, paper.file_pages) == (
        PaperKind.FILE,
        "Bud get 2026.pdf",
        2,
    )
    assert "Attached: Bud get 2026.pdf, 2 pages" in blocks(house, item)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear colleague", "This file is not a PDF."),
        (pdf(key="sesame"), "This PDF is protected"),
        (b"%PDF-1.7\nnot really", "This PDF cannot be read"),
        (b"%PDF-" + b"0" * (25 * 1024 * 1024), "larger than 25 megabytes"),
    ],
)
def test_a_file_that_cannot_stand_in_a_pack_is_refused_with_what_to_do(
    client: Visitor, house: House, item: AgendaItem, data: bytes, words: str
) -> None:
    answer = attach(client, item, data)
    assert answer.status_code == 422
    assert words in read(answer.text).text
    assert 'value="Figures"' in answer.text
    assert (
        house.session.scalar(select(Paper.id).where(Paper.partnership_id == house.tenant)) is None
    )


def test_a_paper_may_be_announced_as_to_follow_and_given_its_file_later(
    client: Visitor, house: House, item: AgendaItem
) -> None:
    place = f"{AGENDA}/items/{item.uid}/papers/file"
    answer = client.send(place, version="1", title="Figures")
    assert "Choose a PDF file, or announce the paper as to follow" in read(answer.text).text
    client.send(place, version="1", title="Figures", is_to_follow="y")
    paper = kept(house)
    assert paper.is_to_follow
    assert "To follow." in blocks(house, item)
    client.post(
        f"{AGENDA}/papers/{paper.uid}",
        data={"version": "1", "title": "Figures", "file": (BytesIO(pdf()), "a.pdf")},
        content_type="multipart/form-data",
    )
    paper = kept(house)
    assert (paper.is_to_follow, paper.file_pages) == (False, 2)


def test_a_report_is_printed_with_its_cover_sheet(
    client: Visitor, house: House, item: AgendaItem
) -> None:
    answer = client.send(f"{AGENDA}/items/{item.uid}/papers/report", **REPORT)
    assert "The paper is on the agenda." in read(answer.text).text
    printed = blocks(house, item)
    assert "1. Agree the budget" in printed
    assert "2. Note the risk" in printed
    assert "['Financial', 'None known']" in printed
    assert "['Children’s voice', 'Some']" in printed
    assert "['First.', 'Second.']" in printed


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"summary": "word " * 121}, "The summary has 121 words. Use 120 or fewer"),
        ({"summary": ""}, "Give a summary"),
        ({"recommendations": "1. \n-"}, "Give at least one recommendation"),
        ({"risk": " "}, "Give the risks. Type “None” where there are none."),
        ({"childrens_voice": ""}, "Say what children and young people told you."),
        ({"text": "x" * 20001}, "Use 20,000 characters or fewer"),
    ],
)
def test_what_a_report_lacks_is_said_and_the_rest_is_kept(
    client: Visitor, item: AgendaItem, values: dict[str, str], words: str
) -> None:
    answer = client.post(f"{AGENDA}/items/{item.uid}/papers/report", data=REPORT | values)
    assert answer.status_code == 422
    assert words in read(answer.text).text
    assert "Ann Author" in answer.text


def test_of_two_who_change_a_report_the_second_loses_nothing(
    client: Visitor, house: House, item: AgendaItem
) -> None:
    client.send(f"{AGENDA}/items/{item.uid}/papers/report", **REPORT)
    place = f"{AGENDA}/papers/{kept(house).uid}"
    client.send(place, **REPORT | {"summary": "Theirs."})
    answer = client.post(place, data=REPORT | {"summary": "Mine."})
    assert answer.status_code == 409
    assert "Theirs." in read(answer.text).text
    assert "Mine." in answer.text
    client.send(place, **REPORT | {"summary": "Mine.", "version": "2"})
    assert kept(house).summary == "Mine."


def test_a_draft_paper_is_for_who_prepares_the_pack_and_a_published_one_for_members(
    client: Visitor, house: House, item: AgendaItem, sign_in: SignIn
) -> None:
    data = pdf()
    attach(client, item, data, name='we"ird\r\nname.pdf')
    paper = kept(house)
    place = f"{AGENDA}/papers/{paper.uid}/file"
    answer = client.get(place)
    assert answer.data == data
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    client.post("/sign-out")
    sign_in(client, MEMBER)
    assert client.get(place).status_code == 403
    paper.reference = "TB/2026-12/04"
    house.session.commit()
    assert client.get(place).data == data
    paper.is_confidential = True
    house.session.commit()
    assert client.get(place).status_code in (403, 404)


def test_a_published_paper_is_neither_replaced_nor_taken_away(
    client: Visitor, house: House, item: AgendaItem
) -> None:
    attach(client, item, pdf())
    paper = kept(house)
    paper.reference = "TB/2026-12/04"
    house.session.commit()
    place = f"{AGENDA}/papers/{paper.uid}"
    answer = client.send(f"{place}/remove")
    assert "This paper is in the published pack." in read(answer.text).text
    answer = client.post(
        place,
        data={"version": "2", "title": "Other", "file": (BytesIO(pdf(pages=3)), "a.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 422
    paper.reference = None
    house.session.commit()
    client.send(f"{place}/remove")
    assert (
        house.session.scalar(select(Paper.id).where(Paper.partnership_id == house.tenant)) is None
    )


def test_only_the_views_that_take_files_read_large_requests(
    client: Visitor, item: AgendaItem
) -> None:
    large = {"version": "1", "title": "A", "file": (BytesIO(b"x" * 3_000_000), "a.pdf")}
    answer = client.post(f"{AGENDA}/add", data=large, content_type="multipart/form-data")
    assert answer.status_code == 413
