"""Who has no part in a submission: one rule, asked for one person by every address, and for everybody at once by the meeting."""

from conference.calls.meeting import open_meeting, take_item
from conference.calls.meeting_reading import known_of
from conference.calls.meeting_view import Place, shown_to
from conference.calls.queries import conflicted
from conference.calls.standings import reviews_that_count, shut_out
from conference.calls.submission_tables import Partner, PartnerRole
from conference.people.rules import email_key
from conference.storage.database import Database
from tests.calls.cast import applicant, assessor, build_call, sent_by
from tests.calls.room import AFTER, conflict_with, scores
from tests.world import build_world


async def test_whom_an_application_names_is_outside_for_the_meeting_as_for_every_page(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        made = await build_call(db, await build_world(db))
        people = [await assessor(db, made.call, name) for name in ("Assessor in Sydney", "Assessor in Toronto", "Assessor in Lagos")]
        named, declared, applies = people
        sent = [await sent_by(db, made.call, await applicant(db, "Librarian in Nairobi")), await sent_by(db, made.call, applies)]
        first, email = sent[0], named.email
        db.add(Partner(submission_id=first.id, role=PartnerRole.referee, name="A referee", email=email, email_key=email_key(email)))
        db.add(conflict_with(first, declared))
        await scores(db, first, named, 4)
        await scores(db, first, applies, 3)
        chair = await assessor(db, made.call, "Chair of the panel", chair=True)
        await open_meeting(db, made.call, AFTER, by=chair)
        await take_item(db, made.call, first, AFTER, by=chair)
    async with sqlite.reading() as db:
        everybody = await shut_out(db, made.call)
        assert {each.id: everybody.get(each.id, set()) for each in people} == {
            each.id: await conflicted(db, made.call.id, each.id) for each in people
        }
        assert [review.person_id for review in (await reviews_that_count(db, sent))[first.id]] == [applies.id]
        shown = shown_to(named.id, await known_of(db, made.call, AFTER))
    assert (shown.place, shown.item, [row.number for row in shown.rows]) == (Place.outside, None, [2])
