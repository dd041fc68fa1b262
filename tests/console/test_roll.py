"""An organiser finds people, acts for several at once after seeing what it would do, and takes the list away as a harmless table."""

import csv
import io
import re

from openpyxl import load_workbook
from sqlalchemy import update
from sqlmodel import col, select

from conference.people.tables import Person
from conference.programme.tables import Event, Session
from conference.record.tables import AuditEntry, IdempotencyKey
from conference.registration.queries import people_booked
from conference.registration.roll import roll_of
from conference.registration.roll_filter import RollFilter
from conference.registration.seats import book_seat
from conference.registration.tables import CapacityPool, Registration
from tests.console.cast import MANAGE, Console, Page, look, page_of, send
from tests.world import BEFORE, delegate

ROLL, ACTS = f"{MANAGE}/registrations", f"{MANAGE}/registrations/acts"
DO = f"{ACTS}/execution"


async def come(console: Console, *names: str) -> dict[str, Person]:
    async with console.database.writing() as db:
        return {name: await delegate(db, console.world, name) for name in names}


async def book(console: Console, *people: Person) -> None:
    async with console.database.writing() as db:
        event, workshop = await db.get_one(Event, console.world.event.id), await db.get_one(Session, console.world.workshop.id)
        for person in people:
            await book_seat(db, event, workshop, person, BEFORE, BEFORE)


async def ids(console: Console, *names: str) -> list[str]:
    """Of these people's registrations."""
    async with console.database.reading() as db:
        rows = {row.name: str(row.id) for row in await roll_of(db, console.world.event, RollFilter())}
    return [rows[name] for name in names]


async def seated(console: Console) -> list[str]:
    async with console.database.reading() as db:
        return [person.name for _, person in await people_booked(db, console.world.workshop.id)]


async def preview(console: Console, who: list[str], **typed: str) -> Page:
    """What the organiser is shown who ticks these, and the form to carry it out."""
    fields = [("whom", "ticked"), *(("who", one) for one in who), *typed.items()]
    answer = await console.organiser.post(ACTS, content="&".join(f"{name}={value}" for name, value in fields), headers=FORM)
    return page_of(answer)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_a_long_list_is_read_in_pages_that_leave_out_nobody(console: Console) -> None:
    async with console.database.writing() as db:
        people = [
            Person(email=f"{n}@many.example", email_key=f"{n}@many.example", name=f"Delegate {n:03}", made_at=BEFORE) for n in range(149)
        ]
        db.add_all(people)
        await db.flush()
        event_id = console.world.event.id  # all at the same moment
        db.add_all(
            [Registration(event_id=event_id, person_id=one.id, name=one.name, made_at=BEFORE, confirmed_at=BEFORE) for one in people]
        )
    first, second = [await look(console.organiser, f"{ROLL}?order=name&page={page}") for page in (1, 2)]
    assert "150 registrations , 1 to 100 on this page" in first.words
    found = [re.findall(r'class="roll__who"><a[^>]*>([^<]+)', page.text) for page in (first, second)]
    assert [len(page) for page in found] == [100, 50]
    assert found[0] + found[1] == [*(f"Delegate {n:03}" for n in range(149)), "Delegate in Nairobi"]
    assert (await look(console.organiser, f"{ROLL}?page=99")).words.count("Page 2 of 2") == 1


async def test_a_filter_that_fits_nobody_or_cannot_be_says_so(console: Console) -> None:
    assert "Nobody fits that" in (await look(console.organiser, f"{ROLL}?q=nobody")).words
    wrong = await look(console.organiser, f"{ROLL}?state=gone")
    assert (wrong.status, wrong.beside) == (422, {"state": "Choose a state from the list."})


async def test_places_taken_back_together_are_seen_before_and_reported_after(console: Console) -> None:
    people = await come(console, "Ann", "Ben", "Cem")
    await book(console, people["Ann"], people["Ben"], people["Cem"])
    page = await preview(console, await ids(console, "Ann", "Cem"), act="cancel")
    assert "2 people would lose their places, and with them 1 seat, which go to whoever waits next." in page.words
    assert "Ann ann@delegates.example Loses the place, the seat in “Hands-on workshop”." in page.words
    assert "Cem cem@delegates.example Loses the place, the turn for “Hands-on workshop”." in page.words
    assert await seated(console) == ["Ann", "Ben"]
    report = await send(console.organiser, DO, page.form(DO))
    assert "Places taken back Done for 2." in report.words
    assert "by Organiser in London" in report.words
    assert await seated(console) == ["Ben"]
    again = await send(console.organiser, DO, page.form(DO))  # the same press twice does nothing twice
    assert "Done for 0, not for 2." in again.words


async def test_what_changed_since_the_preview_is_left_alone_and_told(console: Console) -> None:
    people = await come(console, "Ann", "Ben")
    page = await preview(console, await ids(console, "Ann", "Ben"), act="cancel")
    await book(console, people["Ben"])
    report = await send(console.organiser, DO, page.form(DO))
    assert "Done for 1, not for 1." in report.words
    assert "Ben Changed since you looked: loses the place, the seat in “Hands-on workshop”." in report.words
    assert await seated(console) == ["Ben"]


