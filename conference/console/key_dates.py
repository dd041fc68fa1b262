"""The key dates of an event as organisers write them: a deadline is a moment, anything else a day. They are shown as they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from conference.console.date_doubts import doubts_by_field
from conference.console.furniture_forms import Asked, clock_typed
from conference.console.plan import clock_words, organised
from conference.dates import Doubt
from conference.errors import Invalid
from conference.programme.forms import Clock, Day
from conference.programme.key_dates import add_key_date, change_key_date, key_date_at
from conference.programme.queries import key_dates_of
from conference.programme.tables import Event, KeyDate
from conference.times import local_instant, long_date, spoken_moment, zone_named
from conference.web.forms import Form, Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

YES_NO = (("yes", "Yes"), ("no", "No"))
FIELDS = (
    Asked("title", "What it is", help="Such as Applications close.", required=True),
    Asked("day", "Day", "date", required=True, size="short"),
    Asked("clock", "Time", "time", help="For a deadline: that moment itself is too late. Empty: the whole day is meant.", size="short"),
    Asked("words", "In words", "text", help="A sentence about it. Say the zone of each time.", rows=3),
    Asked("in_feed", "In the event’s calendar", "choice", required=True, options=YES_NO),
    Asked("illustrative", "Our choice, and not published by anybody", "choice", required=True, options=tuple(reversed(YES_NO))),
)


class KeyDateForm(Form):
    asks: ClassVar[dict[str, str]] = {"title": "Say what it is.", "day": "Enter the day."}
    title: str = Field(min_length=1, max_length=200)
    day: Day
    clock: Clock | None = None
    words: str = Field(default="", max_length=2000)
    in_feed: str = "yes"
    illustrative: str = "no"

    def values(self, zone: str) -> dict[str, Any]:
        at = local_instant(datetime.combine(self.day, self.clock), zone, where="clock") if self.clock else None
        return {
            "title": " ".join(self.title.split()),
            "at": at,
            "day": None if at else self.day,
            "words": self.words,
            "in_feed": self.in_feed == "yes",
            "illustrative": self.illustrative == "yes",
        }


@dataclass(frozen=True, slots=True)
class KeyDatesPage:
    """templates/console/key_dates.html: all of them, and the form for one (`slug`) or for one more."""

    event: Event
    clock_words: str
    rows: tuple[tuple[str, str, str], ...]  # slug, title, when
    slug: str
    fields: tuple[Asked, ...]
    typed: Typed
    errors: dict[str, str]
    doubts: Mapping[str, Sequence[Doubt]] = field(default_factory=dict)


async def key_dates(request: Request) -> Response:
    """GET, POST /manage/events/{event}/key-dates: add one."""
    if request.method != "POST":
        return await _page(request, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            made = await add_key_date(db, event, KeyDateForm.read(typed).values(event.zone), now(request), by=person.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "console:key_date", f"“{made.title}” is added, and shown.", event=event.slug, date=made.slug)


async def key_date(request: Request) -> Response:
    """GET, POST /manage/events/{event}/key-dates/{date}: change it."""
    if request.method != "POST":
        return await _page(request, None)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            one = await key_date_at(db, event, request.path_params["date"])
            saved = await change_key_date(db, event, one, KeyDateForm.read(typed).values(event.zone), now(request), by=person.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    said = f"“{saved.title}” is saved, and shown." if saved else "Nothing was changed."
    return redirect(request, "console:key_date", said, **request.path_params)


async def _page(request: Request, typed: Typed | None, errors: dict[str, str] | None = None) -> Response:
    """`typed` None: what is saved."""
    async with reading(request) as db:
        event, _ = await organised(db, request)
        all_ = sorted(await key_dates_of(db, event), key=lambda one: (_local(one, event).isoformat(), one.title))
        slug = request.path_params.get("date", "")
        if slug and typed is None:
            typed = _typed(await key_date_at(db, event, slug), event)
    rows = tuple((one.slug, one.title, _when(one, event)) for one in all_)
    page = KeyDatesPage(
        event, clock_words(event, event.starts_at), rows, slug, FIELDS, typed or {}, errors or {}, doubts_by_field(typed or {}, event)
    )
    title, status = f"Key dates · {event.title}", 422 if errors else 200
    return render(request, "console/key_dates.html", page, title=title, status=status, zone=event.zone)


def _when(one: KeyDate, event: Event) -> str:
    return spoken_moment(one.at, event.zone) if one.at else long_date(_local(one, event).date())


def _local(one: KeyDate, event: Event) -> datetime:
    if one.at:
        return one.at.astimezone(zone_named(event.zone)).replace(tzinfo=None)
    assert one.day
    return datetime.combine(one.day, datetime.min.time())


def _typed(one: KeyDate, event: Event) -> Typed:
    local = _local(one, event)
    return {
        "title": one.title,
        "day": local.date().isoformat(),
        "clock": clock_typed(local.time()) if one.at else "",
        "words": one.words.strip(),
        "in_feed": "yes" if one.in_feed else "no",
        "illustrative": "yes" if one.illustrative else "no",
    }
