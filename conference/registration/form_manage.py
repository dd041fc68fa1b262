"""The registration form from the organisers' side: its questions, the terms, who may take part, groups and handing on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Conflict, Invalid
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.registration.form_desk import KINDS, READERS, Options, QuestionRow, organised, row_of
from conference.registration.form_forms import ChoicesForm, EligibilityForm, QuestionForm, TermsForm
from conference.registration.form_page import FormShown, form_shown
from conference.registration.form_queries import all_questions, answer_counts, newest_eligibility, newest_terms
from conference.registration.form_tables import Eligibility, EventTerms
from conference.registration.interest import interested_count
from conference.registration.questions import (
    add_question,
    choices_for,
    decide_eligibility,
    publish_terms,
    set_choices,
)
from conference.storage.database import Db
from conference.times import zone_named
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing

NEW: Typed = {"keep_days": "30", "seen_by": "organisers", "kind": "short_text"}
Save = Callable[[Db, Event, Person, Typed], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class FormPage:
    """templates/registration/manage_form.html"""

    event: Event
    asked: tuple[QuestionRow, ...]
    retired: tuple[QuestionRow, ...]
    preview: FormShown
    terms: EventTerms | None
    eligibility: Eligibility | None
    interested: int
    typed: Typed
    errors: dict[str, str]
    kinds: Options = KINDS
    readers: Options = READERS


async def form(request: Request) -> Response:
    """GET /manage/events/{event}/form"""
    return await _form_page(request, {}, {})


async def questions(request: Request) -> Response:
    """POST /manage/events/{event}/form/questions: ask one more. GET shows the form, for those who come back."""

    async def save(db: Db, event: Event, organiser: Person, typed: Typed) -> str:
        added = await add_question(db, event, QuestionForm.read(typed).plan(), now(request), by=organiser.id)
        return f"“{added.label}” is asked from now on."

    return await _saved(request, save)


async def terms(request: Request) -> Response:
    """POST /manage/events/{event}/form/terms: a new version."""

    async def save(db: Db, event: Event, organiser: Person, typed: Typed) -> str:
        published = await publish_terms(db, event, TermsForm.read(typed).terms, now(request), by=organiser.id)
        if published is None:
            return "There are no terms."
        return f"Version {published.number} of the terms counts." if published.words else "There is nothing to accept any more."

    return await _saved(request, save)


async def eligibility(request: Request) -> Response:
    """POST /manage/events/{event}/form/eligibility"""

    async def save(db: Db, event: Event, organiser: Person, typed: Typed) -> str:
        said = EligibilityForm.read(typed)
        await decide_eligibility(db, event, said.words, said.reason, now(request), by=organiser.id)
        return "Who may take part stands before the form now, with its reason."

    return await _saved(request, save)


async def choices(request: Request) -> Response:
    """POST /manage/events/{event}/form/choices: groups, and handing places on."""

    async def save(db: Db, event: Event, organiser: Person, typed: Typed) -> str:
        said = ChoicesForm.read(typed)
        await set_choices(db, event, said.group_limit, *said.moments(event.zone), now(request), by=organiser.id)
        return "Saved."

    return await _saved(request, save)


async def _saved(request: Request, save: Save) -> Response:
    """One of the page's forms."""
    if request.method != "POST":
        return await _form_page(request, {}, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            said = await save(db, event, organiser, typed)
    except Invalid as wrong:
        return await _form_page(request, typed, wrong.fields)
    except Conflict as no:
        return await _form_page(request, typed, {"label": no.sentence})
    return redirect(request, "registration:form", said, event=event.slug)


async def _form_page(request: Request, typed: Typed, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        counts = await answer_counts(db, event.id)
        rows = [row_of(each, event, counts.get(each.id, 0)) for each in await all_questions(db, event.id)]
        newest, decided = await newest_terms(db, event.id), await newest_eligibility(db, event.id)
        chosen = await choices_for(db, event.id)
        moments = {"names": chosen.group_names_by, "transfers": chosen.transfers_until}
        said = {
            "terms": newest.words if newest else "",
            "words": decided.words if decided else "",
            "reason": decided.reason if decided else "",
            "group_limit": str(chosen.group_limit),
            **_local(moments, event.zone),
        }
        page = FormPage(
            event=event,
            asked=tuple(row for row in rows if not row.question.retired_at),
            retired=tuple(row for row in rows if row.question.retired_at),
            preview=(await form_shown(db, event))[1],
            terms=newest,
            eligibility=decided,
            interested=await interested_count(db, event.id),
            typed={**NEW, **said, **typed},
            errors=errors,
        )
    title, status = f"Registration form · {event.title}", 422 if errors else 200
    return render(request, "registration/manage_form.html", page, title=title, status=status, zone=event.zone)


def _local(moments: dict[str, datetime | None], zone: str) -> Typed:
    """On the event's clock, as the form's fields want them."""
    typed: Typed = {}
    for name, moment in moments.items():
        if moment:
            local = moment.astimezone(zone_named(zone))
            typed |= {f"{name}_day": local.date().isoformat(), f"{name}_at": f"{local:%H:%M}"}
    return typed
