"""Photos and slides: what a file is decides, not what it is called; refused in a sentence, or made harmless; given to whom it is for."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from struct import pack

import pytest
from PIL import Image

from conference.errors import Invalid
from conference.speaking.photos import MAX_PHOTO, clean_photo
from conference.speaking.rules import MAX_FILE, MAX_RESOURCES
from conference.speaking.sniffing import kind_of
from conference.speaking.tables import ResourceKind
from tests.console.cast import look, send
from tests.speaking.cast import (
    BOMB,
    ESCAPING,
    EVENT,
    ODP,
    ODT,
    PDF,
    PPTM,
    PPTX,
    PROFILE,
    SESSION,
    TALK,
    ZIP,
    House,
    archive,
    endless_picture,
    picture,
    picture_with_position,
)

HTML, SVG = b"<!doctype html><script>alert(1)</script>", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
SLIDES = {"what": "Slides", "audience": "public", "shown_from": "at_once"}
RESOURCES = f"{TALK}/resources"


def kept(house: House) -> list[Path]:
    return sorted(path for path in (house.settings.data / "uploads").rglob("*") if path.is_file())


async def address(house: House, who: str = "speaker") -> str:
    """Where the only resource is, as this reader's page of the talk says."""
    page = await look(house.browsers[who], SESSION if who != "speaker" else TALK)
    return f"{SESSION}/resources/{page.text.split(f'{SESSION}/resources/')[1][:36]}"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (ODP, "odp"), (PPTX, "pptx"), (ZIP, "zip")],
    ids=["pdf", "odp", "pptx", "zip"],
)
def test_what_it_is_by_its_bytes(content: bytes, kind: str) -> None:
    assert kind_of(BytesIO(content)) is ResourceKind(kind)


def squeezed_mimetype() -> bytes:
    """An OpenDocument presentation but for its first entry, which says that it is packed, and is not."""
    sound = archive({"mimetype": b"application/vnd.oasis.opendocument.presentation"}, stored=True)
    entry, listed = sound.index(b"PK\x03\x04"), sound.index(b"PK\x01\x02")
    return sound[: entry + 8] + b"\x08" + sound[entry + 9 : listed + 10] + b"\x08" + sound[listed + 11 :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HTML, "not a kind of file"),
        (SVG, "not a kind of file"),
        (b"MZ\x90\0" + b"\0" * 90, "not a kind of file"),
        (picture(), "not a kind of file"),
        (b"GIF89a" + PDF, "not a kind of file"),
        (HTML + PDF, "not a kind of file"),
        (PDF.replace(b"%%EOF", b""), "damaged"),
        (PDF + ZIP, "damaged"),
        (archive({"x": b"x"}, before=PDF), "damaged"),
        (ZIP[:-30], "damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (ODT, "not a presentation"),
        (squeezed_mimetype(), "not a presentation"),
        (PPTM, "macros"),
        (BOMB, "far more than it is"),
        (ESCAPING, "outside its own folder"),
        (archive({f"{number}": b"" for number in range(4001)}), "damaged"),
        (archive({}), "not a kind of file"),
    ],
    ids=range(18),  # an archive holds the time of its making, and no two collections of tests may differ
)
def test_what_is_not_taken_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        kind_of(BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_painted_anew(kind: str) -> None:
    painted = clean_photo(BytesIO(picture(3000, 1000, kind)))
    with Image.open(BytesIO(painted)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (640, 213), {})


def test_a_photo_loses_where_it_was_taken_and_stands_upright() -> None:
    sent = picture_with_position()
    with Image.open(BytesIO(sent)) as before:
        assert before.getexif().get_ifd(0x8825)
    painted = clean_photo(BytesIO(sent))
    with Image.open(BytesIO(painted)) as shown:
        assert (shown.size, dict(shown.getexif()), "exif" in shown.info) == ((300, 400), {}, False)
    assert b"stay at home" in sent
    assert b"stay at home" not in painted


def test_a_photo_stands_upright_though_a_camera_wrote_nonsense_beside_it() -> None:
    tags = [(0x0112, 3, 1, pack("<HH", 6, 0)), (0x011A, 2, 1, b"x\0\0\0")]  # turned; and a resolution in letters
    nonsense = b"II*\0" + pack("<IH", 8, len(tags)) + b"".join(pack("<HHI", *tag[:3]) + tag[3] for tag in tags) + bytes(4)
    written = BytesIO()
    Image.new("RGB", (400, 300)).save(written, "JPEG", exif=b"Exif\0\0" + nonsense)
    with Image.open(BytesIO(clean_photo(written))) as shown:
        assert shown.size == (300, 400)


@pytest.mark.parametrize("behind", [HTML, ZIP, b"<?php system($_GET[0]); ?>"], ids=["a page", "an archive", "a script"])
def test_what_hides_behind_a_photo_is_left_behind(behind: bytes) -> None:
    for kind in ("JPEG", "PNG"):
        painted = clean_photo(BytesIO(picture(kind=kind) + behind))
        assert behind not in painted


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HTML, "not a photo"),
        (SVG, "not a photo"),
        (b"GIF89a" + b"\0" * 40, "not a photo"),
        (b"\x89PNG\r\n\x1a\n" + SVG, "damaged"),
        (b"\xff\xd8\xff" + HTML, "damaged"),
        (b"RIFF\0\0\0\0WAVE" + b"\0" * 90, "damaged"),
        (picture()[:200], "damaged"),
        (endless_picture(), "damaged|too many pixels"),
        (picture(40, 4000), "too small"),
    ],
)
def test_what_is_no_photo_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        clean_photo(BytesIO(content))


