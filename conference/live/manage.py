"""The stage for its moderators: queue, stage, polls, chat, people, and how it is run; with plain forms, which a script makes live."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID
from zlib import crc32

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid, NotFound
from conference.live import rules
from conference.live.cards import here_words
from conference.live.commands import Pin
from conference.live.floor import floor_of
from conference.live.forms import command_from, typed_command
from conference.live.moderation import HOLES, Desk, Holes, QuestionCard, Reader, card_of, desk_of
from conference.live.queries import MODERATING, cut_of, stage_session
from conference.live.state import Run, Words
from conference.people.access import require_role
from conference.programme.tables import Event, Session
from conference.storage.ids import new_id
from conference.times import TimeShown, clock_time, show, zone_named
from conference.web.forms import Typed
from conference.web.links import path_to, redirect_to
from conference.web.render import render
from conference.web.request import now, reading, visitor, zone_for

PIN_TOO = "approve_and_pin"  # a form's word for two commands
SUBJECTS = ("question_id", "poll_id", "message_id", "help_id", "silence_id", "about_id")  # what a form may be about
CHANGED = "Another moderator changed the settings meanwhile. Here is how they are now: look at them, and save again what you want."


class Part(StrEnum):
    """The parts of the page; on a phone one at a time."""

    queue = "queue"
    stage = "stage"
    polls = "polls"
    chat = "chat"
    people = "people"
    run = "run"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that was refused, and what was typed into it."""

    typed: Typed = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    sentence: str = ""  # why it was refused as a whole; empty: only some fields need another look
    status: int = 200

    def on(self, subject: object, kind: str = "") -> bool:
        """Whether it is the form of this kind about this thing, or any form about it."""
        about = next((self.typed[name] for name in SUBJECTS if self.typed.get(name)), "")
        return bool(self.typed) and about == str(subject) and kind in ("", self.typed.get("type"))


@dataclass(frozen=True, slots=True)
class Ready:
    """Words that are ready made."""

    reasons: tuple[str, ...] = (
        "Somebody asked this already: vote for that question.",
        "This is not about this session’s subject.",
        "Please ask the organisers: they can tell you.",
        "There is not enough time for it today.",
        "Please ask it again in kinder words.",
    )
    done: tuple[str, ...] = (
        "We told the speaker.",
        "It works again: please load the page once more.",
        "We spoke with the person.",
        "We took the words off the stage.",
        "We are writing you a mail.",
    )
    cues: tuple[str, ...] = ("5 minutes left", "Last question", "Please speak up", "Please speak more slowly", "Time is up")


@dataclass(frozen=True, slots=True)
class ManagePage:
    """templates/live/manage.html"""

    event: Event
    session: Session
    time: TimeShown
    read_at: str
    here_words: str  # who is on the stage now; empty: nobody
    part: Part
    parts: tuple[tuple[Part, str, int], ...]  # each with its label, and how many wait there
    run: Run
    run_seen: str  # what the settings were, as their form brings it back
    pinned_text: str
    desk: Desk
    captions: tuple[Words, ...]
    cues: tuple[Words, ...]
    done: QuestionCard | None  # what the last act was about, where it can be undone
    key: str  # what this rendering's forms begin their client_id with
    wrong: Wrong
    ready: Ready = Ready()
    rules: object = rules
    holes: Holes = HOLES

    @property
    def errors(self) -> dict[str, str]:
        return {name: sentence for name, sentence in self.wrong.fields.items() if self.wrong.status == Invalid.status}


async def manage(request: Request) -> Response:
    """GET /manage/events/{event}/sessions/{session}/stage?part=&done=&merge=

    `done` is a question whose last act may be undone, `merge` one for which all others on the stage are offered.
    """
    return await _page(request)


async def act(request: Request) -> Response:
    """POST /manage/events/{event}/sessions/{session}/stage/acts: any command of a moderator, by its `type`."""
    return await _act(request, await typed_command(request))


async def approval(request: Request) -> Response:
    """POST .../stage/questions/{question}/approval; with `type` approve_and_pin it is pinned too"""
    typed = await typed_command(request)
    return await _act(request, {"type": "approve", **typed, "question_id": str(request.path_params["question"])})


async def dismissal(request: Request) -> Response:
    """POST .../stage/questions/{question}/dismissal"""
    return await _act_on_question(request, "dismiss")


