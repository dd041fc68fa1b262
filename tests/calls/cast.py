"""A small call for places at the known world's event, with applicants, an organiser and a panel. Made by the actions that people use."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conference.calls.definition import Definition
from conference.calls.opening import add_call
from conference.calls.panel_tables import PanelMember
from conference.calls.rules import CallPlan
from conference.calls.submission_tables import Submission
from conference.calls.submitting import save_draft, start_submission, submit
from conference.calls.tables import Call, CallKind, CallState
from conference.people.actions import grant_role, know_person
from conference.people.tables import Person, RoleKind
from conference.storage.database import Db
from tests.world import World

OPENS = datetime(2021, 1, 11, 9, 0, tzinfo=UTC)
DEADLINE = datetime(2021, 2, 4, 12, 0, tzinfo=UTC)
BEFORE_DEADLINE = DEADLINE - timedelta(days=3)

DEFINITION: dict[str, Any] = {
    "summary": "A place in a week of learning.",
    "purpose": "To learn from one another.",
    "who_may": "Library people who work outside the UK.",
    "who_may_why": "What is learned is used at home.",
    "terms": "Material may be shown to others.",
    "parts": [
        {
            "key": "personal",
            "title": "Personal Details",
            "questions": [
                {"key": "name", "label": "Your name", "kind": "short_text", "identifies": True},
                {"key": "institution", "label": "Your institution", "kind": "short_text", "identifies": True},
                {
                    "key": "country",
                    "label": "Where you work",
                    "kind": "country",
                    "fact": {"title": "Works outside the UK", "rule": "not_country", "values": ["GB"]},
                },
                {
                    "key": "since",
                    "label": "In libraries since",
                    "kind": "date",
                    "fact": {"title": "Three years", "rule": "years_since", "value": 3},
                },
            ],
        },
        {
            "key": "interests",
            "title": "Professional and Personal Interests",
            "questions": [
                {"key": "issue", "label": "The issue you bring", "kind": "long_text", "words": 50},
                {"key": "cv", "label": "A page about you", "kind": "file", "required": False},
            ],
        },
    ],
    "criteria": [
        {"key": "experience", "title": "Experience", "highest": 4},
        {"key": "use", "title": "Use at home", "highest": 4, "weight": 2},
    ],
    "panel": {"blind": True, "reviews_each": 2},
    "after": {"answer_days": 14, "fee": {"total_pence": 230000, "vat_percent": 20}, "invitation_letter": True, "certificate": True},
    "letters": {
        "received": "We have it, {name}.",
        "accepted": "We offer you a place.",
        "reserve": "You are on the reserve list.",
        "rejected": "We can't offer you a place.",
    },
    "feedback": True,
}


@dataclass(slots=True)
class CallWorld:
    """What tests of calls start from: an open call and who runs it."""

    world: World
    call: Call
    organiser: Person


async def build_call(db: Db, world: World, *, places: int | None = 2, kind: CallKind = CallKind.place, **changes: Any) -> CallWorld:
    """`changes`: of the definition."""
    organiser = await know_person(db, "calls@organisers.example", "Organiser of the call", OPENS)
    await grant_role(db, organiser, world.event.id, RoleKind.organiser, OPENS)
    return CallWorld(world, await open_call(db, world, places=places, kind=kind, **changes), organiser)


async def open_call(
    db: Db, world: World, *, places: int | None = 2, kind: CallKind = CallKind.place, slug: str = "week-2021", **changes: Any
) -> Call:
    """The call alone: whoever organises the event runs it."""
    plan = CallPlan(
        slug=slug,
        kind=kind,
        title="A week of learning",
        zone="Europe/London",
        event_id=world.event.id,
        opens_at=OPENS,
        deadline_at=DEADLINE,
        results_by=date(2021, 3, 26),
        places=places,
    )
    return await add_call(db, plan, Definition.model_validate(DEFINITION | changes), OPENS, state=CallState.open)


async def applicant(db: Db, name: str) -> Person:
    return await know_person(db, f"{name.lower().replace(' ', '-')}@{name.split()[-1].lower()}.example", name, OPENS)


async def sent_by(db: Db, call: Call, person: Person, at: datetime = BEFORE_DEADLINE, **changes: Any) -> Submission:
    """A submission that arrived. `changes`: of its answers."""
    answers = {
        "name": person.name,
        "institution": f"Library of {person.name}",
        "country": "KE",
        "since": "2015-03-01",
        "issue": "Our readers are far away.",
    }
    submission = await start_submission(db, call, person, at)
    await save_draft(db, submission, answers | changes, at)
    await submit(db, call, submission, at)
    return submission


async def assessor(db: Db, call: Call, name: str, *, chair: bool = False) -> Person:
    """Somebody on the panel."""
    person = await know_person(db, f"{name.lower().replace(' ', '-')}@panel.example", name, OPENS)
    if call.event_id:
        await grant_role(db, person, call.event_id, RoleKind.assessor, OPENS)
    db.add(PanelMember(call_id=call.id, person_id=person.id, chair=chair, joined_at=OPENS))
    await db.flush()
    return person
