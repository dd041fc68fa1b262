"""What our traveller does around a place: the form, the list, others' places, the door, mail. And what must be left of it: counts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlmodel import col, select

from conference.attendance.noting import note_attendance
from conference.mail.returns import refused_at_the_door
from conference.mail.tables import EventSender, QueuedMail, Reminder
from conference.programme.tables import Event
from conference.registration.calendar_mail import tell_calendar
from conference.registration.form_reading import field_name
from conference.registration.form_rules import QuestionPlan
from conference.registration.form_tables import AnswerKind, SeenBy
from conference.registration.questions import add_question, publish_terms, set_choices
from conference.registration.tables import CapacityPool, Registration
from tests.privacy.cast import ADDRESS, Traveller
from tests.speaking.cast import EVENT, MANAGE
from tests.world import BEFORE, TEN_IN_LONDON

ELSEWHERE, LATER = "/events/elsewhere/registration", "/events/later"
KEY = "a-key-of-sixteen-letters"
GROUP = "Reading Rooms of the Steppe"
MINUTES = int(BEFORE.timestamp()), int(BEFORE.timestamp()) + 600
WHAT = QuestionPlan("Who helps you?", "", AnswerKind.short_text, (), False, 30, SeenBy.organisers)


async def take_part_around(me: Traveller) -> None:
    """After `take_part`."""
    field, elsewhere = await _organise(me)
    await _on_lists(me, elsewhere)
    said = {"name": (await me.person()).name, field: "Xyzzyq's sister", "terms-1": "yes"}
    assert (await me.post(f"{EVENT}/registration/answers", **said)).status_code == 303
    assert (await me.post("/me/mail/wi-test", invitation="yes", reminder="yes")).status_code == 303
    await me.post(f"{EVENT}/registration/transfer", name="Colleague in Oslo", email="oslo@delegates.example")
    for name in ("Xyzzyq by the river", (await me.person()).name):
        assert (await me.post("/me/details", name=name, organisation="Xyzzyq Library", country="MN", zone="", once=KEY)).status_code == 303
    await _be_there(me)
    await _be_written_to(me)


async def turns_of(me: Traveller, slug: str = "elsewhere") -> tuple[int, int]:
    """Places taken and held back there."""
    async with me.house.database.reading() as db:
        found = select(CapacityPool).join(Event).where(Event.slug == slug)
        pool = (await db.exec(found)).one()
    return pool.taken, pool.held


async def _organise(me: Traveller) -> tuple[str, str]:
    """A question and terms at one event; three places at another, with offers that last; a third, which opens later."""
    async with me.house.database.writing() as db:
        event, elsewhere = me.house.world.event, me.house.elsewhere
        question = await add_question(db, event, WHAT, BEFORE)
        other = await add_question(db, elsewhere, WHAT, BEFORE)
        await publish_terms(db, event, "Be kind.", BEFORE)
        db.add(CapacityPool(event_id=elsewhere.id, capacity=3, waiting=True, offer_minutes=60))
        await set_choices(db, elsewhere, 2, None, None, BEFORE)
        later = elsewhere.model_dump(exclude={"id", "slug", "starts_at", "ends_at"})
        opens, starts = BEFORE + timedelta(days=30), TEN_IN_LONDON + timedelta(days=60)
        later |= {"slug": "later", "registration_opens_at": opens, "starts_at": starts, "ends_at": starts + timedelta(hours=7)}
        db.add(Event(**later))
        db.add(EventSender(event_id=event.id, reply_to=ADDRESS, modified_at=BEFORE))
    return field_name(question), field_name(other)


async def _on_lists(me: Traveller, field: str) -> None:
    """Two of three places for a group, the third on offer to me, three others in line behind me; and an address for news."""
    assert (await me.post(f"{ELSEWHERE}/group", institution=GROUP, places="2")).status_code == 303
    await me.post(f"{ELSEWHERE}/group/names", names="Delegate in Riga, riga@delegates.example")
    await me.post(ELSEWHERE, "other")
    await me.post(ELSEWHERE, **{field: "Xyzzyq's brother"})
    for who in ("partner", "guest", "delegate"):
        await me.post(ELSEWHERE, who)
    await me.post(f"{ELSEWHERE}/cancellation", "other")
    assert (await me.post(f"{LATER}/interest")).status_code == 303
    assert await turns_of(me) == (1, 2)


async def _be_there(me: Traveller) -> None:
    """At a door, noted twice; and ten minutes on a stage."""
    person = await me.person()
    async with me.house.database.writing() as db:
        await note_attendance(db, me.house.world.talk.id, {person.id: [MINUTES]})
        mine = select(Registration).where(Registration.person_id == person.id, Registration.event_id == me.house.world.event.id)
        place = (await db.exec(mine.where(col(Registration.cancelled_at).is_(None)))).one()
    for _ in range(2):
        act = {"client_id": str(uuid4()), "occasion": "day:2021-06-25", "scanned_at": BEFORE.isoformat(), "how": "name"}
        said = {"sent_at": BEFORE.isoformat(), "acts": [act | {"place": str(place.id)}]}
        answer = await me.house.browsers["organiser"].post(f"{MANAGE}/door/scans", json=said, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text


async def _be_written_to(me: Traveller) -> None:
    """A seat as a calendar's entry, a reminder, and a mail that came back."""
    person, workshop, real_now = await me.person(), me.house.world.workshop, datetime.now(UTC)
    async with me.house.database.writing() as db:
        assert await tell_calendar(db, person.id, workshop.id, BEFORE, real_now, rehearsed=False)
        db.add(Reminder(person_id=person.id, subject_id=workshop.id, lead="day", starts_at=workshop.starts_at))
        mail = (await db.exec(select(QueuedMail).where(QueuedMail.to_address == ADDRESS).limit(1))).one()
        await refused_at_the_door(db, mail, "Nobody here is called Xyzzyq", real_now)
    assert (await me.post("/me/mail/address")).status_code == 303  # else nothing more is sent there
