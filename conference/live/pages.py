"""The stage for everybody: read, ask, vote, answer polls, talk, ask for help; with plain forms, which a script makes live."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid, Refusal, SignInNeeded, TooMany
from conference.live.asked_before import asked_before
from conference.live.floor import floor_of
from conference.live.forms import command_from, typed_command
from conference.live.queries import check_may_watch, cut_of, stage_session
from conference.live.question_list import kept_query
from conference.live.stage_page import Wrong
from conference.live.stage_shown import show_stage
from conference.web.forms import Typed
from conference.web.links import path_to, redirect_to
from conference.web.request import now, reading, visitor

ASKED_BEFORE = "Somebody asked something like this already. Vote for it, or ask yours anyway."
# The ids of a form's fields on the page, by its command; of two forms with a field of one name each has its own. "" is the form itself.
FIELDS = {
    "ask": {"": "text"},
    "say": {"": "message", "text": "message"},
    "react": {"": "reactions"},
    "ask_help": {"": "help", "text": "help-text", "kind": "help-kind"},
}


async def stage(request: Request) -> Response:
    """GET /events/{event}/sessions/{session}/stage: `sort`, `show`, `mode`; `reply` to a message, `report` of a question or message"""
    return await show_stage(request)


async def ask(request: Request) -> Response:
    """POST .../stage/questions; with `alike` it comes back where somebody asked the same, unless `anyway` is there too"""
    typed = {**await typed_command(request), "type": "ask"}
    if typed.get("alike") and not typed.get("anyway") and await _was_asked(request, typed):
        return await show_stage(request, Wrong(typed, {"text": ASKED_BEFORE}, 409))
    return await _act(request, {**typed, "alike": ""})


async def vote(request: Request) -> Response:
    """POST .../stage/questions/{question}/votes"""
    return await _act_on_question(request, "upvote")


async def withdrawal(request: Request) -> Response:
    """POST .../stage/questions/{question}/withdrawal"""
    return await _act_on_question(request, "withdraw")


async def ballot(request: Request) -> Response:
    """POST .../stage/polls/{poll}/ballots"""
    poll_id = str(request.path_params["poll"])
    return await _act(request, {**await typed_command(request), "type": "cast", "poll_id": poll_id}, f"poll-{poll_id}")


async def message(request: Request) -> Response:
    """POST .../stage/messages"""
    return await _act(request, {**await typed_command(request), "type": "say"}, "message")


async def reaction(request: Request) -> Response:
    """POST .../stage/reactions"""
    return await _act(request, {**await typed_command(request), "type": "react"})


async def help_request(request: Request) -> Response:
    """POST .../stage/help"""
    return await _act(request, {**await typed_command(request), "type": "ask_help"}, "help")


async def _act_on_question(request: Request, kind: str) -> Response:
    question_id = str(request.path_params["question"])
    place = f"q-{question_id}" if kind == "upvote" else ""
    return await _act(request, {**await typed_command(request), "type": kind, "question_id": question_id}, place)


async def _act(request: Request, typed: Typed, place: str = "") -> Response:
    """Carried out, back to that place of the page; refused, the page again with what was typed and why not."""
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
    try:
        _check_pace(request)
        done = await floor_of(request).carry_out(facts.session.id, visitor(request), command_from(typed))
    except SignInNeeded:
        raise
    except Refusal as no:
        return await show_stage(request, Wrong(typed, _errors(typed, no, place), no.status))
    path = path_to(request, "live:stage", event=facts.event.slug, session=facts.session.slug)
    return redirect_to(request, path + kept_query(request.query_params) + (f"#{place}" if place else ""), done.said)


def _check_pace(request: Request) -> None:
    """Forms may come no faster than a socket's messages. Raises TooMany."""
    if not floor_of(request).forms.take(visitor(request).person_id, asyncio.get_running_loop().time()):
        raise TooMany("That was very quick. Wait a moment, then send it again.")


async def _was_asked(request: Request, typed: Typed) -> bool:
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        who = visitor(request).person_id
        await check_may_watch(db, facts.event, who, now(request))
        cut = await cut_of(db, facts.session.id, who)
    return bool(asked_before(cut.state, typed.get("text", ""), who))


def _errors(typed: Typed, no: Refusal, place: str) -> dict[str, str]:
    """By the id of what on the page it is about."""
    ids = FIELDS.get(typed["type"], {})
    if isinstance(no, Invalid):
        return {ids.get(name, place or name): sentence for name, sentence in no.fields.items()}
    return {ids.get("") or place or "questions": no.sentence}
