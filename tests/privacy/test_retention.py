"""What is due goes by itself, and nothing else; the page for organisers, the docs and the sweep have one source."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from conference.__main__ import cli
from conference.attendance.tables import StageTime
from conference.mail.actions import queue_mail
from conference.mail.tables import MailState, QueuedMail
from conference.people.tables import Person, SignIn
from conference.privacy.gathering import KEPT
from conference.privacy.retention import is_due, sweep
from conference.privacy.tables import RetentionSweep
from conference.privacy.words import BY_HAND, as_markdown
from conference.record.actions import note
from conference.record.tables import AuditEntry
from conference.registration.kinds import note_code_try
from conference.registration.tables import Star
from conference.settings import Settings
from conference.storage.database import Database, Db
from conference.storage.ids import first_id_at
from tests.conftest import SECRET
from tests.privacy.around import take_part_around
from tests.privacy.cast import come, take_part
from tests.speaking.cast import House
from tests.world import BEFORE, TEN_IN_LONDON, World, delegate

DOCS = Path(__file__).parents[2] / "docs" / "personal-data.md"
NOW = datetime.now(UTC)


async def _made_before(db: Db, table: str, row_id: UUID, days: int) -> UUID:
    """As if it had been made so many days earlier: a row's id tells when."""
    await db.flush()
    earlier = UUID(int=first_id_at(NOW - timedelta(days=days)).int | (row_id.int & ((1 << 62) - 1)))
    connection = await db.connection()
    ids = {"new": earlier.hex, "old": row_id.hex}
    await connection.execute(text(f"UPDATE {table} SET id = :new WHERE id = :old"), ids)
    db.expunge_all()
    return earlier


async def _mail(db: Db, days: int) -> UUID:
    mail = await queue_mail(db, "sign_in", "delegate@x.example", NOW, to_name="Delegate", link="https://x.example/1", minutes=20)
    assert mail
    mail.state, mail.rendered = MailState.sent, b"Dear Delegate"
    return await _made_before(db, "queued_mail", mail.id, days)


async def test_mails_lose_their_words_after_30_days_and_go_after_180(sqlite: Database, settings: Settings) -> None:
    async with sqlite.writing() as db:
        young, old, oldest = [await _mail(db, days) for days in (29, 31, 181)]
        entry = AuditEntry(at=NOW, act="x", subject="y", details={"title": "z"})
        db.add(entry)
        await _made_before(db, "audit_entry", entry.id, 366)
        note(db, "x", "y", NOW, title="z")
    settings.mail_folder.mkdir(parents=True)
    for mail_id in (young, old, oldest):
        (settings.mail_folder / f"{mail_id}.eml").write_bytes(b"Dear Delegate")
    later = NOW + timedelta(hours=2)
    places = (sqlite, settings.data, settings.mail_folder, NOW, later)
    would = await sweep(*places, dry_run=True)
    async with sqlite.reading() as db:
        assert len((await db.exec(select(QueuedMail))).all()) == 3
        assert await is_due(db, NOW)
    taken = await sweep(*places)
    assert {words: count for words, count in taken.items() if count} == {
        "queued_mail: Name and words: 30 days after it was made": 2,
        "queued_mail: 180 days after it was made": 1,
        "audit_entry: Details: 1 year after it was made": 1,
        "Files of mails that are gone": 2,
    }
    assert {words for words, count in would.items() if count} | {"Files of mails that are gone"} == {
        w for w, count in taken.items() if count
    }
    assert [file.stem for file in settings.mail_folder.iterdir()] == [str(young)]
    async with sqlite.reading() as db:
        mails = {mail.id: mail for mail in await db.exec(select(QueuedMail))}
        assert {each: (mail.rendered, mail.to_name) for each, mail in mails.items()} == {
            young: (b"Dear Delegate", "Delegate"),
            old: (None, ""),
        }
        assert sorted(str(row.details) for row in await db.exec(select(AuditEntry))) == ["{'title': 'z'}", "{}"]
        assert (await db.exec(select(RetentionSweep))).one().swept_at == later
        assert not await is_due(db, later)
    again = await sweep(*places)
    assert sum(again.values()) == 0


