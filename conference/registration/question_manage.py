"""One question of a registration form, from the organisers' side: changed, moved, retired."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.errors import Invalid
from conference.programme.tables import Event
from conference.registration.form_desk import KINDS, READERS, Options, QuestionRow, organised, row_of
from conference.registration.form_forms import QuestionForm
from conference.registration.form_queries import answer_counts, question_at
from conference.registration.form_tables import RegistrationQuestion
from conference.registration.questions import change_question, move_question, retire_question
from conference.web.forms import Typed, typed_form
from conference.web.links import redirect
from conference.web.render import render
from conference.web.request import now, reading, writing


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """templates/registration/manage_question.html"""

    event: Event
    row: QuestionRow
    typed: Typed
    errors: dict[str, str]
    kinds: Options = KINDS
    readers: Options = READERS


async def question(request: Request) -> Response:
    """GET, POST /manage/events/{event}/form/questions/{question}: reword it, or ask something else in its stead."""
    if request.method != "POST":
        return await _question_page(request, None, {})
    typed = await typed_form(request)
    try:
        async with writing(request) as db:
            event, organiser = await organised(db, request)
            old = await question_at(db, event.id, request.path_params["question"])
            said, version = QuestionForm.read(typed), old.version
            new_meaning = said.meaning == "new"
            changed = await change_question(db, event, old, said.plan(), now(request), new_meaning=new_meaning, by=organiser.id)
    except Invalid as wrong:
        return await _question_page(request, typed, wrong.fields)
    kept = (
        f"Version {changed.version} is asked now; the answers to version {version} stay with it." if changed.version > version else "Saved."
    )
    return redirect(request, "registration:form", kept, event=event.slug)


async def retirement(request: Request) -> Response:
    """POST /manage/events/{event}/form/questions/{question}/retirement"""
    async with writing(request) as db:
        event, organiser = await organised(db, request)
        old = await question_at(db, event.id, request.path_params["question"])
        await retire_question(db, event, old, now(request), by=organiser.id)
    return redirect(
        request, "registration:form", f"“{old.label}” is asked no more. Its answers stay until their days are over.", event=event.slug
    )


async def position(request: Request) -> Response:
    """POST /manage/events/{event}/form/questions/{question}/position: one up, or one down."""
    typed = await typed_form(request)
    async with writing(request) as db:
        event, _ = await organised(db, request)
        moved = await question_at(db, event.id, request.path_params["question"])
        await move_question(db, event, moved, up=typed.get("direction") == "up")
    return redirect(request, "registration:form", f"“{moved.label}” has moved.", event=event.slug)


async def _question_page(request: Request, typed: Typed | None, errors: dict[str, str]) -> Response:
    async with reading(request) as db:
        event, _ = await organised(db, request)
        old = await question_at(db, event.id, request.path_params["question"])
        row = row_of(old, event, (await answer_counts(db, event.id)).get(old.id, 0))
    page = QuestionPage(event, row, _typed(old) if typed is None else typed, errors)
    title, status = f"Question · {event.title}", 422 if errors else 200
    return render(request, "registration/manage_question.html", page, title=title, status=status, zone=event.zone)


def _typed(question: RegistrationQuestion) -> Typed:
    return {
        "label": question.label,
        "help": question.help,
        "kind": question.kind.value,
        "options": "\n".join(question.options),
        "required": "yes" if question.required else "",
        "keep_days": str(question.keep_days),
        "seen_by": question.seen_by.value,
    }