async def test_seats_are_given_to_as_many_as_fit_in_the_order_they_came(console: Console) -> None:
    people = await come(console, "Ann", "Ben", "Cem")
    await book(console, people["Cem"])
    page = await preview(console, await ids(console, "Cem", "Ben", "Ann"), act="seat", session="hands-on-workshop")
    assert "1 seat is free in “Hands-on workshop”: 1 person would get one." in page.words
    assert "Ann ann@delegates.example Gets a seat." in page.words
    assert "Ben ben@delegates.example No seat is left for them." in page.words
    assert "Cem cem@delegates.example Has a seat there already." in page.words
    report = await send(console.organiser, DO, page.form(DO))
    assert "Seats given in “Hands-on workshop” Done for 1, not for 2." in report.words
    assert await seated(console) == ["Cem", "Ann"]


async def test_a_seat_that_went_meanwhile_is_given_to_nobody(console: Console) -> None:
    people = await come(console, "Ann", "Ben", "Cem")
    page = await preview(console, await ids(console, "Ann"), act="seat", session="hands-on-workshop")
    await book(console, people["Ben"], people["Cem"])
    report = await send(console.organiser, DO, page.form(DO))
    assert "Ann Changed since you looked: no seat is left for them." in report.words
    assert await seated(console) == ["Ben", "Cem"]


async def test_what_one_person_cannot_have_any_more_takes_nothing_from_the_person_before(console: Console) -> None:
    people = await come(console, "Ann", "Ben", "Cem", "Dan", "Eve")
    await book(console, people["Cem"], people["Dan"], people["Eve"])
    async with console.database.writing() as db:  # two more seats, which nobody has passed on yet
        await db.exec(update(CapacityPool).where(col(CapacityPool.last_turn) == 1).values(capacity=4))
    page = await preview(console, await ids(console, "Ann", "Ben"), act="seat", session="hands-on-workshop")
    assert "2 people would get one." in page.words
    report = await send(console.organiser, DO, page.form(DO))
    assert "Done for 1, not for 1." in report.words
    assert "Ben Changed since you looked: no seat is left in “Hands-on workshop”." in report.words
    assert sorted(await seated(console)) == ["Ann", "Cem", "Dan", "Eve"]


async def test_nothing_ticked_too_many_or_somebody_elses_does_nothing(console: Console) -> None:
    assert (await send(console.organiser, ACTS, {"act": "cancel"})).said.startswith("Nobody was ticked")
    autumn = console.browsers["stranger"]
    [nairobi] = await ids(console, "Delegate in Nairobi")
    shown = await autumn.post("/manage/events/autumn/registrations/acts", content=f"act=cancel&who={nairobi}", headers=FORM)
    assert "Delegate in Nairobi" not in shown.text
    assert len(await ids(console, "Delegate in Nairobi")) == 1


async def test_a_table_taken_away_is_text_throughout_and_noted(console: Console) -> None:
    await come(console, "=1+1", "+44", "-2+3")
    columns = "&".join(f"column={name}" for name in ("name", "email", "state", "seats"))
    answer = await console.organiser.post(
        f"{ROLL}/export", content=f"{columns}&format=csv&query=order%3Dname&once={'k' * 22}", headers=FORM
    )
    assert answer.headers["content-disposition"] == 'attachment; filename="registrations-wi-test-2021-06-25.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "E-mail address", "State", "Seats"]
    assert [row[0] for row in rows[1:]] == ["'+44", "'-2+3", "'=1+1", "Delegate in Nairobi"]
    book_ = await console.organiser.post(f"{ROLL}/export", content="column=name&format=xlsx&query=order%3Dname", headers=FORM)
    [sheet] = load_workbook(io.BytesIO(book_.content)).worksheets
    cells = [(cell.value, cell.data_type) for (cell,) in sheet.iter_rows(min_row=2)]
    assert cells == [("+44", "s"), ("-2+3", "s"), ("=1+1", "s"), ("Delegate in Nairobi", "s")]
    async with console.database.reading() as db:
        noted = (await db.exec(select(AuditEntry).where(AuditEntry.act == "registrations exported").order_by(col(AuditEntry.id)))).all()
        assert list(await db.exec(select(IdempotencyKey))) == []  # the list is kept for no second press
    assert [entry.details for entry in noted] == [
        {"rows": 4, "columns": ["name", "email", "state", "seats"], "format": "csv"},
        {"rows": 4, "columns": ["name"], "format": "xlsx"},
    ]


async def test_an_export_of_those_ticked_has_them_alone_and_needs_a_column(console: Console) -> None:
    await come(console, "Ann", "Ben")
    page = await preview(console, await ids(console, "Ben"), act="export")
    fields = page.form(f"{ROLL}/export")
    assert "1 registration of A day for libraries." in page.words
    none = await send(console.organiser, f"{ROLL}/export", {"who": fields["who"], "format": "csv"})
    assert (none.status, "Choose at least one column." in none.words) == (422, True)
    answer = await console.organiser.post(f"{ROLL}/export", content=f"who={fields['who']}&column=name&format=csv", headers=FORM)
    assert answer.text.splitlines()[1:] == ['"Ben"']


async def test_one_persons_page_tells_what_they_have_and_what_happened(console: Console) -> None:
    people = await come(console, "Ann", "Ben")
    await book(console, people["Ann"])
    page = await preview(console, await ids(console, "Ben"), act="seat", session="hands-on-workshop")
    await send(console.organiser, DO, page.form(DO))
    [ben] = await ids(console, "Ben")
    shown = (await look(console.organiser, f"{ROLL}/{ben}")).words
    assert "Hands-on workshop Has a seat Fri 25 June, 11:00" in shown
    assert "A seat in “Hands-on workshop” was given by an organiser" in shown
    assert ", by Organiser in London" in shown
    assert "Got a seat in “Hands-on workshop”" in shown
    assert "The place was confirmed" in shown
    assert "Ann" not in shown
