"""What an organiser types to plan a session. Times are wall-clock times, read on the event's clock."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from conference.errors import Invalid
from conference.programme.choices import Choices
from conference.programme.queries import SessionFacts
from conference.programme.releases import SessionPlan
from conference.programme.rules import TYPE_WORDS
from conference.programme.streams import captions_trouble, stream_trouble
from conference.programme.tables import Event, SessionType, Speaker
from conference.times import local_instant, long_date, zone_named
from conference.web.forms import Form, Typed, checked

YEARS = range(1970, 3000)  # what a day of an event can lie in; beyond, zones have no meaning
SAVED_SHOWN = 400  # characters of a long text that somebody else saved
LABELS = {
    "title": "Title",
    "abstract": "Abstract",
    "type": "Type",
    "track": "Track",
    "room": "Room",
    "day": "Day",
    "starts": "Start",
    "ends": "End",
    "audience": "Who has it in their calendar",
    "join_url": "Link to join",
    "stream_url": "Stream",
    "captions_url": "Captions",
    "illustrative": "What of it is illustrative",
    "speakers": "Speakers",
}
AUDIENCE_WORDS = {"everyone": "For everyone", "booking": "By booking"}


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise ValueError("Enter the day as year-month-day, such as 2021-06-25.") from None
    if day.year not in YEARS:
        raise ValueError("Enter a day with a year such as 2021.")
    return day


def _clock(typed: str) -> time:
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(:00)?", typed.strip(), re.ASCII)
    if not found:
        raise ValueError("Enter a time on the 24-hour clock, such as 09:30 or 14:05.")
    return time(int(found[1]), int(found[2]))


Day = Annotated[date, BeforeValidator(_day)]
Clock = Annotated[time, BeforeValidator(_clock)]


class SessionForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "title": "Enter a title.",
        "type": "Choose a type from the list.",
        "room": "Choose a room from the list.",
        "day": "Enter the day.",
        "starts": "Enter when it starts.",
        "ends": "Enter when it ends.",
        "audience": "Choose who has it in their calendar.",
    }
    title: str
    abstract: str = Field(default="", max_length=20_000)
    type: SessionType
    track: str = ""
    room: str
    day: Day
    starts: Clock
    ends: Clock
    audience: Literal["everyone", "booking"]
    join_url: str = Field(default="", max_length=500)
    stream_url: str = Field(default="", max_length=500)
    captions_url: str = Field(default="", max_length=500)
    illustrative: str = Field(default="", max_length=500)
    seen: str = ""  # the version that the form was opened with

    @field_validator("title")
    @classmethod
    def _is_a_title(cls, typed: str) -> str:
        title = " ".join(typed.split())
        if not title:
            raise ValueError("Enter a title.")
        if len(title) > 200:
            raise ValueError("This title is too long: use at most 200 characters.")
        return title

    @field_validator("join_url")
    @classmethod
    def _can_be_opened(cls, typed: str) -> str:
        try:
            parts = urlsplit(typed)
            sound = not typed or (parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in typed)
        except ValueError:
            sound = False
        if not sound:
            raise ValueError("Enter a full address that starts with https://, or leave this empty to use the session's own stage.")
        return typed

    @field_validator("stream_url", "captions_url")
    @classmethod
    def _can_be_played(cls, typed: str, field: ValidationInfo) -> str:
        if trouble := stream_trouble(typed) if field.field_name == "stream_url" else captions_trouble(typed):
            raise ValueError(trouble)
        return typed


def plan_from(form: SessionForm, event: Event, choices: Choices, before: SessionPlan | None) -> SessionPlan:
    """The plan that was typed. `before` keeps what the form doesn't show. Raises Invalid with a sentence for each field."""
    wrong: dict[str, str] = {}
    room = next((room for room in choices.rooms if room.slug == form.room), None)
    track = next((track for track in choices.tracks if track.slug == form.track), None)
    if room is None:
        wrong["room"] = "Choose a room from the list."
    if form.track and track is None:
        wrong["track"] = "Choose a track from the list."
    starts_at, ends_at = _instant(form.day, form.starts, event, "starts", wrong), _instant(form.day, form.ends, event, "ends", wrong)
    if wrong or room is None or starts_at is None or ends_at is None:
        first = next(iter(wrong))
        raise Invalid(first, wrong[first], wrong)
    plan = SessionPlan(
        title=form.title,
        type=form.type,
        room_id=room.id,
        starts_at=starts_at,
        ends_at=ends_at,
        abstract=form.abstract,
        track_id=track.id if track else None,
        join_url=form.join_url,
        stream_url=form.stream_url,
        captions_url=form.captions_url,
        for_everyone=form.audience == "everyone",
        illustrative=form.illustrative,
    )
    return _keeping(plan, before) if before else plan


def _instant(day: date, clock: time, event: Event, where: str, wrong: dict[str, str]) -> datetime | None:
    try:
        return local_instant(datetime.combine(day, clock), event.zone, where=where)
    except Invalid as skipped:
        wrong.update(skipped.fields)
        return None


def _keeping(plan: SessionPlan, before: SessionPlan) -> SessionPlan:
    """What the form doesn't show stays; so do texts that differ only by the space around them."""
    same = {name: getattr(before, name) for name in ("abstract", "illustrative") if getattr(before, name).strip() == getattr(plan, name)}
    return replace(plan, published_words=before.published_words, our_reading=before.our_reading, **same)


def speakers_from(typed: Typed, choices: Choices, before: Sequence[Speaker]) -> list[Speaker]:
    """Who was ticked: those who spoke already in their old order, then the others by name."""
    order = {speaker.id: place for place, speaker in enumerate(before)}
    ticked = [speaker for speaker in choices.speakers if checked(typed.get(f"speaker-{speaker.slug}", ""))]
    return sorted(ticked, key=lambda speaker: order.get(speaker.id, len(order)))


def typed_from(facts: SessionFacts) -> Typed:
    """The form filled in with what is saved."""
    session, zone = facts.session, zone_named(facts.event.zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return {
        "title": session.title,
        "abstract": session.abstract.strip(),
        "type": session.type.value,
        "track": facts.track.slug if facts.track else "",
        "room": facts.room.slug,
        "day": starts.date().isoformat(),
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "audience": "everyone" if session.for_everyone else "booking",
        "join_url": session.join_url,
        "stream_url": session.stream_url,
        "captions_url": session.captions_url,
        "illustrative": session.illustrative.strip(),
        **{f"speaker-{speaker.slug}": "yes" for speaker in facts.speakers},
    }


def saved_meanwhile(typed: Typed, facts: SessionFacts, choices: Choices) -> dict[str, str]:
    """For each field that differs from what is saved now: that value, in words."""
    saved = typed_from(facts)
    words = {**saved, "day": long_date(date.fromisoformat(saved["day"])), "type": TYPE_WORDS[facts.session.type]}
    words |= {"audience": AUDIENCE_WORDS[saved["audience"]], "room": dict(choices.room_words())[saved["room"]]}
    words["track"] = facts.track.name if facts.track else ""
    differing = {name: words[name] for name in LABELS if name in saved and typed.get(name, "").strip() != saved[name]}
    if {speaker.slug for speaker in speakers_from(typed, choices, ())} != {speaker.slug for speaker in facts.speakers}:
        differing["speakers"] = ", ".join(speaker.name for speaker in facts.speakers)
    return {name: f"{LABELS[name]}, as saved now: {_short(value) or 'nothing'}" for name, value in differing.items()}


def _short(text: str) -> str:
    return text if len(text) <= SAVED_SHOWN else text[:SAVED_SHOWN] + " …"
