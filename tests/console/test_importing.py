"""Organisers bring a programme in a file: they see what it would change, and keep it as drafts."""

import asyncio
import base64
import re
import zlib

from sqlmodel import select

from conference.programme.drafting import draft_change
from conference.programme.importing_xlsx import rows_of_xlsx
from conference.programme.planned import Planned, planned_at, planned_programme
from conference.programme.queries import event_at
from conference.programme.releases import SessionPlan, plan_of
from conference.programme.tables import Room, ScheduleRelease, Speaker, Track
from conference.record.tables import AuditEntry
from tests.console.cast import MANAGE, Console, look, send
from tests.console.importers import CONFIRM, IMPORT, asked, confirm, field_named, paste, table, upload
from tests.world import BEFORE

HEADING = "ID,Address,Title,Type,Track,Room,Day,Start,End,Speakers,Abstract,Link to join\n"
NEW_TALK = ",,Libraries after dark,Talk,Night work,Blue room,2021-06-25,15:00,16:00,Speaker A; Reader of poems,All night.,\n"


async def planned(console: Console, event: str = "wi-test") -> list[Planned]:
    async with console.database.reading() as db:
        return await planned_programme(db, await event_at(db, event))


async def drafted(console: Console) -> dict[str, str]:
    """What waits to be released, by title."""
    return {one.facts.session.title: one.draft.act.value for one in await planned(console) if one.draft}


async def test_a_table_becomes_drafts_after_a_preview_and_nothing_is_published(console: Console) -> None:
    before = await console.releases()
    text = (
        HEADING
        + ",opening-keynote,Keynote of the morning,Keynote,,Side room,2021-06-25,10:30,11:30,Speaker B,,https://video.example/1\n"
        + NEW_TALK
    )
    preview = await paste(console.organiser, text)
    assert preview.status == 200
    assert table(preview, "Would change") == [
        [
            "Keynote of the morning Renamed Room Moved Link Speakers".replace("Keynote of the morning", "Opening keynote"),
            "time changed from 10:00–11:00 to 10:30–11:30; title changed from “Opening keynote” to “Keynote of the morning”; "
            "room changed from Main stage to Side room, The hall; join link changed; speakers changed from nobody to Speaker B",
            "Line 2",
        ]
    ]
    assert table(preview, "Would be added") == [
        [
            "Libraries after dark New",
            "Friday 25 June 2021, 15:00–16:00 · Blue room (new) · Project presentation · Night work (new) · "
            "with Speaker A, Reader of poems (new)",
            "Line 3",
        ]
    ]
    assert await drafted(console) == {}
    kept = await confirm(console.organiser, preview, **{field_named(preview, "Room “Blue room”"): "venue:hall"})
    assert kept.said == "1 session added, 1 session changed, as drafts. Nobody else sees them until you release them."
    assert await drafted(console) == {"Keynote of the morning": "change", "Libraries after dark": "add"}
    assert await console.releases() == before
    after_dark = next(one.facts for one in await planned(console) if one.facts.session.slug == "libraries-after-dark")
    assert (after_dark.room.name, after_dark.venue.name, after_dark.track and after_dark.track.name) == (
        "Blue room",
        "The hall",
        "Night work",
    )
    assert [speaker.name for speaker in after_dark.speakers] == ["Speaker A", "Reader of poems"]
    assert "Reader of poems" not in (await look(console.browsers["nobody"], "/events/wi-test/speakers")).text
    assert (await look(console.browsers["nobody"], "/events/wi-test/speakers/reader-of-poems")).status == 404


