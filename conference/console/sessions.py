"""A session as organisers plan it: a form. What it saves is a draft, or a release at once where that is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from starlette.requests import Request
from starlette.responses import Response

from conference.console.date_doubts import doubts_by_field
from conference.console.plan import clock_words, organised
from conference.dates import Doubt
from conference.errors import Invalid, Refusal
from conference.programme.choices import Choices, choices_of
from conference.programme.drafting import draft_change, draft_new, drop_draft
from conference.programme.forms import SessionForm, plan_from, saved_meanwhile, speakers_from, typed_from
from conference.programme.planned import Planned, planned_at
from conference.programme.release_words import news_of
from conference.programme.releases import plan_of
from conference.programme.rules import TYPE_WORDS, Stale
from conference.programme.tables import Event, ScheduleRelease, Session, Speaker
from conference.registration.publishing import publish
from conference.times import zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, real_now, writing

SAID = 280  # characters of the sentence after an act
KEPT = "Kept as a draft. Nobody else sees it until you release it."


@dataclass(frozen=True, slots=True)
class SessionFormPage:
    """templates/console/plan_session.html: a new session (`session` is None), or one to edit."""

    event: Event
    session: Session | None
    act: str  # what waits to be released about it (a DraftAct); empty: nothing
    public: bool
    typed: Typed
    errors: dict[str, str]
    stale: str  # the sentence, where somebody else saved meanwhile
    clock_words: str
    types: tuple[tuple[str, str], ...]
    rooms: tuple[tuple[str, str], ...]
    tracks: tuple[tuple[str, str], ...]
    speakers: tuple[Speaker, ...]
    doubts: Mapping[str, Sequence[Doubt]]  # dates in its texts that cannot be right, by field


async def sessions(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions, GET .../sessions/new: add a session."""
    if request.method != "POST":
        return await _new_form(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            choices = await choices_of(db, event)
            plan = plan_from(SessionForm.read(typed), event, choices, None)
            draft = await draft_new(db, event, plan, speakers_from(typed, choices, ()), now(request), by=person.id)
            said = KEPT
            if not _as_draft(typed):
                release = await publish(db, event, now(request), real_now(request), by=person.id, only={draft.session_id})
                said = released_words(release, event, choices)
    except Invalid as wrong:
        return await _new_form(request, typed, wrong.fields)
    return redirect(request, "programme:session", said, event=event.slug, session=draft.slug)


async def session(request: Request) -> Response:
    """GET, POST /manage/events/{event}/sessions/{session}: change it."""
    if request.method != "POST":
        return await _edit_form(request)
    typed = await typed_form(request)
    try:
        said = await _save(request, typed)
    except (Invalid, Stale) as refusal:
        return await _edit_form(request, typed, refusal)
    return redirect(request, "programme:session", said, **request.path_params)


async def draft_removal(request: Request) -> Response:
    """POST /manage/events/{event}/sessions/{session}/draft/removal: back to what is published."""
    async with writing(request) as db:
        event, person = await organised(db, request)
        planned = await planned_at(db, **request.path_params)
        await drop_draft(db, event, planned.facts.session.id, now(request), by=person.id)
    title = planned.facts.session.title
    if planned.published:
        return redirect(
            request, "programme:session", f"The draft of “{title}” is dropped: this is what is published.", **request.path_params
        )
    return redirect(request, "programme:manage", f"“{title}” was only a draft, and is gone.", event=event.slug)


async def _save(request: Request, typed: Typed) -> str:
    """The sentence about what became of it."""
    async with writing(request) as db:
        event, person = await organised(db, request)
        planned, choices = await planned_at(db, **request.path_params), await choices_of(db, event)
        form = SessionForm.read(typed)
        plan = plan_from(form, event, choices, plan_of(planned.facts.session))
        speakers = speakers_from(typed, choices, planned.facts.speakers)
        draft = await draft_change(db, event, planned, plan, speakers, now(request), by=person.id, seen=form.seen)
        if _as_draft(typed):
            return KEPT if draft else "This is what is published: there is nothing to release."
        if draft is None:
            return "Nothing was changed, so nothing was released."
        release = await publish(db, event, now(request), real_now(request), by=person.id, only={draft.session_id})
        return released_words(release, event, choices)


def released_words(release: ScheduleRelease, event: Event, choices: Choices) -> str:
    words = "; ".join(news.words for news in news_of(release.changes, event.zone, choices.names()))
    return shorten(f"Released as version {release.number}: {words}.", SAID, placeholder=" …")


def _as_draft(typed: Typed) -> bool:
    """Publishing is asked for by its own button; whatever else sends the form keeps a draft."""
    return typed.get("then") != "release"


async def _new_form(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        choices = await choices_of(db, event)
    page = _form_page(event, None, typed or _blank(event, choices), errors, choices)
    status = 422 if errors else 200
    return render(request, "console/plan_session.html", page, title="Add a session", status=status, zone=event.zone)


async def _edit_form(request: Request, typed: Typed | None = None, refusal: Refusal | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        planned, choices = await planned_at(db, **request.path_params), await choices_of(db, event)
    typed, errors, stale = typed or {**typed_from(planned.facts), "seen": planned.version}, {}, ""
    if isinstance(refusal, Invalid):
        errors = refusal.fields
    elif refusal:
        errors, stale = saved_meanwhile(typed, planned.facts, choices), refusal.sentence
        typed = {**typed, "seen": planned.version}
    page = _form_page(event, planned, typed, errors, choices, stale)
    status = refusal.status if refusal else 200
    return render(request, "console/plan_session.html", page, title=planned.facts.session.title, status=status, zone=event.zone)


def _form_page(
    event: Event, planned: Planned | None, typed: Typed, errors: dict[str, str], choices: Choices, stale: str = ""
) -> SessionFormPage:
    session = planned.facts.session if planned else None
    return SessionFormPage(
        event=event,
        session=session,
        act=planned.draft.act.value if planned and planned.draft else "",
        public=bool(planned and planned.published),
        typed=typed,
        errors=errors,
        stale=stale,
        clock_words=clock_words(event, session.starts_at if session else event.starts_at),
        types=tuple((kind.value, words) for kind, words in TYPE_WORDS.items()),
        rooms=tuple(choices.room_words()),
        tracks=tuple((track.slug, track.name) for track in choices.tracks),
        speakers=tuple(choices.speakers),
        doubts=doubts_by_field(typed, event),
    )


def _blank(event: Event, choices: Choices) -> Typed:
    """A new session begins on the event's first day; nothing else is guessed but what leaves no choice."""
    day = event.starts_at.astimezone(zone_named(event.zone)).date().isoformat()
    return {"day": day, "audience": "everyone", "room": choices.rooms[0].slug if len(choices.rooms) == 1 else ""}
