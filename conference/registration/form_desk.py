"""What the organisers' pages of a form share: who may, what a question's row says, the words for its kinds and its readers."""

from dataclasses import dataclass

from starlette.requests import Request

from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.registration.form_rules import KIND_WORDS, SEEN_BY_WORDS, purged_at
from conference.registration.form_tables import RegistrationQuestion
from conference.storage.database import Db
from conference.times import long_date, zone_named

Options = tuple[tuple[str, str], ...]
KINDS: Options = tuple((kind.value, words) for kind, words in KIND_WORDS.items())
READERS: Options = tuple((who.value, words.capitalize()) for who, words in SEEN_BY_WORDS.items())


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One version of a question in the list."""

    question: RegistrationQuestion
    kind: str
    readers: str
    until: str
    answers: int


async def organised(db: Db, request: Request) -> tuple[Event, Person]:
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


def row_of(question: RegistrationQuestion, event: Event, answers: int) -> QuestionRow:
    until = long_date(purged_at(question, event).astimezone(zone_named(event.zone)).date())
    return QuestionRow(question, KIND_WORDS[question.kind], SEEN_BY_WORDS[question.seen_by], until, answers)
