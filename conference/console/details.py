"""The facts of an event: its name, days, zone and texts. They are published as they are saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from conference.console.date_doubts import doubts_by_field
from conference.console.furniture_forms import DETAILS_FIELDS, Asked, DetailsForm
from conference.console.plan import organised
from conference.dates import Doubt
from conference.errors import Invalid
from conference.programme.furniture import change_piece, check_days_hold_all
from conference.programme.tables import Event
from conference.times import local_instant, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

TEXTS = ("title", "summary", "about", "who_for", "take_part", "fee_words")


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """templates/console/details.html"""

    event: Event
    fields: tuple[Asked, ...]
    typed: Typed
    errors: dict[str, str]
    doubts: Mapping[str, Sequence[Doubt]] = field(default_factory=dict)


async def details(request: Request) -> Response:
    """GET, POST /manage/events/{event}/details"""
    if request.method != "POST":
        return await _page(request)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, person = await organised(db, request)
            values = _values(DetailsForm.read(typed), event)
            await check_days_hold_all(db, event, values["starts_at"], values["ends_at"])
            released = await change_piece(db, [event], event, values, now(request), by=person.id)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    said = f"Saved, and released as version {released[0].number}." if released else "Saved. Nothing that calendars say changed by it."
    return redirect(request, "console:details", said, event=event.slug)


def _values(form: DetailsForm, event: Event) -> dict[str, Any]:
    texts = form.model_dump(include=set(TEXTS))
    same = {name: getattr(event, name) for name in texts if getattr(event, name).strip() == texts[name]}  # space around is no change
    return {
        **texts,
        **same,
        "zone": form.zone,
        "starts_at": local_instant(datetime.combine(form.first_day, form.starts), form.zone, where="starts"),
        "ends_at": local_instant(datetime.combine(form.last_day, form.ends), form.zone, where="ends"),
        "free_days": [day.isoformat() for day in form.free_days],
        "registration_opens_at": _moment(form.opens_day, form.opens_at, form.zone, "opens_at"),
        "registration_closes_at": _moment(form.closes_day, form.closes_at, form.zone, "closes_at"),
    }


def _moment(day: date | None, clock: time | None, zone: str, where: str) -> datetime | None:
    return local_instant(datetime.combine(day, clock), zone, where=where) if day and clock else None


async def _page(request: Request, typed: Typed | None = None, errors: dict[str, str] | None = None) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
    typed = typed or _typed(event)
    page = DetailsPage(event, DETAILS_FIELDS, typed, errors or {}, doubts_by_field(typed, event))
    title, status = f"The event itself · {event.title}", 422 if errors else 200
    return render(request, "console/details.html", page, title=title, status=status, zone=event.zone)


def _typed(event: Event) -> Typed:
    zone = zone_named(event.zone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    moments = {"opens": event.registration_opens_at, "closes": event.registration_closes_at}
    local = {name: moment.astimezone(zone) for name, moment in moments.items() if moment}
    return {
        **{f"{name}_day": moment.date().isoformat() for name, moment in local.items()},
        **{f"{name}_at": f"{moment:%H:%M}" for name, moment in local.items()},
        **{name: getattr(event, name).strip() for name in TEXTS},
        "zone": event.zone,
        "first_day": starts.date().isoformat(),
        "starts": f"{starts:%H:%M}",
        "last_day": ends.date().isoformat(),
        "ends": f"{ends:%H:%M}",
        "free_days": "\n".join(event.free_days),
    }
