"""Oneself as a speaker of one event: biography, photo, pronouns and links, and when one can speak."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.people.access import require_person
from conference.programme.queries import speakers_shown
from conference.programme.tables import Event, Speaker
from conference.speaking.actions import add_time, drop_time, put_photo, show_self
from conference.speaking.forms import LINKS, AboutForm, TimeForm, links_from
from conference.speaking.photos import MAX_PHOTO, clean_photo
from conference.speaking.queries import own_speaker, profile_of, times_of
from conference.speaking.rules import MAX_BIOGRAPHY, size_words
from conference.speaking.shelf import keeping, throw_away
from conference.speaking.tables import SpeakerProfile, SpeakerTime
from conference.storage.database import Db
from conference.times import TimeShown, city_of, long_date, show, spoken_zone, zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import after_commit, house, now, reading, writing, zone_for
from conference.web.uploads import Upload, typed_upload

PAINTERS = ThreadPoolExecutor(2, "painter")  # a big picture takes 200 MB while it is painted
ALT_NEEDED = "Say in a few words what the photo shows, such as “Portrait, smiling”: for those who can’t see it."


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """templates/speaking/profile.html"""

    event: Event
    speaker: Speaker
    is_public: bool  # has a page that others can read
    profile: SpeakerProfile | None
    typed: Typed
    errors: Mapping[str, str]
    links: tuple[str, ...]  # names of the fields
    times: tuple[tuple[SpeakerTime, TimeShown], ...]
    zone: str  # of the clock on which times are typed
    zone_words: str
    event_days: str
    max_biography: int = MAX_BIOGRAPHY
    max_photo: int = MAX_PHOTO
    max_photo_words: str = size_words(MAX_PHOTO)


async def profile(request: Request) -> Response:
    """GET, POST /events/{event}/speakers/{speaker}/profile: biography, pronouns, links; public at once."""
    if request.method != "POST":
        return await _page(request)
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, speaker = await _own(db, request)
            form, links = AboutForm.read(typed), links_from(typed)
            kept = await profile_of(db, speaker.id)
            if kept and kept.photo_id and not form.photo_alt:
                raise Invalid("photo_alt", ALT_NEEDED)
            await show_self(db, event, speaker, form.biography, form.pronouns, links, form.photo_alt, now(request))
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "speaking:profile", "Saved, and shown on your page.", **request.path_params)


async def photo(request: Request) -> Response:
    """POST .../profile/photo: what was sent is painted anew; the file itself is not kept."""
    async with reading(request) as db:  # before anything is read
        await _own(db, request)
    async with typed_upload(request, "photo", MAX_PHOTO) as (typed, upload):
        try:
            alt = await _alt_of(typed, upload)
            picture = await _painted(upload)
            async with keeping(house(request).settings.data, BytesIO(picture)) as photo_id, writing(request) as db:
                event, speaker = await _own(db, request)
                before = await put_photo(db, event, speaker, photo_id, alt, now(request))
        except Invalid as wrong:
            return await _page(request, typed, wrong.fields)
    await throw_away(house(request).settings.data, [before])
    return redirect(request, "speaking:profile", "Your photo is shown on your page.", **request.path_params)


async def _alt_of(typed: Typed, upload: Upload | None) -> str:
    alt = " ".join(typed.get("alt", "").split())[:200]
    if alt:
        return alt
    wrong = {"alt": ALT_NEEDED}
    try:
        await _painted(upload)
        wrong["photo"] = "Choose the photo again: browsers don’t keep it."
    except Invalid as no:
        wrong |= no.fields
    raise Invalid("alt", ALT_NEEDED, wrong)


async def _painted(upload: Upload | None) -> bytes:
    if upload is None:
        raise Invalid("photo", "Choose a photo.")
    if upload.too_big:
        raise Invalid("photo", f"This photo is too big: it may have at most {size_words(MAX_PHOTO)}. Most programs can save it smaller.")
    return await asyncio.get_running_loop().run_in_executor(PAINTERS, clean_photo, upload.file)


async def photo_removal(request: Request) -> Response:
    """POST .../profile/photo/removal"""
    async with writing(request) as db:
        event, speaker = await _own(db, request)
        before = await put_photo(db, event, speaker, None, "", now(request))
    await after_commit(request, lambda: throw_away(house(request).settings.data, [before]))
    return redirect(request, "speaking:profile", "Your photo is removed.", **request.path_params)


async def times(request: Request) -> Response:
    """POST .../profile/times: one more span in which one can speak, on the clock that the form named."""
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            _, speaker = await _own(db, request)
            starts_at, ends_at = TimeForm.read(typed).span()
            await add_time(db, speaker, starts_at, ends_at)
    except Invalid as wrong:
        return await _page(request, typed, wrong.fields)
    return redirect(request, "speaking:profile", "Added: the organisers see it on the event’s clock.", **request.path_params)


async def time_removal(request: Request) -> Response:
    """POST .../profile/times/{time:uuid}/removal"""
    async with writing(request) as db:
        event, speaker = await _own(db, request)
        await drop_time(db, speaker, request.path_params["time"])
    return redirect(request, "speaking:profile", "Removed.", event=event.slug, speaker=speaker.slug)


async def _own(db: Db, request: Request) -> tuple[Event, Speaker]:
    person = await require_person(db, request)
    return await own_speaker(db, request.path_params["event"], request.path_params["speaker"], person)


async def _page(request: Request, typed: Typed | None = None, errors: Mapping[str, str] | None = None) -> Response:
    async with reading(request) as db:
        event, speaker = await _own(db, request)
        kept, spans = await profile_of(db, speaker.id), await times_of(db, speaker.id)
        is_public = speaker.id in {each.id for each in await speakers_shown(db, event)}
    zone = _typed_zone(typed) or zone_for(request, event.zone)
    day = event.starts_at.astimezone(zone_named(zone)).date()
    saved = {"biography": speaker.biography, "pronouns": kept.pronouns if kept else "", "photo_alt": kept.photo_alt if kept else ""}
    saved |= dict(zip(LINKS, kept.links if kept else [], strict=False)) | {"day": day.isoformat()}
    page = ProfilePage(
        event=event,
        speaker=speaker,
        is_public=is_public,
        profile=kept,
        typed=saved | (typed or {}),
        errors=errors or {},
        links=LINKS,
        times=tuple(
            (each, show(each.starts_at, each.ends_at, first=zone, second=event.zone, event_zone=event.zone, mine=zone)) for each in spans
        ),
        zone=zone,
        zone_words=f"{city_of(zone)}’s clock ({spoken_zone(event.starts_at, zone)})",
        event_days=long_date(day),
    )
    title = f"{'Error: ' if errors else ''}My page as a speaker · {event.title}"
    return render(request, "speaking/profile.html", page, title=title, status=422 if errors else 200, zone=event.zone)


def _typed_zone(typed: Typed | None) -> str:
    """The clock that a form was read on stays the one it comes back with."""
    try:
        return zone_named((typed or {}).get("zone", "")).key
    except Invalid:
        return ""