async def test_unknown_names_are_what_the_organiser_says_they_are(console: Console) -> None:
    preview = await paste(console.organiser, HEADING + NEW_TALK)
    room, track, kind = (field_named(preview, label) for label in ("Room “Blue room”", "Track “Night work”", "Type “Talk”"))
    speaker = field_named(preview, "Reader of poems")
    assert asked(preview) == {room: "", track: "new", kind: "project_presentation", speaker: "yes", "reason": ""}
    refused = await confirm(console.organiser, preview, **{room: "venue:elsewhere"})
    assert (refused.status, refused.beside) == (422, {room: "Choose where this room is."})
    answers: dict[str, str | None] = {room: "room:main", track: "none", kind: "workshop", speaker: None}
    await confirm(console.organiser, preview, CONFIRM, **answers)
    (one,) = [one.facts for one in await planned(console) if one.draft]
    assert (one.room.slug, one.track, one.session.type.value, [person.slug for person in one.speakers]) == (
        "main",
        None,
        "workshop",
        ["ada"],
    )
    async with console.database.reading() as db:
        assert sorted(await db.exec(select(Room.slug).where(Room.event_id == console.world.event.id))) == ["main", "side"]
        assert list(await db.exec(select(Track.slug))) == ["people"]
        assert sorted(await db.exec(select(Speaker.slug))) == ["ada", "bea"]


async def test_a_room_that_is_left_out_leaves_its_sessions_out(console: Console) -> None:
    preview = await paste(console.organiser, HEADING + NEW_TALK)
    said = (await confirm(console.organiser, preview, **{field_named(preview, "Room “Blue room”"): "skip"})).said
    assert (said, await drafted(console)) == ("Nothing was to be changed, so nothing was.", {})


async def test_what_the_file_does_not_have_stays_unless_it_is_ticked(console: Console) -> None:
    only = HEADING.split(",", 2)[2] + "Opening keynote,Keynote,,Main stage,2021-06-25,10:00,11:00,,,\n"
    preview = await paste(console.organiser, only)
    workshop = (await console.session("hands-on-workshop")).session
    assert (asked(preview), table(preview, "Would change")) == ({"reason": ""}, [])
    await confirm(console.organiser, preview)
    assert await drafted(console) == {}
    refused = await confirm(console.organiser, preview, **{f"cancel-{workshop.id}": "yes"})
    assert (refused.status, refused.beside) == (422, {"reason": "Say why: people read it on the session’s page."})
    assert asked(refused) == {f"cancel-{workshop.id}": "yes", "reason": ""}
    await confirm(console.organiser, refused, reason="No tools.")
    assert await drafted(console) == {"Hands-on workshop": "cancel"}
    again = await paste(console.organiser, only)
    assert "Nothing would change" in again.words


async def test_a_cancelled_session_does_not_come_back_by_a_file(console: Console) -> None:
    await send(console.organiser, f"{MANAGE}/sessions/opening-keynote/cancellation", {"reason": "Ill."})
    preview = await paste(console.organiser, "Address,Title\nopening-keynote,Keynote again\n")
    ((title, why, where),) = table(preview, "Left as they are")
    assert (title, where) == ("Keynote again", "Line 2")
    assert "take it back on its own page" in why
    await confirm(console.organiser, preview)
    (keynote, _) = await planned(console)
    assert (keynote.facts.session.title, keynote.facts.session.cancel_reason) == ("Opening keynote", "Ill.")


async def test_what_somebody_saved_meanwhile_is_not_overwritten_but_said(console: Console) -> None:
    preview = await paste(console.organiser, "Address,Title\nopening-keynote,From the file\nhands-on-workshop,Tools\n")
    async with console.database.writing() as db:
        one = await planned_at(db, "wi-test", "opening-keynote")
        plan = SessionPlan(**{name: getattr(plan_of(one.facts.session), name) for name in SessionPlan.__slots__} | {"abstract": "New"})
        await draft_change(db, one.facts.event, one, plan, [], BEFORE)
    stale = await confirm(console.organiser, preview)
    assert stale.status == 409
    assert "The plan changed after you looked at this. It concerns “Opening keynote”. Nothing was imported" in stale.words
    assert await drafted(console) == {"Opening keynote": "change"}
    await confirm(console.organiser, stale)
    assert sorted((await drafted(console)).items()) == [("From the file", "change"), ("Tools", "change")]
    (keynote, _) = [planned.facts.session for planned in await planned(console)]
    assert keynote.abstract == "New"


