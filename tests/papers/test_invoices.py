"""Invoices: no number is missing, none is given twice, and what is wrong becomes void."""

import asyncio
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from conference.errors import Conflict, Invalid
from conference.papers.invoices import Bill, issue_invoice, take_payment, take_payment_back, void_invoice
from conference.papers.personal import forget
from conference.papers.queries import live_paper
from conference.papers.tables import Invoice, InvoiceState, PaperKind
from conference.storage.database import Database
from conference.storage.personal import Erasing, Whom
from tests.console.cast import look, send
from tests.papers.cast import MANAGE, PapersWeek, claims_ua, tags, words
from tests.world import build_world, delegate

NOW = datetime(2025, 4, 1, 9, tzinfo=UTC)
FEE = Bill("A place in the week", 2_300_00, 20)


async def test_no_number_is_missing_however_many_are_made_at_once_and_fail(database: Database) -> None:
    async with database.writing() as db:
        world = await build_world(db)
        person = await delegate(db, world, "Delegate in Nairobi", registered=False)
    same = uuid4()

    async def make(number: int) -> UUID | None:
        try:
            async with database.writing() as db:
                made = await issue_invoice(db, person, world.event, FEE, NOW, subject_id=same if number < 3 else uuid4())
                if number % 3 == 0:
                    raise LookupError  # what came after it went wrong
                return made.id
        except LookupError:
            return None

    made = await asyncio.gather(*(make(number) for number in range(9)))
    async with database.reading() as db:
        rows = (await db.exec(select(Invoice).order_by(col(Invoice.number)))).all()
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert {row.id for row in rows} == set(made) - {None}
    assert made[1] == made[2]  # one subject, one invoice
    assert {(row.net_pence, row.vat_pence, row.total_pence) for row in rows} == {(1_916_67, 383_33, 2_300_00)}


async def test_an_invoice_is_paid_or_void_and_never_both(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db)
        person = await delegate(db, world, "Delegate in Nairobi", registered=False)
        subject = uuid4()
        first = await issue_invoice(db, person, world.event, FEE, NOW, subject_id=subject)
        with pytest.raises(Invalid):
            await void_invoice(db, first.id, " ", NOW)
        await take_payment(db, first.id, "Transfer 17", NOW)
        with pytest.raises(Conflict, match="Take the payment back first"):
            await void_invoice(db, first.id, "Wrong address", NOW)
        await take_payment_back(db, first.id, NOW)
        await void_invoice(db, first.id, "Wrong address", NOW)
        for act in (take_payment(db, first.id, "", NOW), void_invoice(db, first.id, "Again", NOW), take_payment_back(db, first.id, NOW)):
            with pytest.raises(Conflict):
                await act
        second = await issue_invoice(db, person, world.event, FEE, NOW, subject_id=subject)
        assert (first.state, first.number, second.number) == (InvoiceState.void, 1, 2)


async def test_the_database_refuses_an_invoice_that_does_not_add_up(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db)
        person = await delegate(db, world, "Delegate in Nairobi", registered=False)
        invoice = await issue_invoice(db, person, world.event, FEE, NOW)
        for wrong in ({"vat_pence": 1}, {"state": "paid"}, {"state": "void"}, {"number": 0}, {"void_reason": "Why"}):
            with pytest.raises(IntegrityError):
                async with db.begin_nested():
                    await db.exec(update(Invoice).where(col(Invoice.id) == invoice.id).values(**wrong))


async def test_an_organiser_makes_one_by_hand_marks_it_paid_and_its_pdf_says_so(papers: PapersWeek) -> None:
    organiser, path = papers.browser("organiser"), f"{MANAGE}/invoices"
    form = (await look(organiser, path)).form(path)
    wrong = await send(organiser, path, form | {"total": "1e3", "place": ""})
    assert set(wrong.beside) == {"place", "words", "total"}
    typed = {"place": str(papers.week.places["sharjah"].id), "words": "The week", "total": "£2,300.00", "vat_percent": "20"}
    assert (await send(organiser, path, form | typed)).said == "INV-000001 is made."
    page = await look(organiser, path)
    assert "£2,300.00 unpaid, £0.00 paid" in page.words
    [pdf_path] = re.findall(r'href="(/manage/[^"]+\.pdf)"', page.text)
    pdf = (await organiser.get(pdf_path)).content
    for each in ("Invoice INV-000001", "£1,916.67", "£383.33", "£2,300.00", "20 %", "Thursday 10 July 2025", "@SUM(1+1)"):
        assert each in words(pdf), each
    assert claims_ua(pdf)
    assert {"H1", "Table", "TH", "TD", "Figure"} <= {kind for kind, _ in tags(pdf)}
    pay = next(each for each in page.forms if each.endswith("/payment"))
    assert (await send(organiser, pay, {"words": "Transfer 17"})).said == "INV-000001 is paid."
    paid = words((await organiser.get(pdf_path)).content)
    assert "PAID" in paid
    assert "PAID" not in words(pdf)
    own = (await papers.browser("sharjah").get("/me/papers")).text
    assert "INV-000001" in own
    assert (await send(organiser, pay, {"back": "1"})).said == "INV-000001 is unpaid again."
    void = pay.replace("/payment", "/voiding")
    assert set((await send(organiser, void, {"reason": ""})).beside) == {"reason"}
    assert (await send(organiser, void, {"reason": "Another payer"})).said == "INV-000001 is void. It keeps its number."
    assert "VOID" in words((await organiser.get(pdf_path)).content)


async def test_an_erased_persons_invoice_stays_in_the_accounts_and_nowhere_else(papers: PapersWeek) -> None:
    person, event = papers.week.people["kerala"], papers.week.event
    async with papers.week.database.writing() as db:
        invoice = await issue_invoice(db, person, event, FEE, NOW)
        paper = await live_paper(db, PaperKind.invoice, invoice.id)
        await forget(db, Whom(person.id), Erasing(NOW, NOW, keep_words=False))
    assert paper
    page = (await look(papers.browser("nobody"), f"/verify/{paper.code}")).words
    assert "Erased, as the holder asked" in page
    assert "INV-000001" not in page
    pdf = (await papers.browser("organiser").get(f"{MANAGE}/papers/{paper.id}.pdf")).content
    assert all(each in words(pdf) for each in ("INV-000001", "Delegate in Kerala", "£1,916.67"))
