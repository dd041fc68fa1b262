"""The letter for a visa as a PDF: what the passport says is put in when it is made, as long as it is kept, and is nowhere else."""

from starlette.requests import Request
from starlette.responses import Response

from conference.calls.offer_page import passport_rows
from conference.calls.offer_queries import letter_of, offer_at, own_offer
from conference.calls.offer_tables import Offer
from conference.calls.queries import call_at
from conference.calls.rights import check_has_part, managed_call
from conference.calls.sealing import unseal
from conference.errors import NotFound
from conference.papers.door import pdf_answer, verify_address
from conference.papers.queries import live_paper
from conference.papers.setting import facts_today, file_name, set_paper
from conference.papers.tables import PaperKind
from conference.people.access import require_person
from conference.record.actions import note
from conference.storage.database import Db
from conference.web.request import house, reading, real_now, writing

NOT_WRITTEN = "There is no invitation letter for this offer."


async def own(request: Request) -> Response:
    """GET /calls/{call}/offers/{number}/invitation.pdf"""
    async with reading(request) as db:
        person = await require_person(db, request)
        call = await call_at(db, request.path_params["call"])
        offer, _ = await own_offer(db, call, request.path_params["number"], person)
        return await _answer(db, request, offer)


async def managed(request: Request) -> Response:
    """GET /manage/calls/{call}/offers/{number}/invitation.pdf: who took it out is recorded."""
    async with writing(request) as db:
        call, organiser = await managed_call(db, request)
        offer, submission = await offer_at(db, call, request.path_params["number"])
        await check_has_part(db, call, submission.id, organiser)
        answer = await _answer(db, request, offer)
        note(db, "invitation letter taken out", f"offer:{offer.id}", real_now(request), person_id=organiser.id, event_id=call.event_id)
    return answer


async def _answer(db: Db, request: Request, offer: Offer) -> Response:
    paper, letter = await live_paper(db, PaperKind.invitation_letter, offer.id), await letter_of(db, offer)
    if not paper or not letter:
        raise NotFound(NOT_WRITTEN)
    facts = await facts_today(db, paper)
    if letter.sealed:
        kept = passport_rows(unseal(house(request).settings.secret_key, letter.sealed))
        facts = facts | {"details": [*facts["details"], *(list(row) for row in kept)]}
    return pdf_answer(await set_paper(paper, facts, verify_address(request, paper)), file_name(paper))
