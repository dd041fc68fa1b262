"""Who may do what on a stage: a table out of the code, which docs/roles.md shows. `python -m tests.live.roles` writes it anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from conference.errors import Forbidden, NotFound
from conference.live.commands import FIELDS
from conference.live.stage import decide
from conference.live.state import Actor, Run, Setting, SilenceFacts, StageState
from conference.programme.tables import Event, EventFormat, RegistrationKind, Session, SessionType
from conference.storage.ids import new_id
from tests.live.scenes import Scene, scene

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"
YES, NO, SIGN_IN = "yes", "–", "sign in"
NOW = datetime(2021, 6, 25, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Role:
    """`name` is a person's of the tests; `registered` means a confirmed place at the event."""

    name: str
    words: str
    signed_in: bool = True
    registered: bool = False
    speaks: bool = False
    moderates: bool = False
    silenced: bool = False
    banned: bool = False


ROLES = (
    Role("", "visitor", signed_in=False),
    Role("stranger", "signed in"),
    Role("delegate", "delegate", registered=True),
    Role("speaker", "speaker", speaks=True),
    Role("moderator", "moderator", moderates=True),
    Role("organiser", "organiser", moderates=True),
    Role("silenced", "silenced", registered=True, silenced=True),
    Role("banned", "banned", registered=True, silenced=True, banned=True),
)
# In the order of the roles.
ALL = (YES, YES, YES, YES, YES, YES, YES, NO)
WHOEVER = (YES,) * len(ROLES)
ITS_PEOPLE = (SIGN_IN, NO, YES, YES, YES, YES, YES, NO)
SPEAKERS = (SIGN_IN, NO, NO, YES, YES, YES, NO, NO)
MODERATORS = (SIGN_IN, NO, NO, NO, YES, YES, NO, NO)
PLACES: Mapping[str, tuple[str, tuple[str, ...]]] = {  # what may be read: its address, and by whom
    "the stage's page": ("{stage}", ALL),
    "the public log": ("{stage}/socket?log=public", ALL),
    "the moderators' log": ("{stage}/socket?log=moderators", MODERATORS),
    "the moderators' page": ("/manage{stage}", MODERATORS),
    "the speaker's page, with cues": ("{stage}/speaker", SPEAKERS),
    "the projector": ("{stage}/projector", ALL),
    "the code to join": ("{stage}/join.svg", WHOEVER),
    "the names of who is here": ("{stage}/names", ITS_PEOPLE),
    "the transcript": ("{stage}/transcript.txt", ALL),
    "the transcript as subtitles": ("{stage}/transcript.vtt", ALL),
    "the questions as a table": ("{stage}/questions.csv", SPEAKERS),
    "the polls as a table": ("{stage}/polls.csv", SPEAKERS),
    "the desk: help, silences, announcements": ("/manage/events/{event}/desk", MODERATORS),
    "the session's page": ("/events/{event}/sessions/{session}", WHOEVER),
}


def cell(role: Role, kind: str) -> str:
    """Whether this role may give this command, by the code that decides it; on a thing with which it can be done."""
    if not role.signed_in:
        return SIGN_IN  # before anything is decided
    me, author = new_id(), new_id()
    given = scene(kind, me if role.registered else author, author, NOW)
    actor = Actor(me, role.words, takes_part=role.registered, moderates=role.moderates, speaks=role.speaks)
    try:
        decide(_state(given, _silence(role, me)), given.command, actor, Setting(EVENT, SESSION, NOW, new_id()))
    except (Forbidden, NotFound):
        return NO
    return YES


def page() -> str:
    """docs/roles.md"""
    heads = [role.words for role in ROLES]
    acts = [[f"`{kind}`", *(cell(role, kind) for role in ROLES)] for kind in FIELDS]
    reads = [[words, *cells] for words, (_, cells) in PLACES.items()]
    return TEXT.format(acts=_table(["command", *heads], acts), reads=_table(["may read", *heads], reads))


def _state(given: Scene, silences: Mapping[UUID, SilenceFacts]) -> StageState:
    return StageState(
        questions={each.id: each for each in given.questions},
        polls={each.id: each for each in given.polls},
        chat={each.id: each for each in given.messages},
        help={each.id: each for each in given.help},
        silences={each.id: each for each in given.silences},
        elsewhere=silences,
        run=Run(chat_open=True),
    )


def _silence(role: Role, person_id: UUID) -> dict[UUID, SilenceFacts]:
    if not role.silenced:
        return {}
    made = SilenceFacts(
        id=new_id(), person_id=person_id, name="", ban=role.banned, reason="Why.", moderator_id=new_id(), at=NOW, until=NOW + HOUR
    )
    return {made.id: made}


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---", *[":-:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


EVENT = Event(
    slug="wi", title="WI", summary="", about="", format=EventFormat.online, zone="Europe/London", starts_at=NOW - HOUR,
    ends_at=NOW + HOUR, registration=RegistrationKind.open, made_at=NOW, modified_at=NOW,
)  # fmt: skip
SESSION = Session(
    event_id=EVENT.id, slug="s", title="S", type=SessionType.panel, room_id=EVENT.id, starts_at=NOW - HOUR / 2,
    ends_at=NOW + HOUR / 2, made_at=NOW, modified_at=NOW,
)  # fmt: skip
TEXT = """# Who may do what on a stage

Made from the code by `python -m tests.live.roles`; a test does every cell of both tables, over the socket and with a plain form, and
compares this page with what came of it.

- **visitor**: nobody is signed in. **signed in**: a person without a confirmed place at the event.
- **delegate**: with a confirmed place. Whoever speaks, moderates or organises may have a place too, and then may do what a delegate may.
- **speaker**: of this session. **moderator**, **organiser**: by their role at the event.
- **silenced**, **banned**: a delegate whom a moderator has asked not to write, or for whom the event's stages are closed; until a moment,
  on all stages of the event.

“yes”: may, where it is possible at all (the door is open, the chat is open, a poll is open). “sign in”: has to sign in first.
“–”: is refused. Everybody withdraws only their own question.

## Commands

{acts}

The same `client_id` from the same person is one act, by socket and form alike. Every act of moderation is in the audit trail.

## Reading

{reads}

Moderators see who asked without a name; nobody else does. What is hidden from the public is in none of the other places.
"""

if __name__ == "__main__":
    PAGE.write_text(page())
