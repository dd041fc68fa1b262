"""What else is in one's own calendar: stars, what one was taken off, what one moderates; and alarms for whoever wants them."""

from datetime import timedelta
from itertools import pairwise

from sqlmodel import select

from conference.calendars.tables import FeedToken
from conference.people.actions import end_role, grant_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at, session_at
from conference.programme.tables import Speaker
from conference.registration.actions import cancel_registration
from conference.registration.stars import star_session, unstar_session
from tests.calendars.cast import FUNDRAISING, JUNE, House, event_lines, questions_to, read_alike, tag_of
from tests.calendars.organiser import Organiser
from tests.ics.cast import lines_of
from tests.ics.readers import instants_by_ical

WORKSHOP = "Workshop: Fundraising for international projects"
STAR = f"/events/wi-2021/sessions/{FUNDRAISING}/star"
HOUR = timedelta(hours=1)


async def workshop(house: House, path: str) -> tuple[str, int, str]:
    [event] = [event for event in read_alike(await house.feed(path)).values() if WORKSHOP in event.summary]
    return event.status, event.sequence, event.description.rsplit("\n\n", 1)[1]


async def test_a_star_is_in_the_calendar_until_it_is_taken_off_and_then_as_a_tombstone(house: House) -> None:
    amara = await house.delegate("Amara", registered=False)
    path = await house.secret_path(amara)
    seen = []
    for step, act in enumerate((star_session, star_session, unstar_session, star_session)):
        async with house.database.writing() as db:
            session = (await session_at(db, "wi-2021", FUNDRAISING)).session
            await act(db, session, await db.merge(amara), JUNE + step * HOUR)
        seen.append(await workshop(house, path))
    starred = ("CONFIRMED", 0, "In your calendar because you put a star on it.")
    left = ("CANCELLED", 1, "In your calendar because it had your star, which you took off.")
    assert seen == [starred, starred, left, ("CONFIRMED", 2, starred[2])]


async def test_a_star_is_put_on_and_taken_off_by_its_button(house: House) -> None:
    await house.sign_in(await house.delegate("Amara"))
    page = STAR.removesuffix("/star")
    answers = [await house.client.post(f"{STAR}{end}", data={"next": back}) for end, back in (("", ""), ("", "/me"), ("/removal", ""))]
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, page), (303, "/me"), (303, page)]


async def test_only_who_is_signed_in_stars_and_a_cancelled_session_gets_none(house: House) -> None:
    assert (await house.client.post(STAR)).status_code == 401
    await house.sign_in(await house.delegate("Amara"))
    await house.cancel(FUNDRAISING, "", JUNE)
    assert (await house.client.post(STAR)).status_code == 409


async def test_the_session_s_page_has_the_star_s_button_and_one_s_own_page_what_has_it(house: House) -> None:
    page = f"/events/wi-2021/sessions/{FUNDRAISING}"
    assert f'action="{STAR}' not in (await house.client.get(page)).text
    await house.sign_in(await house.delegate("Amara"))
    assert f'action="{STAR}"' in (await house.client.get(page)).text
    await house.client.post(STAR, data={"next": "/me"})
    assert f'action="{STAR}/removal"' in (await house.client.get(page)).text


async def speaking(house: House) -> tuple[str, Organiser]:
    amara = await house.delegate("Amara", registered=False)
    async with house.database.writing() as db:
        (await db.exec(select(Speaker).where(Speaker.slug == "eman-bushulaibi"))).one().person_id = amara.id
    return await house.secret_path(amara), Organiser(house, "keynote-eman-bushulaibi")


async def test_whoever_is_taken_off_a_session_keeps_a_tombstone_of_it(house: House) -> None:
    path, organiser = await speaking(house)
    [spoke] = instants_by_ical(await house.feed(path))
    await organiser.do(organiser.silence)
    [silent] = instants_by_ical(await house.feed(path))
    await organiser.do(organiser.undo)
    [again] = instants_by_ical(await house.feed(path))
    assert [(one.status, one.sequence) for one in (spoke, silent, again)] == [("CONFIRMED", 0), ("CANCELLED", 1), ("CONFIRMED", 2)]
    assert {one.uid for one in (spoke, silent, again)} == {spoke.uid}
    assert silent.description.endswith("In your calendar because you were to speak at it, and no longer are.")


async def test_no_sequence_falls_when_the_person_behind_a_speaker_is_untold(house: House) -> None:
    path, organiser = await speaking(house)
    await organiser.do(organiser.silence)
    await organiser.do(organiser.undo)
    seen = [sequences(await house.feed(path))]
    amara = await house.delegate("Amara")
    seen.append(sequences(await house.feed(path)))
    async with house.database.writing() as db:
        (await db.exec(select(Speaker).where(Speaker.person_id == amara.id))).one().person_id = None
    seen.append(sequences(await house.feed(path)))
    [talk] = seen[0]
    assert [each[talk] for each in seen] == [2, 2, 2]