async def test_what_is_around_a_place_goes_on_its_day_and_never_by_a_rehearsal_of_what_is_to_come(house: House) -> None:
    me = await come(house)
    await take_part(me)
    await take_part_around(me)
    async with house.database.writing() as db:
        await note_code_try(db, house.world.event, None, "192.0.2.1", NOW)
    places = (house.database, house.settings.data, house.settings.mail_folder)
    after = TEN_IN_LONDON + timedelta(days=70)  # the last event is over
    for now, real_now in ((BEFORE, NOW), (after, BEFORE)):
        assert not any((await sweep(*places, now, real_now)).values())
    would = await sweep(*places, after, NOW, dry_run=True)
    assert {words: count for words, count in (await sweep(*places, after, NOW)).items() if count} == {
        "waiting_form: Forms that wait for nothing any more": 4,
        "registration_answer: Answers whose days are over, or whose place was given back": 1,
        "interest: Addresses that were told, left the list or did not confirm": 1,
        "place_invitation: Names and addresses, 30 days after the event": 2,
    }
    assert sum(would.values()) == 8
    taken = await sweep(*places, after, NOW + timedelta(days=366))
    wanted = ("idempotency_key", "door_scan", "stage_time", "reminder", "returned_mail", "code_try")
    assert {words: count for words, count in taken.items() if words.startswith(wanted)} == {
        "idempotency_key: 3 days after it was made": 2,
        "door_scan: 180 days after it was made": 2,
        "stage_time: From when to when: 1 year after it was made": 1,
        "reminder: 30 days after it was made": 1,
        "returned_mail: 180 days after it came back": 1,
        "code_try: 1 day after it was made": 1,
    }
    async with house.database.reading() as db:
        assert (await db.exec(select(StageTime))).one().seconds == 600


async def test_an_account_that_nobody_used_for_three_years_is_erased_and_others_are_not(
    sqlite: Database, settings: Settings, world: World
) -> None:
    long_ago = NOW - timedelta(days=4 * 365)
    async with sqlite.writing() as db:
        people = [await delegate(db, world, name, registered=name == "Registered") for name in ("Unused", "Registered", "Seen", "Young")]
        for person in people[:3]:
            if person.name != "Registered":
                await _made_before(db, "person", person.id, 4 * 365)
        seen = (await db.exec(select(Person).where(Person.name == "Seen"))).one()
        seen.seen_at = NOW - timedelta(days=10)
        unused = (await db.exec(select(Person).where(Person.name == "Unused"))).one()
        unused.seen_at = long_ago
        db.add(SignIn(person_id=seen.id, token_hash="x", made_at=long_ago, expires_at=long_ago + timedelta(days=30)))
    taken = await sweep(sqlite, settings.data, settings.mail_folder, world.event.starts_at, NOW)
    assert taken["person: Accounts that nobody used for 3 years"] == 1
    assert taken["sign_in: 60 days after it expired"] == 1
    async with sqlite.reading() as db:
        assert sorted(await db.exec(select(Person.name))) == ["A delegate", "Registered", "Seen", "Young"]
    async with sqlite.writing() as db:  # by an act that was under way at that very moment
        gone = (await db.exec(select(Person).where(Person.name == "A delegate"))).one()
        db.add(Star(session_id=world.talk.id, person_id=gone.id, made_at=NOW))
    await sweep(sqlite, settings.data, settings.mail_folder, world.event.starts_at, NOW + timedelta(hours=23))
    async with sqlite.reading() as db:
        assert list(await db.exec(select(Star))) == []


def test_the_docs_say_what_the_code_does() -> None:
    assert DOCS.read_text().partition("\n---\n\n")[2] == as_markdown(KEPT)
    assert set(BY_HAND) == {kept.name for kept in KEPT if kept.by_hand}


def test_the_commands_erase_and_sweep(tmp_path: Path) -> None:
    environment = {"CONFERENCE_DATA": str(tmp_path), "CONFERENCE_SECRET_KEY": SECRET}
    swept = CliRunner().invoke(cli, ["retention", "--dry-run"], env=environment)
    assert (swept.exit_code, swept.output.splitlines()[-1]) == (0, "Nothing is due.")
    nobody = CliRunner().invoke(cli, ["forget", "nobody@x.example"], env=environment)
    assert str(nobody.exception) == "Nobody here has this address."
