"""What a file is, is decided by its bytes; what is bad is refused in a sentence; what is made for a panel says nothing of its maker."""

import asyncio
import time
import zlib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdfium2 import PdfDocument

from conference.calls.cleaning import cleaned_document
from conference.calls.definition import Definition
from conference.calls.file_rules import harmless_name
from conference.calls.file_tables import FileKind
from conference.calls.hidden import hide_of
from conference.calls.sniffing import kind_of
from conference.documents.anew import Unreadable, set_anew
from conference.errors import Invalid
from conference.people.tables import Person
from tests.calls.cast import DEFINITION, OPENS
from tests.calls.files.cast import ADDRESS, DOCX, DOCX_PARTS, MARK, NAME, ODT, ODT_PARTS, ODT_TYPE, opened, packed, pdf
from tests.speaking.cast import BOMB, ESCAPING, ODP, PPTX, ZIP, picture

HTML = b"<!doctype html><script>alert(1)</script>"
PDF = pdf()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (DOCX, "docx"), (ODT, "odt"), *((picture(kind=kind), "jpeg") for kind in ("JPEG", "PNG", "WEBP"))],
    ids=["pdf", "docx", "odt", "jpeg", "png", "webp"],
)
def test_what_it_is_by_its_bytes(content: bytes, kind: str) -> None:
    assert kind_of(BytesIO(content)) is FileKind(kind)


PACKED = b"<</Type/ObjStm/Filter/FlateDecode>>stream\n%b\nendstream %%%%EOF"


def with_program(where: bytes) -> bytes:
    return PDF.replace(b"/Type/Catalog", b"/Type/Catalog" + where, 1) if b"/Type/Catalog" in PDF else PDF + where + b"\n%%EOF"