async def answer(request: Request) -> Response:
    """POST .../stage/questions/{question}/answer"""
    return await _act_on_question(request, "mark_answered")


async def archiving(request: Request) -> Response:
    """POST .../stage/questions/{question}/archiving"""
    return await _act_on_question(request, "archive")


async def _act_on_question(request: Request, kind: str) -> Response:
    typed = await typed_command(request)
    return await _act(request, {**typed, "type": kind, "question_id": str(request.path_params["question"])})


async def _act(request: Request, typed: Typed) -> Response:
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        await require_role(db, request, facts.event.id, *MODERATING)
        run = (await cut_of(db, facts.session.id, None)).state.run
    try:
        if typed.get("type") == "set_stage" and typed.get("seen", _seen(run)) != _seen(run):
            raise Conflict(CHANGED)
        said, subject_id = await _carry_out(request, facts.session.id, typed)
    except (Invalid, Conflict, NotFound) as no:
        fields = no.fields if isinstance(no, Invalid) else {}
        typed = typed if no.sentence != CHANGED else {"type": "set_stage", "part": Part.run}
        return await _page(request, Wrong(typed, fields, no.sentence, no.status))
    path = path_to(request, "live:manage", event=facts.event.slug, session=facts.session.slug)
    part = typed.get("part", "")
    if part not in list(Part):
        return redirect_to(request, path, said)
    done = f"&done={subject_id}" if typed.get("question_id") and typed["type"] not in ("undo", "pin", "write_answer") else ""
    return redirect_to(request, f"{path}?part={part}{done}", said)


async def _carry_out(request: Request, session_id: UUID, typed: Typed) -> tuple[str, UUID | None]:
    """What is said of it, and what it was about. Raises Refusal."""
    pins_too = typed.get("type") == PIN_TOO
    chosen = {"type": "approve"} if pins_too else {"into_id": typed["likely_id"]} if typed.get("likely_id") else {}
    command = command_from({**typed, **chosen})
    floor, who = floor_of(request), visitor(request)
    done = await floor.carry_out(session_id, who, command)
    if pins_too:
        done = await floor.carry_out(session_id, who, Pin(client_id=f"{command.client_id[-60:]}-pin", question_id=done.subject_id))
        return "The question is on the stage, and pinned: it is being answered now.", UUID(typed["question_id"])
    return done.said, done.subject_id


async def _page(request: Request, wrong: Wrong | None = None) -> Response:
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        person = await require_role(db, request, facts.event.id, *MODERATING)
        state = (await cut_of(db, facts.session.id, None)).state
    session, event, moment = facts.session, facts.event, now(request)
    zone, query, wrong = zone_for(request, event.zone), request.query_params, wrong or Wrong()
    reader = Reader(person.id, moment, zone, _uuid(query.get("merge", "")))
    desk, part = desk_of(state, reader), wrong.typed.get("part", query.get("part", ""))
    pinned = state.questions.get(state.run.pinned_id) if state.run.pinned_id else None
    done = state.questions.get(_uuid(query.get("done", "")) or new_id())
    page = ManagePage(
        event=event,
        session=session,
        time=show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone),
        read_at=clock_time(moment.astimezone(zone_named(zone))),
        here_words=here_words(floor_of(request).here(session.id)),
        part=Part(part) if part in list(Part) else Part.queue,
        parts=_parts(desk),
        run=state.run,
        run_seen=_seen(state.run),
        pinned_text=pinned.text if pinned else "",
        desk=desk,
        captions=state.captions,
        cues=tuple(reversed(state.cues)),
        done=card_of(state, done, reader) if done and done.before else None,
        key=new_id().hex[-12:],
        wrong=wrong,
    )
    title = f"Moderate · {session.title}"
    return render(request, "live/manage.html", page, title=title, status=wrong.status, zone=event.zone)


def _parts(desk: Desk) -> tuple[tuple[Part, str, int], ...]:
    return (
        (Part.queue, "Queue", len(desk.pending)),
        (Part.stage, "stage", len(desk.visible)),
        (Part.polls, "Polls", sum(each.state == "open" for each in desk.polls)),
        (Part.chat, "Chat", len(desk.waiting)),
        (Part.people, "People", len(desk.help)),
        (Part.run, "Run", 0),
    )


def _seen(run: Run) -> str:
    return "|".join(map(str, (run.moderated, run.chat_open, run.slow_seconds, run.late_minutes, crc32(run.held_words.encode()))))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