async def test_a_photo_is_shown_to_everybody_as_what_we_made_of_it(house: House) -> None:
    page = await house.send_file("speaker", f"{PROFILE}/photo", "photo", picture_with_position(), alt="Portrait <at> home")
    assert page.said == "Your photo is shown on your page."
    for path in (f"{EVENT}/speakers/speaker", SESSION, f"{EVENT}/speakers"):
        shown = (await look(house.browsers["nobody"], path)).text
        source = shown.split('src="/events/')[1].split('"')[0]
    assert 'alt="Portrait &lt;at&gt; home"' in (await look(house.browsers["nobody"], f"{EVENT}/speakers/speaker")).text
    answer = await house.browsers["nobody"].get(f"/events/{source}")
    assert (answer.status_code, answer.headers["content-type"], answer.headers["x-content-type-options"]) == (200, "image/jpeg", "nosniff")
    assert "sandbox" in answer.headers["content-security-policy"]
    with Image.open(BytesIO(answer.content)) as picture_:
        assert dict(picture_.getexif()) == {}
    await house.send_file("speaker", f"{PROFILE}/photo", "photo", picture(), alt="Another")
    assert (await house.browsers["nobody"].get(f"/events/{source}")).status_code == 404
    assert len(kept(house)) == 1
    await send(house.browsers["speaker"], f"{PROFILE}/photo/removal", {})
    assert kept(house) == []


async def test_a_photo_that_is_refused_loses_nothing_else_that_was_typed(house: House) -> None:
    page = await house.send_file("speaker", f"{PROFILE}/photo", "photo", SVG, alt="Portrait")
    assert (page.status, page.beside) == (422, {"photo": "This is not a photo that we can read. Choose a photo as JPEG, PNG or WebP."})
    assert page.form(f"{PROFILE}/photo")["alt"] == "Portrait"
    page = await house.send_file("speaker", f"{PROFILE}/photo", "photo", b"\xff\xd8\xff" + b"\0" * MAX_PHOTO, alt="Portrait")
    assert (page.status, page.beside) == (
        422,
        {"photo": "This photo is too big: it may have at most 8 MB. Most programs can save it smaller."},
    )
    page = await house.send_file("speaker", f"{PROFILE}/photo", "photo", picture(), alt=" ")
    assert sorted(page.beside) == ["alt", "photo"]
    assert (await house.send_file("speaker", f"{PROFILE}/photo", "photo", b"", alt="Portrait")).beside == {"photo": "Choose a photo."}
    assert kept(house) == []


async def test_slides_are_listed_with_kind_and_size_and_come_as_a_download_with_a_safe_name(house: House) -> None:
    page = await house.send_file("speaker", RESOURCES, "file", PDF, **SLIDES | {"what": 'My "slides"/..\\ Ü; über\t<b>'})
    assert page.said == "Added. You see below who may have it."
    page = await look(house.browsers["nobody"], SESSION)
    assert "PDF, 1 KB" in page.words
    answer = await house.browsers["nobody"].get(await address(house))
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, PDF, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="opening-keynote-my-slides-u-uber-b.pdf"'
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "private, no-store")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert [path.stat().st_mode & 0o777 for path in kept(house)] == [0o600]


async def test_a_form_with_a_bad_file_comes_back_whole(house: House) -> None:
    typed = {"what": "Slides", "audience": "registered", "shown_from": "afterwards", "url": ""}
    for content, words in ((HTML, "not a kind of file"), (b"%PDF-" + b"\0" * MAX_FILE, "too big: it may have at most 20 MB")):
        page = await house.send_file("speaker", RESOURCES, "file", content, **typed)
        assert (page.status, list(page.beside), words in page.beside["file"]) == (422, ["file"], True)
        assert 'value="Slides"' in page.text
        assert 'value="registered" checked' in page.text
        assert 'value="afterwards" checked' in page.text
    page = await house.send_file("speaker", RESOURCES, "file", PDF, **typed | {"what": ""})
    assert page.beside == {"what": "Enter what this is, such as Slides.", "file": "Choose the file again: browsers don’t keep it."}
    page = await house.send_file("speaker", RESOURCES, "file", PDF, **typed | {"url": "https://slides.example/1"})
    assert "not both" in page.beside["url"]
    page = await house.send_file("speaker", RESOURCES, "file", b"", **typed)
    assert page.beside == {"file": "Choose a file, or give a link below."}
    assert kept(house) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://", "//x.example", "https://a@b.example/", "x"])
