"""A stage's page for delegates, out of one moment of the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from conference.live.announcing import announcements_on
from conference.live.asked_before import asked_before
from conference.live.cards import NOBODY, Clock, here_words, iso, on_stage
from conference.live.floor import floor_of
from conference.live.page_parts import (
    announced_cards,
    help_cards,
    message_cards,
    own_cards,
    poll_cards,
    quoted,
    silenced_card,
    slow_words,
)
from conference.live.part import actor_at
from conference.live.player import player_for
from conference.live.queries import Cut, check_may_watch, cut_of, stage_session
from conference.live.question_list import kept_query, question_list
from conference.live.rules import Door, door_at, ends_at, opens_at
from conference.live.shapes import AnnouncementShown
from conference.live.stage_page import About, StagePage, Wrong
from conference.live.state import Actor
from conference.live.tables import QuestionState
from conference.live.views import mine_of
from conference.meetings.queries import MeetingDoor, door_for
from conference.people.tables import Person
from conference.programme.queries import SessionFacts, session_after
from conference.programme.tables import Session
from conference.storage.ids import new_id
from conference.times import TimeShown, show, spoken_zone
from conference.web.middleware import also_from
from conference.web.render import render
from conference.web.request import now, reading, visitor, zone_for

NO_ACTOR = Actor(NOBODY, "", takes_part=False, moderates=False)


@dataclass(frozen=True, slots=True)
class Read:
    """What one moment of the database says."""

    facts: SessionFacts
    signed_in: bool
    actor: Actor
    cut: Cut
    following: Session | None
    announced: tuple[AnnouncementShown, ...]
    meeting: MeetingDoor

    @property
    def person_id(self) -> UUID | None:
        return self.actor.person_id if self.signed_in else None


async def show_stage(request: Request, wrong: Wrong | None = None) -> Response:
    """The page; with a form that comes back, if something is wrong with it. Raises a Refusal where one may not watch."""
    read = await _read(request)
    wrong, run, session = wrong or Wrong(), read.cut.state.run, read.facts.session
    time = _time(request, read.facts)
    clock = Clock(zone_for(request, read.facts.event.zone), time.first.place, now(request))
    player = player_for(
        session,
        door_at(session, clock.now, run.late_minutes),
        clock.now,
        asked=request.query_params.get("mode", ""),
        save_data=request.headers.get("save-data") == "on",
        late_minutes=run.late_minutes,
    )
    page = StagePage(
        event=read.facts.event,
        session=session,
        speakers=read.facts.speakers,
        time=time,
        clock=clock,
        read_at=clock.time(clock.now),
        player=player,
        meeting=read.meeting,
        next_session=read.following,
        next_at=_spoken_clock(read.following.starts_at, clock) if read.following else "",
        **_door_parts(session, clock, run.late_minutes),
        signed_in=read.signed_in,
        takes_part=read.actor.takes_part,
        moderates=read.actor.moderates,
        speaks=read.actor.speaks,
        run=run,
        slow_words=slow_words(run.slow_seconds),
        **_shown_parts(read.cut, read.person_id, clock),
        **_typed_parts(request, read, clock, wrong),
        announced=announced_cards(read.announced, clock),
        here_words=here_words(floor_of(request).here(session.id)),
        seq=read.cut.heads.public,
        kept=kept_query(request.query_params),
        key=new_id().hex[-12:],
        wrong=wrong,
    )
    also_from(request, player.sources)
    response = render(request, "live/stage.html", page, title=f"Stage · {session.title}", status=wrong.status, zone=page.event.zone)
    response.headers.add_vary_header("Save-Data")
    return response


async def _read(request: Request) -> Read:
    """Raises a Refusal where one may not watch."""
    async with reading(request) as db:
        facts = await stage_session(db, request.path_params)
        session, event = facts.session, facts.event
        moment, who = now(request), visitor(request)
        await check_may_watch(db, event, who.person_id, moment)
        person = await db.get(Person, who.person_id) if who.person_id else None
        return Read(
            facts=facts,
            signed_in=person is not None,
            actor=await actor_at(db, person, event.id, session.id) if person else NO_ACTOR,
            cut=await cut_of(db, session.id, person.id if person else None),
            following=await session_after(db, event, session),
            announced=(await announcements_on(db, {session.id: event.id}, moment))[session.id],
            meeting=await door_for(db, session, event, person, moment, zone=zone_for(request, event.zone)),
        )


def _door_parts(session: Session, clock: Clock, late_minutes: int) -> dict[str, Any]:
    door = door_at(session, clock.now, late_minutes)
    words = f"Asking and voting open 10 minutes before the start, at {_spoken_clock(opens_at(session), clock)}."
    return {
        "door": door,
        "door_words": words if door == Door.not_yet else "",
        "opens_at": iso(opens_at(session)),
        "ends_at": iso(ends_at(session, late_minutes)),
    }


def _shown_parts(cut: Cut, person_id: UUID | None, clock: Clock) -> dict[str, Any]:
    """What was said and asked, as this person sees it."""
    mine = mine_of(cut.state, person_id)
    return {
        "waiting": sum(each.state == QuestionState.pending for each in cut.state.questions.values()),
        "own": own_cards(cut.state, person_id),
        "silenced": silenced_card(mine.silence, clock),
        "polls": poll_cards(cut.state, mine),
        "help": help_cards(mine),
        "chat": message_cards(cut.state, person_id, clock),
        "captions": tuple((line.id, line.text) for line in cut.state.captions),
    }


def _typed_parts(request: Request, read: Read, clock: Clock, wrong: Wrong) -> dict[str, Any]:
    """What the address asks for, and what a form brought back."""
    asked, state = request.query_params, read.cut.state
    shown = question_list(state, read.person_id, clock, asked)
    near = asked_before(state, wrong.kept("ask", "text"), read.person_id) if wrong.kept("ask", "alike") else []
    return {
        "list": shown,
        "alike": tuple(card for question in near for card in shown.cards if card.id == question.id),
        "reply": _said(read.cut, wrong.kept("say", "reply_id") or asked.get("reply", "")),
        "report": _said(read.cut, wrong.kept("ask_help", "about_id") or asked.get("report", "")),
    }


def _said(cut: Cut, given: str) -> About | None:
    """The question or message with this id, as far as everybody may read it."""
    for message in cut.state.chat.values():
        if str(message.id) == given and message.shown_at and not message.deleted_at:
            return About(message.id, quoted(message.author, message.text))
    for question in on_stage(cut.state):
        if str(question.id) == given:
            return About(question.id, quoted("Anonymous" if question.anonymous else question.author, question.text))
    return None


def _time(request: Request, facts: SessionFacts) -> TimeShown:
    event, session, zone = facts.event, facts.session, zone_for(request, facts.event.zone)
    return show(session.starts_at, session.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone)


def _spoken_clock(instant: datetime, clock: Clock) -> str:
    """`10:50 (BST, UTC+1)`"""
    return f"{clock.time(instant)} ({spoken_zone(instant, clock.zone)})"
