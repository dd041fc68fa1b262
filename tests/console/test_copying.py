"""Copying an edition: looked at first, then made; everything in it is a draft, and nothing personal goes along."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import select

from conference.console.copying import COPIED
from conference.people.tables import Role, RoleKind
from conference.programme.planned import planned_programme
from conference.programme.queries import event_at, programme_of, rooms_of, speakers_of, tracks_of
from conference.programme.releasing import release_drafts
from conference.programme.tables import KeyDate, Speaker
from conference.registration.queries import pool_of_event, registrations_at
from tests.console.cast import MANAGE, TALK, Console, change, look, send
from tests.world import BEFORE

COPY = f"{MANAGE}/copy"
WISH = {"slug": "wi-2022", "title": "A day for libraries 2022", "first_day": "2022-06-24", "speakers": ""}
NEW = "/manage/events/wi-2022"


async def test_what_would_become_of_it_is_shown_before_anything_is_made(console: Console) -> None:
    page = await look(console.organiser, f"{COPY}?slug=wi-2022&title=A+day&first_day=2022-06-25")
    assert (page.status, page.form(COPY)["first_day"]) == (200, "2022-06-25")
    assert "Friday 25 June 2021 Saturday 25 June 2022 Another weekday 2" in page.words
    assert "Fridays become Saturdays. To keep every weekday, begin on Friday 24 June 2022." in page.words
    assert (await look(console.organiser, NEW)).status == 404
    wrong = await look(console.organiser, f"{COPY}?slug=Wi+2022&title=&first_day=soon")
    assert (wrong.status, sorted(wrong.beside)) == (422, ["first_day", "slug", "title"])


async def test_the_copy_holds_every_session_as_a_draft_at_the_same_hour(console: Console) -> None:
    await change(console.organiser, TALK, track="people", join_url="https://meet.example/1", **{"speaker-ada": "yes"})
    async with console.database.writing() as db:
        key: dict[str, Any] = {
            "slug": "close",
            "title": "Closes",
            "words": "Soon.",
            "published": "25 June",
            "reading": "R",
            "made_at": BEFORE,
        }
        db.add(KeyDate(event_id=console.world.event.id, at=datetime(2021, 6, 1, 9, tzinfo=UTC), modified_at=BEFORE, **key))
    page = await send(console.organiser, COPY, WISH)
    assert (page.status, page.said) == (200, f"“A day for libraries 2022” is copied. {COPIED}")
    assert "Seats were limited in “Hands-on workshop”" in page.words
    async with console.database.reading() as db:
        event = await event_at(db, "wi-2022")
        planned = await planned_programme(db, event)
        assert [(one.facts.session.slug, one.facts.session.starts_at.hour, one.published) for one in planned] == [
            ("opening-keynote", 9, None),
            ("hands-on-workshop", 10, None),
        ]
        talk = planned[0].facts
        assert (talk.room.event_id, talk.track and talk.track.event_id, talk.speakers, talk.session.join_url) == (
            event.id,
            event.id,
            (),
            "",
        )
        assert (event.starts_at, event.registration_opens_at, event.revision) == (
            datetime(2022, 6, 24, 9, tzinfo=UTC), datetime(2022, 6, 24, 9, tzinfo=UTC), 0
        )  # fmt: skip
        assert [room.slug for room in await rooms_of(db, event)] == ["main", "side"]
        assert [track.slug for track in await tracks_of(db, event)] == ["people"]
        assert (list(await speakers_of(db, event)), list(await registrations_at(db, event.id))) == ([], [])
        assert await pool_of_event(db, event.id) is None
        roles = (await db.exec(select(Role).where(Role.event_id == event.id))).all()
        assert [(role.person_id, role.kind) for role in roles] == [(console.people["organiser"].id, RoleKind.organiser)]
        (copied,) = (await db.exec(select(KeyDate).where(KeyDate.event_id == event.id))).all()
        assert (copied.at, copied.words, copied.published, copied.reading) == (datetime(2022, 5, 31, 9, tzinfo=UTC), "Soon.", "", "")


async def test_speakers_come_along_only_if_asked_for_and_never_with_an_account(console: Console) -> None:
    await change(console.organiser, TALK, **{"speaker-ada": "yes"})
    async with console.database.writing() as db:
        ada = (await db.exec(select(Speaker).where(Speaker.slug == "ada"))).one()
        ada.person_id = console.people["delegate"].id
    await send(console.organiser, COPY, WISH | {"speakers": "yes"})
    async with console.database.reading() as db:
        event = await event_at(db, "wi-2022")
        assert [(one.name, one.person_id) for one in await speakers_of(db, event)] == [("Speaker A", None), ("Speaker B", None)]
        assert [one.name for one in (await planned_programme(db, event))[0].facts.speakers] == ["Speaker A"]


async def test_a_copy_is_listed_and_public_once_it_is_released(console: Console) -> None:
    nobody = console.browsers["nobody"]
    await send(console.organiser, COPY, WISH)
    assert "A day for libraries 2022" not in (await look(nobody, "/")).words
    assert "Opening keynote" not in (await look(nobody, "/events/wi-2022/programme")).words
    async with console.database.writing() as db:
        event = await event_at(db, "wi-2022")
        await release_drafts(db, event, BEFORE)
        sessions = await programme_of(db, event)
    old: UUID = console.world.talk.id
    assert (len(sessions), old in {facts.session.id for facts in sessions}) == (2, False)
    assert "A day for libraries 2022" in (await look(nobody, "/")).words
    assert "Opening keynote" in (await look(nobody, "/events/wi-2022/programme")).words


async def test_an_address_that_is_taken_and_people_who_may_not_are_refused(console: Console) -> None:
    page = await send(console.organiser, COPY, WISH | {"slug": "autumn"})
    assert (page.status, page.beside) == (422, {"slug": "There is an event “autumn” already."})
    for who in ("moderator", "delegate", "stranger"):
        assert (await look(console.browsers[who], COPY)).status == 403
        assert (await send(console.browsers[who], COPY, WISH)).status == 403
    await send(console.organiser, COPY, WISH)
    assert (await look(console.browsers["stranger"], f"{NEW}/copied/wi-test")).status == 403
    assert (await look(console.organiser, f"{NEW}/copied/autumn")).status == 403