async def test_a_link_must_be_one(house: House, url: str) -> None:
    page = await house.send_file("speaker", RESOURCES, "file", b"", **SLIDES, url=url)
    assert (page.status, list(page.beside)) == (422, ["url"])


async def test_a_link_is_listed_with_its_host(house: House) -> None:
    await house.send_file("speaker", RESOURCES, "file", b"", **SLIDES, url="https://www.slides.example/1?a=<b>")
    page = await look(house.browsers["nobody"], SESSION)
    assert 'href="https://www.slides.example/1?a=&lt;b&gt;" rel="nofollow noopener noreferrer"' in page.text
    assert "slides.example" in page.words


@pytest.mark.parametrize(
    ("audience", "shown_from", "before", "after"),
    [
        ("public", "at_once", {"nobody": 200, "guest": 200, "delegate": 200}, {"nobody": 200, "guest": 200, "delegate": 200}),
        ("public", "afterwards", {"nobody": 404, "guest": 404, "delegate": 404}, {"nobody": 200, "guest": 200, "delegate": 200}),
        ("registered", "at_once", {"nobody": 303, "guest": 403, "delegate": 200}, {"nobody": 303, "guest": 403, "delegate": 200}),
        ("registered", "afterwards", {"nobody": 303, "guest": 403, "delegate": 404}, {"nobody": 303, "guest": 403, "delegate": 200}),
    ],
)
async def test_rights_are_looked_at_on_every_download(
    house: House, audience: str, shown_from: str, before: dict[str, int], after: dict[str, int]
) -> None:
    await house.send_file("speaker", RESOURCES, "file", PDF, **SLIDES | {"audience": audience, "shown_from": shown_from})
    path = await address(house)
    insiders = {"speaker": 200, "partner": 200, "moderator": 200, "organiser": 200}
    outsiders = {"stranger": before["guest"], "other": before["guest"]}
    expected = before | insiders | outsiders
    assert {name: (await house.browsers[name].get(path)).status_code for name in expected} == expected
    listed = {name: path in (await house.browsers[name].get(SESSION)).text for name in before}
    assert listed == {name: status == 200 for name, status in before.items()}
    house.app.state.house.clock.offset = house.world.talk.ends_at + timedelta(seconds=1) - datetime.now(UTC)
    assert {name: (await house.browsers[name].get(path)).status_code for name in after} == after


async def test_a_removed_file_is_gone_for_everybody(house: House) -> None:
    await house.send_file("speaker", RESOURCES, "file", PDF, **SLIDES)
    path = await address(house)
    await send(house.browsers["partner"], f"{RESOURCES}/{path.rsplit('/', 1)[1]}/removal", {})
    assert [(await house.browsers[name].get(path)).status_code for name in ("speaker", "nobody")] == [404, 404]
    assert kept(house) == []


async def test_one_file_too_many_is_refused_and_not_kept(house: House) -> None:
    for number in range(MAX_RESOURCES):
        await house.send_file("speaker", RESOURCES, "file", PDF, **SLIDES | {"what": f"Part {number}"})
    page = await house.send_file("partner", RESOURCES, "file", PDF, **SLIDES)
    assert (page.status, "which is all that we keep" in page.words) == (409, True)
    assert len(kept(house)) == MAX_RESOURCES


async def test_a_file_of_somebody_who_may_not_is_not_even_read(house: House) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 65_536

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for who, status in (("nobody", 401), ("delegate", 403), ("other", 403)):
        answer = await house.browsers[who].post(RESOURCES, content=endless(), headers=headers)
        assert (answer.status_code, read, kept(house)) == (status, 0, [])


async def test_the_larger_limit_is_for_files_alone(house: House) -> None:
    big = b"x" * (5 * 1024 * 1024)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    speaker = house.browsers["speaker"]
    for path in (TALK, PROFILE, f"{PROFILE}/times", f"{TALK}/co-speakers", "/sign-in", f"{EVENT}/registration"):
        assert ((await speaker.post(path, content=big, headers=headers)).status_code, path) == (413, path)
    text = b'--x\r\nContent-Disposition: form-data; name="what"\r\n\r\n' + big + b"\r\n--x--\r\n"
    assert (await speaker.post(RESOURCES, content=text, headers=headers)).status_code in (400, 413)
    part = b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n' + b"y" * 200_000 + b"\r\n"
    many = part * 20 + b"--x--\r\n"
    assert (await speaker.post(RESOURCES, content=many, headers=headers)).status_code == 413
    assert (await speaker.post(RESOURCES, content=b"no form", headers=headers)).status_code == 400
    huge = b"x" * (65 * 1024 * 1024)
    assert (await speaker.post(RESOURCES, content=huge, headers=headers)).status_code == 413


async def test_two_files_at_once_are_no_form_of_ours(house: House) -> None:
    files = [("file", ("a", PDF)), ("file", ("b", PDF))]
    assert (await house.browsers["speaker"].post(RESOURCES, data=SLIDES, files=files)).status_code == 400
    assert kept(house) == []
