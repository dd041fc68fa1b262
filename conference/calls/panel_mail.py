"""Reminding members of a panel of the reviews that they owe. The mail names no submission and nobody who applies."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from conference.calls.definition import Definition
from conference.calls.panel_queries import assignments_of, members_of, reviews_of
from conference.calls.panel_rules import reviews_due_at
from conference.calls.panel_tables import Assignment, PanelMember, Review
from conference.calls.queries import definition_of
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallState
from conference.mail.actions import queue_mail
from conference.storage.database import Db
from conference.times import spoken_moment

AHEAD = timedelta(days=3)  # before the reviews are due: then everybody who owes one is reminded, once


async def due_panels(db: Db, now: datetime) -> Sequence[Call]:
    """Calls whose reviews are due within days, with a member who owes some and was not reminded of it."""
    done = select(Review.id).where(
        Review.submission_id == Assignment.submission_id, Review.person_id == Assignment.person_id, col(Review.submitted_at).is_not(None)
    )
    owing = (
        select(Call)
        .join(Submission, col(Submission.call_id) == col(Call.id))
        .join(Assignment, col(Assignment.submission_id) == col(Submission.id))
        .join(PanelMember, (col(PanelMember.call_id) == col(Call.id)) & (col(PanelMember.person_id) == col(Assignment.person_id)))
        .where(
            col(Call.state).in_((CallState.open, CallState.closed)),
            col(Call.deadline_at) <= now,
            col(Assignment.ended_at).is_(None),
            col(PanelMember.ended_at).is_(None),
            or_(col(PanelMember.reminded_at).is_(None), col(PanelMember.reminded_at) < now - AHEAD),
            ~done.exists(),
        )
    )
    calls = {call.id: call for call in await db.exec(owing)}
    return [call for call in calls.values() if await _is_near(db, call, now)]


async def remind_due(db: Db, now: datetime, real_now: datetime) -> int:
    """By themselves, a few days ahead; how many mails."""
    return sum([await remind_panel(db, call, await definition_of(db, call), now, real_now) for call in await due_panels(db, now)])


async def _is_near(db: Db, call: Call, now: datetime) -> bool:
    due = reviews_due_at(call, (await definition_of(db, call)).panel)
    return due is not None and due - AHEAD <= now < due


async def remind_panel(db: Db, call: Call, definition: Definition, now: datetime, real_now: datetime) -> int:
    """A mail to each who owes a review and was not reminded within a day; how many."""
    due, reminded = reviews_due_at(call, definition.panel), 0
    done = {(each.submission_id, each.person_id) for each in await reviews_of(db, call.id) if each.submitted_at}
    owed = [each.person_id for each in await assignments_of(db, call.id) if (each.submission_id, each.person_id) not in done]
    for member, person in await members_of(db, call.id):
        missing = owed.count(person.id)
        if not missing or (member.reminded_at and (now - member.reminded_at).days < 1):
            continue
        zone = person.zone or call.zone
        await queue_mail(
            db, "panel_reminded", person.email, real_now, to_name=person.name, person_id=person.id, event_id=call.event_id, zone=zone,
            call=call.title, panel_path=f"/panel/{call.slug}", missing_reviews=missing,
            due=spoken_moment(due, zone) if due else "",
        )  # fmt: skip
        member.reminded_at = now
        reminded += 1
    return reminded
