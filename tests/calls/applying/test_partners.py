"""Whom an application names is asked by mail, once it is sent; a link opens one answer and nothing else."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from conference.calls.submission_tables import Partner
from conference.mail.tables import QueuedMail
from tests.calls.applying.cast import MORE, OWN, House

NAMED = {
    "a__partners__1__name": "Partner in Kerala", "a__partners__1__email": "p@kerala.example",
    "a__partners__2__name": "Partner in Cologne", "a__partners__2__email": "p@cologne.example",
    "a__referee__1__name": "Referee in Lagos", "a__referee__1__email": "r@lagos.example",
}  # fmt: skip


def link_in(mail: QueuedMail, house: House) -> str:
    return str(mail.facts["link"]).removeprefix(house.settings.base_url)


async def partners(house: House) -> dict[str, Partner]:
    async with house.database.reading() as db:
        return {row.email: row for row in await db.exec(select(Partner))}


async def test_partners_confirm_or_say_no_and_a_referee_writes(house: House) -> None:
    await house.write_whole()
    await house.fill(MORE, **NAMED)
    assert await house.mails("partner_asked") == []
    await house.send()
    kerala, cologne = await house.mails("partner_asked")
    [lagos] = await house.mails("referee_asked")
    assert "Librarian in Nairobi applies to A week of learning and names you as a partner." in await house.letter("partner_asked")

    page = await house.look(link_in(kerala, house), "nobody")
    assert page.words.startswith("Librarian in Nairobi names you as a partner A week of learning")
    assert "far away" not in page.text
    await house.press(link_in(kerala, house), "nobody", answer="yes")
    await house.press(link_in(cologne, house), "nobody", answer="no")
    assert (await house.press(link_in(cologne, house), "nobody", answer="yes")).status == 409
    empty = await house.press(link_in(lagos, house), "nobody", answer="yes")
    assert empty.beside == {"words": "Write your reference first."}
    await house.press(link_in(lagos, house), "nobody", answer="yes", words="They read\nto everybody.")
    assert (await partners(house))["r@lagos.example"].words == "They read\nto everybody."
    own = await house.look(OWN)
    assert "Partner in Kerala: confirmed Partner in Cologne: said no Referee in Lagos: has written" in own.words
    assert "They read" not in own.text
    assert "They read to everybody." in (await house.look("/manage/calls/week-2021/submissions/1", "organiser")).words


async def test_who_stays_named_is_not_asked_twice_and_who_is_not_named_any_more_is_let_go(house: House) -> None:
    await house.write_whole()
    await house.fill(MORE, **NAMED)
    await house.send()
    kerala, cologne = await house.mails("partner_asked")
    await house.press(link_in(kerala, house), "nobody", answer="yes")
    await house.fill(MORE, a__partners__2__name="Partner in Bergen", a__partners__2__email="p@bergen.example")
    await house.send()
    assert [mail.to_address for mail in await house.mails("partner_asked")] == ["p@kerala.example", "p@cologne.example", "p@bergen.example"]
    assert (await house.look(link_in(cologne, house), "nobody")).status == 404
    there = await partners(house)
    assert there["p@kerala.example"].confirmed_at
    assert there["p@cologne.example"].removed_at
    await house.press(f"{OWN}/withdrawal")
    assert (await house.look(link_in(kerala, house), "nobody")).status == 404


async def test_who_has_not_answered_is_asked_again_after_two_days_with_a_new_link(house: House) -> None:
    await house.write_whole()
    await house.fill(MORE, **NAMED)
    await house.send()
    kerala = (await house.mails("partner_asked"))[0]
    partner = (await partners(house))["p@kerala.example"]
    again = f"{OWN}/partners/{partner.id}/asking"
    assert (await house.press(again)).status == 429
    assert (await house.press(again, "other")).status == 404
    async with house.database.writing() as db:
        (await db.get_one(Partner, partner.id)).asked_at = datetime.now(UTC) - timedelta(days=3)
    assert (await house.press(again)).said == "Partner in Kerala gets one more mail, with a new link."
    assert (await house.look(link_in(kerala, house), "nobody")).status == 404
    newest = (await house.mails("partner_asked"))[-1]
    assert (await house.look(link_in(newest, house), "nobody")).status == 200
