"""Reading a meeting for everybody who is at it, out of one moment of the database."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from conference.calls.definition import Definition
from conference.calls.meeting_tables import Minute, MinuteKind, SelectionAttendee, SelectionMeeting
from conference.calls.meeting_view import Here, Known, Opinion
from conference.calls.minutes import open_meeting_of
from conference.calls.panel_tables import PanelMember, Score
from conference.calls.queries import definition_of
from conference.calls.ranking import ranked
from conference.calls.standings import (
    in_the_running,
    reserve_list,
    reviews_that_count,
    scored_for,
    shut_out,
    standing_decisions,
    still_to_score,
)
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.people.queries import people_by_id
from conference.people.tables import Role, RoleKind
from conference.storage.database import Db


async def known_of(db: Db, call: Call, real_now: datetime) -> Known:
    definition = await definition_of(db, call)
    submissions = await in_the_running(db, call)
    meeting = await open_meeting_of(db, call.id)
    decisions = await standing_decisions(db, call.id)
    current = meeting.current_id if meeting else None
    there = {each.id for each in submissions}
    return Known(
        slug=call.slug,
        meets=meeting is not None,
        current_id=current if current in there else None,  # withdrawn meanwhile: the table is empty
        ranking=ranked(
            definition.criteria, await scored_for(db, definition, submissions), places=call.places, budget_pence=call.budget_pence
        ),
        decisions=decisions,
        reserve=tuple(submission.id for _, submission in await reserve_list(db, call.id)),
        people=await _people(db, call, meeting),
        out=await shut_out(db, call),
        due=await still_to_score(db, call) if definition.panel.alone_first else {},
        opinions=await _opinions(db, definition, [each for each in submissions if each.id == current]),
        notes=await _notes(db, meeting, current),
        places=call.places,
        budget_pence=call.budget_pence,
        open_count=_still_open(submissions, decisions),
        real_now=real_now,
    )


async def at_the_table(db: Db, call: Call) -> set[UUID]:
    """Who may be at the meeting: the panel, and who runs the call."""
    panel = select(PanelMember.person_id).where(PanelMember.call_id == call.id, col(PanelMember.ended_at).is_(None))
    return set((await db.exec(panel)).all()) | await who_runs(db, call)


async def who_runs(db: Db, call: Call) -> set[UUID]:
    """Organisers of the call's event; of any event where it has none."""
    organising = select(Role.person_id).where(Role.kind == RoleKind.organiser, col(Role.ended_at).is_(None))
    return set((await db.exec(organising.where(Role.event_id == call.event_id) if call.event_id else organising)).all())


def _still_open(submissions: Collection[Submission], decisions: Collection[UUID]) -> int:
    return sum(each.id not in decisions for each in submissions)


async def _people(db: Db, call: Call, meeting: SelectionMeeting | None) -> dict[UUID, Here]:
    """The panel, and who else came in; the chair first."""
    members = (await db.exec(select(PanelMember).where(PanelMember.call_id == call.id, col(PanelMember.ended_at).is_(None)))).all()
    roles = {each.person_id: "Chair" if each.chair else "Panel" for each in members}
    seen: dict[UUID, datetime] = {}
    if meeting:
        rows = await db.exec(select(SelectionAttendee).where(SelectionAttendee.meeting_id == meeting.id))
        seen = {each.person_id: each.seen_at for each in rows}
    known = await people_by_id(db, {*roles, *seen})
    here = [Here(each.id, each.name, roles.get(each.id, "Organiser"), seen.get(each.id)) for each in known.values()]
    here.sort(key=lambda each: (each.role, each.name, each.person_id))
    return {each.person_id: each for each in here}


async def _opinions(db: Db, definition: Definition, on_table: list[Submission]) -> tuple[Opinion, ...]:
    if not on_table:
        return ()
    reviews = (await reviews_that_count(db, on_table)).get(on_table[0].id, [])
    people = await people_by_id(db, {each.person_id for each in reviews})
    scores = (await db.exec(select(Score).where(col(Score.review_id).in_([each.id for each in reviews])))).all()
    values = {(each.review_id, each.criterion): each.value for each in scores}
    return tuple(
        Opinion(
            review.person_id,
            people[review.person_id].name,
            tuple((one.title, values[review.id, one.key], one.highest) for one in definition.criteria if (review.id, one.key) in values),
            review.comment,
        )
        for review in reviews
    )


async def _notes(db: Db, meeting: SelectionMeeting | None, current: UUID | None) -> tuple[tuple[UUID, str], ...]:
    if meeting is None or current is None:
        return ()
    lines = select(Minute).where(Minute.meeting_id == meeting.id, Minute.submission_id == current, Minute.kind == MinuteKind.noted)
    return tuple((line.by_id, line.words) for line in await db.exec(lines.order_by(col(Minute.at), col(Minute.id))))
