"""The fee of an accepted place: one invoice, paid or overdue on the checklist, void once the place is given back."""

from datetime import UTC, datetime

from conference.calls.checklist import ItemState
from conference.calls.checklists import checklists
from conference.calls.offer_ends import give_up
from conference.calls.taking import accept
from conference.papers.invoices import take_payment
from conference.papers.queries import invoice_of
from conference.storage.database import Database
from tests.calls.offered import REAL, TOLD, Told, build_told, later, offer_for

DUE = datetime(2021, 4, 25, 23, 0, tzinfo=UTC)  # the end of the thirtieth day in London


async def test_an_accepted_place_has_one_invoice_which_is_paid_late_or_in_time(sqlite: Database) -> None:
    told = await build_told(sqlite)
    async with sqlite.writing() as db:
        offer = await offer_for(db, told.submissions[0])
        await accept(db, told.call, offer, True, TOLD, REAL)
        await accept(db, told.call, offer, True, TOLD, REAL)
        invoice = await invoice_of(db, offer.id)
        assert invoice
        assert (invoice.number, invoice.net_pence, invoice.vat_pence, invoice.total_pence) == (1, 191667, 38333, 230000)
    assert await _fee(sqlite, told, later(1)) == (ItemState.open, DUE)
    assert await _fee(sqlite, told, DUE) == (ItemState.overdue, DUE)
    async with sqlite.writing() as db:
        await take_payment(db, invoice.id, "By transfer", later(20))
    assert await _fee(sqlite, told, DUE) == (ItemState.done, None)


async def test_who_gives_a_place_back_owes_nothing(sqlite: Database) -> None:
    told = await build_told(sqlite)
    async with sqlite.writing() as db:
        offer = await offer_for(db, told.submissions[0])
        await accept(db, told.call, offer, True, TOLD, REAL)
        await give_up(db, told.call, offer, "", later(1), REAL)
        assert await invoice_of(db, offer.id) is None


async def _fee(database: Database, told: Told, now: datetime) -> tuple[ItemState, datetime | None]:
    async with database.reading() as db:
        offer = await offer_for(db, told.submissions[0])
        items = (await checklists(db, told.call, [(offer, told.submissions[0])], now))[offer.id]
    [fee] = [item for item in items if item.title == "The fee"]
    return fee.state, fee.due_at