def sequences(feed: bytes) -> dict[str, int]:
    return {event.uid: event.sequence for event in instants_by_ical(feed)}


async def choose(house: House, person: Person, **typed: str) -> None:
    await house.sign_in(person)
    assert (await house.client.post("/me/calendar/choices", data=typed)).status_code == 303
    house.client.cookies.clear()


async def test_moderators_choose_whether_the_sessions_with_a_stage_are_theirs(house: House) -> None:
    amara = await house.delegate("Amara", registered=False)
    path = await house.secret_path(amara)
    async with house.database.writing() as db:
        events = [await event_at(db, slug) for slug in ("wi-2021", "illp-2025")]
        for event in events:
            await grant_role(db, await db.merge(amara), event.id, RoleKind.moderator, JUNE)
    before = await house.feed(path)
    await choose(house, amara, alarm="0", moderated="yes")
    during = instants_by_ical(await house.feed(path))
    async with house.database.writing() as db:
        await end_role(db, await db.merge(amara), events[0].id, RoleKind.moderator, JUNE + HOUR)
    after = instants_by_ical(await house.feed(path))
    assert instants_by_ical(before) == []
    assert ({one.status for one in during}, {one.starts[:4] for one in during}, len(during)) == ({"CONFIRMED"}, {"2021"}, 16)
    assert {(one.status, one.sequence) for one in after} == {("CANCELLED", 1)}


async def test_an_alarm_is_in_one_s_own_calendar_alone_and_only_when_asked_for(house: House) -> None:
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    silent = await house.feed(path)
    await choose(house, amara, alarm="10")
    loud = lines_of(await house.feed(path))
    await choose(house, amara, alarm="0")
    quiet = await house.feed(path)
    assert (silent.count(b"VALARM"), quiet.count(b"VALARM")) == (0, 0)
    first = loud.index("BEGIN:VALARM")
    assert loud[first : first + 5] == ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Welcome", "TRIGGER:-PT10M", "END:VALARM"]
    assert loud.count("BEGIN:VALARM") == loud.count("STATUS:CONFIRMED") - sum(line.startswith("TRANSP:TRANSPARENT") for line in loud)
    await house.sign_in(amara)
    assert (await house.client.post("/me/calendar/choices", data={"alarm": "7"})).status_code == 422


async def test_key_dates_of_one_s_events_are_there_and_leave_with_the_registration(house: House) -> None:
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    [closing] = [line for line in lines_of(await house.feed(path)) if line.startswith("SUMMARY:Registration closes")]
    here = event_lines(await house.feed(path), closing.removeprefix("SUMMARY:"))
    async with house.database.writing() as db:
        await cancel_registration(db, await event_at(db, "wi-2021"), await db.merge(amara), JUNE + HOUR, JUNE)
    gone = event_lines(await house.feed(path), "Cancelled: " + closing.removeprefix("SUMMARY:"))
    assert [(each["TRANSP"], each["STATUS"], each["SEQUENCE"]) for each in (here, gone)] == [
        ("TRANSPARENT", "CONFIRMED", "0"),
        ("TRANSPARENT", "CANCELLED", "1"),
    ]


async def test_its_owner_sees_when_and_by_what_kind_of_app_it_was_read(house: House) -> None:
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    first = await house.client.get(path, headers={"User-Agent": "Google-Calendar-Importer <script>"})
    await house.client.get(path, headers={"User-Agent": "Thunderbird", **tag_of(first)})
    async with house.database.reading() as db:
        token = (await db.exec(select(FeedToken))).one()
    await house.sign_in(amara)
    page = (await house.client.get("/me")).text
    assert token.last_fetched_by == "Google Calendar"  # the second came within the hour
    assert "Last read by Google Calendar at" in page
    assert "script>" not in page.partition("Last read by")[2].partition("</p>")[0]


async def test_an_address_taken_back_works_no_more_and_the_next_is_another(house: House) -> None:
    amara = await house.delegate("Amara")
    old = await house.secret_path(amara)
    await house.sign_in(amara)
    answer = await house.client.post("/me/calendar/revocation")
    gone = (await house.client.get(old)).status_code
    page = (await house.client.get("/me")).text
    code = (await house.client.get("/me/calendar/address.svg")).status_code
    again = await house.secret_path(amara)
    assert (answer.status_code, gone, code, "Get my calendar’s address" in page) == (303, 404, 404, True)
    assert again != old


async def test_every_change_of_these_is_seen_by_the_next_poll(house: House) -> None:
    amara = await house.delegate("Amara")
    path = await house.secret_path(amara)
    tags = [(await house.client.get(path)).headers["etag"]]
    for alarm in ("10", "30", "10"):
        await choose(house, amara, alarm=alarm)
        tags.append((await house.client.get(path)).headers["etag"])
    assert [before != after for before, after in pairwise(tags)] == [True, True, True]
    with questions_to(house.database) as asked:
        await house.client.get(path, headers={"If-None-Match": tags[-1]})
    assert len(asked) == 1
