"""The one way to an application for whoever writes it: the applicant, or organisers where they entered it on somebody's behalf."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from starlette.requests import Request

from conference.calls.definition import Definition, Part
from conference.calls.queries import call_at, conflicted, newest_version
from conference.calls.rights import organises
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call, CallVersion
from conference.calls.words import reference_of
from conference.errors import NotFound
from conference.people.access import require_person
from conference.people.tables import Person
from conference.storage.database import Db
from conference.times import TimeShown, show
from conference.web.links import full_address
from conference.web.request import zone_for

NOT_YOURS = "There is no such application, or it is not yours."


@dataclass(frozen=True, slots=True)
class Mine:
    """An application, and whoever is at it."""

    call: Call
    asked: CallVersion  # the newest of the call
    definition: Definition
    submission: Submission
    applicant: Person
    person: Person  # who is here

    @property
    def on_behalf(self) -> bool:
        return self.person.id != self.applicant.id

    @property
    def reference(self) -> str:
        return reference_of(self.call, self.submission.number)


async def own_submission(db: Db, request: Request) -> Mine:
    """The application of `{call}` and `{number:int}` in the address. Raises SignInNeeded, and NotFound for everybody else's."""
    person = await require_person(db, request)
    call = await call_at(db, request.path_params["call"])
    numbered = select(Submission).where(Submission.call_id == call.id, Submission.number == request.path_params["number"])
    found = (await db.exec(numbered)).first()
    if found is None or not await _may_write(db, call, found, person):
        raise NotFound(NOT_YOURS)
    asked = await newest_version(db, call)
    applicant = await db.get_one(Person, found.person_id)
    return Mine(call, asked, Definition.model_validate(asked.definition), found, applicant, person)


async def own_submissions(db: Db, call: Call, person: Person) -> list[Submission]:
    """Withdrawn ones too, the newest first."""
    mine = select(Submission).where(Submission.call_id == call.id, Submission.person_id == person.id)
    return list(await db.exec(mine.order_by(col(Submission.number).desc())))


def part_at(definition: Definition, key: str) -> Part:
    """Raises NotFound."""
    for part in definition.parts:
        if part.key == key:
            return part
    raise NotFound("The call has no such part any more.")


def deadline_shown(request: Request, call: Call) -> TimeShown | None:
    """In the reader's zone, and in the one in which it was published."""
    zone = zone_for(request, call.zone)
    instant = call.deadline_at
    return show(instant, None, first=zone, second=call.zone, event_zone=call.zone, mine=zone) if instant else None


def moment_shown(request: Request, call: Call, instant: datetime) -> TimeShown:
    zone = zone_for(request, call.zone)
    return show(instant, None, first=zone, second=call.zone, event_zone=call.zone, mine=zone)


def partner_link(request: Request, call: Call) -> Callable[[str], str]:
    return lambda token: full_address(request, "calls:partner", call=call.slug, token=token)


async def _may_write(db: Db, call: Call, submission: Submission, person: Person) -> bool:
    if submission.person_id == person.id:
        return True
    if not submission.entered_by_id or not await organises(db, call, person.id):
        return False
    return submission.id not in await conflicted(db, call.id, person.id)