def test_packed_bytes_that_look_like_a_name_by_chance_are_no_program() -> None:
    assert kind_of(BytesIO(PDF + b"stream\n\x9b/JS \x01/AA#4a/XFA\x80\nendstream %%EOF")) is FileKind.pdf


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HTML, "not a kind of file"),
        (b"MZ\x90\0" + b"\0" * 90, "not a kind of file"),
        (b"GIF89a" + PDF, "not a kind of file"),
        (HTML + PDF, "not a kind of file"),
        (ZIP, "not a kind of file"),
        (PPTX, "not a kind of file"),
        (ODP, "not a kind of file"),
        (PDF[: len(PDF) // 2], "damaged"),
        (PDF + ZIP, "damaged"),
        (DOCX[:-30], "damaged"),
        (HTML + DOCX, "not a kind of file"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (with_program(b"/OpenAction<</S/JavaScript/JS(x)>>"), "holds a program"),
        (with_program(b"/OpenAction<</S/Java#53cript/#4aS(x)>>"), "holds a program"),
        (PDF + PACKED % zlib.compress(b"<</S/JavaScript>>"), "holds a program"),
        (PDF + PACKED % zlib.compress(b" " * 21_000_000), "damaged"),
        (PDF + (PACKED % b"")[:-15] * 2100 + b"%%EOF", "damaged"),
        (with_program(b"/Names<</EmbeddedFiles 9 0 R>>"), "holds a program"),
        (with_program(b"/Encrypt 9 0 R"), "locked"),
        (BOMB, "far more than it is"),
        (packed({**DOCX_PARTS, "word/zeros.xml": b"\0" * 30_000_000}), "far more than it is"),
        (ESCAPING, "outside its own folder"),
        (packed({**DOCX_PARTS, "word/vbaProject.bin": b"macro"}), "macros"),
        (packed({**ODT_PARTS, "Basic/Standard/Module1.xml": b"macro"}, first=ODT_TYPE), "macros"),
        (packed({**DOCX_PARTS, "word/embeddings/oleObject1.bin": b"MZ"}), "another file"),
        (packed({**DOCX_PARTS, "word/activeX/activeX1.xml": b"<x/>"}), "another file"),
    ],
)
def test_what_is_not_taken_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        kind_of(BytesIO(content))


def hide(text: str) -> str:
    person = Person(email=ADDRESS, email_key=ADDRESS, name=NAME, organisation="", made_at=OPENS)
    answers = {"name": NAME, "institution": f"Library of {NAME}"}
    return hide_of(person, Definition.model_validate(DEFINITION), answers)(text)


@pytest.mark.parametrize("content", [DOCX, ODT], ids=["docx", "odt"])
def test_a_blind_panels_document_has_the_makers_name_nowhere_and_is_whole(content: bytes) -> None:
    assert MARK in str(opened(content)).lower()  # the search finds what is there
    made = opened(cleaned_document(BytesIO(content), hide))
    assert [name for name, part in made.items() if MARK in part.decode("latin-1").lower()] == []
    assert "Our readers" in str(made)
    picture_ = next(part for name, part in made.items() if name.endswith(("jpeg", "jpg")))
    with Image.open(BytesIO(picture_)) as shown:
        assert dict(shown.getexif()) == {}


def test_a_document_stays_as_it_was_but_for_its_details() -> None:
    made = opened(cleaned_document(BytesIO(DOCX)))
    assert set(opened(DOCX)) - set(made) == {"docProps/custom.xml", "customXml/item1.xml", "word/comments.xml", "word/people.xml"}
    words = "".join(ElementTree.fromstring(made["word/document.xml"]).itertext())
    assert words == "I am Xyzzyq the Traveller & a friendAdded laterOur readers write to me"
    assert b"attachedTemplate" not in made["word/settings.xml"] + made["word/_rels/settings.xml.rels"]
    assert b"<w:zoom/>" in made["word/settings.xml"]
    relations = made["word/_rels/document.xml.rels"]
    assert (b"comments.xml" in relations, b"media/image1.jpeg" in relations, b"mailto:" in relations) == (False, True, True)
    assert b"comments" not in made["[Content_Types].xml"]


def test_names_in_a_text_go_though_formats_cut_them_in_pieces() -> None:
    made = opened(cleaned_document(BytesIO(DOCX), hide))
    words = "".join(ElementTree.fromstring(made["word/document.xml"]).itertext())
    assert words == "I am [taken out] & a friendAdded laterOur readers write to me"
    assert b'Target="https://taken-out.invalid/"' in made["word/_rels/document.xml.rels"]


def test_broken_markup_takes_no_longer_than_sound_markup() -> None:
    """Nothing is read twice to its end: neither tags that never close nor elements that never end."""
    for piece in ("<", "<office:annotation ", "<office:annotation>", "<Relationship ", '<w:t descr="'):
        parts = {**ODT_PARTS, "content.xml": piece * 20_000 + "".join(map(str, range(20_000)))}
        started = time.process_time()
        cleaned_document(BytesIO(packed(parts, first=ODT_TYPE)), hide)
        assert time.process_time() - started < 2, piece


def test_a_document_in_signs_that_cannot_be_read_is_refused() -> None:
    parts = {**DOCX_PARTS, "word/document.xml": WORDS_IN_UTF_16}
    with pytest.raises(Invalid, match="read through"):
        cleaned_document(BytesIO(packed(parts)))


WORDS_IN_UTF_16 = '<?xml version="1.0" encoding="UTF-16"?><w:document/>'.encode("utf-16")


async def test_a_pdf_set_anew_has_the_same_words_and_no_details(tmp_path: Path) -> None:
    body = 'First page of three. #link("https://xyzzyq.example/")[A link] #pagebreak() Second. #pagebreak() Third.'
    sent = pdf(body, title=f"CV of {NAME}", author=NAME)
    assert MARK in PdfDocument(sent).get_metadata_dict()["Author"].lower()
    (tmp_path / "sent").write_bytes(sent)
    made = await set_anew(tmp_path / "sent", "WEEK-2021-0001 A page about you")
    document = PdfDocument(made)
    assert MARK.encode() not in made.lower()
    details = {name: value for name, value in document.get_metadata_dict().items() if value and name != "Creator"}
    assert details == {"Title": "WEEK-2021-0001 A page about you"}
    words = [document[page].get_textpage().get_text_bounded() for page in range(len(document))]
    assert [each.split(".")[0] for each in words] == ["First page of three", "Second", "Third"]


async def test_what_only_begins_and_ends_as_a_pdf_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n")
    with pytest.raises(Unreadable):
        await asyncio.wait_for(set_anew(tmp_path / "sent", ""), 20)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\My CV.PDF", "My CV.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("", "file.pdf"),
        ("…" * 400, "…" * 100 + ".pdf"),
        ('=HYPERLINK("x")', '=HYPERLINK("x").pdf'),
    ],
)
def test_a_files_name_becomes_harmless(name: str, kept: str) -> None:
    assert harmless_name(name, FileKind.pdf) == kept