async def test_two_organisers_who_confirm_one_import_make_it_once(console: Console) -> None:
    preview = await paste(console.organiser, HEADING + NEW_TALK)
    room = {field_named(preview, "Room “Blue room”"): "venue:hall"}
    first, second = await asyncio.gather(*(confirm(console.organiser, preview, **room) for _ in range(2)))
    assert sorted((first.status, second.status)) == [200, 409]
    lost = first if first.status == 409 else second
    assert "Nothing was imported: look again" in lost.words
    assert "Nothing would change" in lost.words
    async with console.database.reading() as db:
        acts = (await db.exec(select(AuditEntry.act).where(AuditEntry.act == "programme imported"))).all()
        assert (len(acts), len((await db.exec(select(Room).where(Room.name == "Blue room"))).all())) == (1, 1)


async def test_export_and_import_are_a_round_trip(console: Console) -> None:
    async with console.database.writing() as db:
        one = await planned_at(db, "wi-test", "opening-keynote")
        hostile = {"title": "=HYPERLINK(1)", "abstract": "'-x\n\n<b>two</b>; “three”\x0b", "illustrative": "@a"}
        plan = SessionPlan(**{name: getattr(plan_of(one.facts.session), name) for name in SessionPlan.__slots__} | hostile)
        await draft_change(db, one.facts.event, one, plan, (await db.exec(select(Speaker))).all(), BEFORE)
    before = [(one.facts, one.version) for one in await planned(console)]
    for ending in ("csv", "xlsx"):
        exported = (await console.organiser.get(f"{MANAGE}/programme.{ending}")).content
        preview = await upload(console.organiser, exported)
        assert "Nothing would change" in preview.words
        await confirm(console.organiser, preview)
    assert [(one.facts, one.version) for one in await planned(console)] == before
    edited = (await console.organiser.get(f"{MANAGE}/programme.csv")).text.replace("11:00", "11:15", 1)
    assert [row[:2] for row in table(await paste(console.organiser, edited), "Would change")] == [
        ["=HYPERLINK(1) Moved", "end changed from 11:00 to 11:15"]
    ]


async def test_templates_name_the_columns_and_are_themselves_a_programme_of_nothing(console: Console) -> None:
    text = (await console.organiser.get(f"{IMPORT}/template.csv")).text
    rows = list(rows_of_xlsx((await console.organiser.get(f"{IMPORT}/template.xlsx")).content))
    assert text.lstrip("\ufeff").strip().replace('"', "").split(",") == [cell for cell in rows[0][1] if cell]
    assert "Nothing would be added or changed" in (await paste(console.organiser, text)).words


BOMB = (
    "<?xml version='1.0'?><!DOCTYPE s ["
    + "<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><schedule>&i;</schedule>"
)
DECLARES = "This XML file declares a document type or entities, which schedule files don’t need. Nothing of it was read."


REFUSED = [
    (b"", "Choose a file, or paste its text."),
    (b"x" * (2 * 1024 * 1024 + 1), "This file is larger than 2 MB. A programme is far smaller: leave pictures and other sheets out."),
    (BOMB.encode(), DECLARES),
    (b'<!DOCTYPE s SYSTEM "file:///etc/passwd"><schedule/>', DECLARES),
    (b'<?xml version="1.0"?>\n<!DOCTYPE s [<!ENTITY x SYSTEM "http://127.0.0.1/">]><schedule>&x;</schedule>', DECLARES),
    (BOMB.encode("utf-16"), DECLARES),
    (
        b"<schedule>\n<day></schedule>",
        "This file is not well-formed XML: it breaks off at line 2. Export it again where it comes from.",
    ),
    (b"<html></html>", "This is no schedule that we know: a schedule file has sessions in rooms, and rooms in days."),
    (b"<schedule/>", "There is no session in this schedule.xml."),
    (b"<a>" * 30, "This XML file is too large or too deep for a programme, so it was not read."),
    (b"{", "This file is not well-formed JSON: it breaks off at line 1. Export it again where it comes from."),
    (b'{"schedule": []}', "This is no schedule that we know: a schedule file has sessions in rooms, and rooms in days."),
    (b'{"a":' * 100_000, "This file is not well-formed JSON: it breaks off. Export it again where it comes from."),
    (b"PK\x03\x04", "This file can’t be opened as an Excel workbook (.xlsx). Save it again from your spreadsheet program, or as CSV."),
    (b"\x00\xff\xfe\x89PNG", "The first row must name the columns:"),
]


async def test_a_file_that_is_no_programme_is_refused_in_a_sentence(console: Console) -> None:
    for data, sentence in REFUSED:
        page = await upload(console.organiser, data)
        assert (page.status, page.beside["file"][: len(sentence)]) == (422, sentence)


async def test_a_kept_file_that_was_tampered_with_is_refused(console: Console) -> None:
    preview = await paste(console.organiser, HEADING + NEW_TALK)
    huge = base64.b64encode(zlib.compress(b"x" * 50_000_000, 9)).decode()
    for changed in ({"kept": "no"}, {"kept": base64.b64encode(b"no").decode()}, {"kept": huge}, {"seen": "[]"}, {"seen": "{"}):
        page = await confirm(console.organiser, preview, **changed)
        assert (page.status, list(page.beside)) == (422, ["file"])
    assert await drafted(console) == {}


async def test_text_from_a_file_is_never_alive_on_the_page(console: Console) -> None:
    preview = await paste(console.organiser, HEADING + ',,<img src=x onerror=alert(1)>,"<b>",<i>,<u>,2021-06-25,15:00,16:00,<s>,,\n<x>\n')
    assert preview.status == 200
    assert re.findall(r"<(?:img|b|i|u|s|x)[ >]", preview.text) == []


async def test_nobody_else_brings_or_takes_a_programme(console: Console) -> None:
    for who in ("nobody", "delegate", "moderator", "stranger"):
        browser = console.browsers[who]
        for path in (IMPORT, f"{MANAGE}/programme.csv", f"{MANAGE}/programme.xlsx"):
            assert (await browser.get(path)).status_code in (303, 401, 403), (who, path)
        assert (await paste(browser, HEADING + NEW_TALK)).status in (303, 401, 403)
        assert (await browser.post(CONFIRM, files={"kept": (None, "x")})).status_code in (303, 401, 403)
    async with console.database.reading() as db:
        assert len((await db.exec(select(ScheduleRelease))).all()) == 2


async def test_dates_outside_the_event_and_namesakes_are_said_row_by_row(console: Console) -> None:
    text = (
        HEADING
        + ",,Too late,Panel,,Main stage,2021-06-26,10:00,11:00,,,\n,,Opening keynote,Keynote,,Main stage,2021-06-25,13:00,14:00,,,ftp://x\n"
    )
    preview = await paste(console.organiser, text)
    assert table(preview, "Rows that are left out") == [
        ["Line 2", "Start", "The start must lie within the event, which lasts from 10:00 to 17:00 on Friday 25 June 2021."],
        ["Line 3", "Link to join", "Enter a full address that starts with https://, or leave this empty to use the session's own stage."],
    ]
    preview = await paste(console.organiser, text.replace("ftp://x", ""))
    why = "A session of this title is in the plan at another time. If it is the same one, put its ID or its address into the file."
    assert table(preview, "Worth a look") == [["Line 3", "ID", why]]


async def test_what_only_a_row_names_that_is_left_out_is_neither_asked_about_nor_made(console: Console) -> None:
    late = ",,Late talk,Lecture,Late track,Attic,2021-06-25,18:00,19:00,Reader of news,,\n"
    again = ",,Opening keynote,Keynote,Late track,Main stage,2021-06-25,18:00,19:00,Reader of news,,\n"
    preview = await paste(console.organiser, HEADING + late + again)
    why = "The start must lie within the event, which lasts from 10:00 to 17:00 on Friday 25 June 2021."
    assert table(preview, "Rows that are left out") == [["Line 2", "Start", why], ["Line 3", "Start", why]]
    assert "Names that are new here" not in preview.text
    earlier = late.replace("Late talk", "Earlier talk").replace("18:00,19:00", "14:00,14:30")
    preview = await paste(console.organiser, HEADING + late + NEW_TALK + earlier)
    assert [preview.text.count(name) for name in ("Room “Attic”", "Track “Late track”")] == [1, 1]
    room = {field_named(preview, f"Room “{name}”"): "venue:hall" for name in ("Blue room", "Attic")}
    await confirm(console.organiser, preview, **room)
    assert await drafted(console) == {"Libraries after dark": "add", "Earlier talk": "add"}
