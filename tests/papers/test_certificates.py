"""Certificates go by attendance, are set in every script, and can be verified by anybody, who learns no more than stands on them."""

import re
from datetime import UTC, datetime

from conference.attendance.noting import note_attendance
from conference.documents.coverage import without_font
from conference.documents.render import pdf_of
from conference.papers.certificates import earned_by, issue_certificate
from conference.storage.database import Database
from tests.console.cast import look, send
from tests.papers.cast import CERTIFICATE, DAYS, MANAGE, PapersWeek, claims_ua, tags, words
from tests.world import build_world, delegate

NAMES = ["مندوبة من الشارقة", "അനിത കൊല്ലം", "张伟 (示例)", "Délégate Łukaszewicz", "사서 김", "अनिता ठाकुर"]
LETTER = {
    **dict.fromkeys(("issuer", "date", "reference", "event", "signed_by", "signed_as"), ""),
    "subject": "A letter",
    "to": [],
    "address": [],
    "details": [["Place", "One"]],
    "language": "en",
    "verify": {"code": "C", "address": "https://conference.invalid/verify/C", "picture": "<svg xmlns='http://www.w3.org/2000/svg'/>"},
}


async def test_who_was_there_on_every_day_has_one_and_who_missed_a_day_is_told(papers: PapersWeek) -> None:
    await papers.was_there("nairobi", DAYS)
    await papers.was_there("kerala", DAYS[:-1])
    early = await papers.browser("nairobi").post(CERTIFICATE)
    assert (early.status_code, "once the event is over" in early.text) == (409, True)
    papers.is_over()
    refused = await papers.browser("kerala").post(CERTIFICATE)
    assert (refused.status_code, "all 6 days; 5 days noted" in refused.text) == (409, True)
    assert (await papers.browser("stranger").post(CERTIFICATE)).status_code == 409
    code, pdf = await papers.certificate("nairobi")
    for each in ("Certificate of completion", "Délégate in Nairobi", "A week for leaders", "all 6 days", "not a qualification", code):
        assert each in words(pdf), each
    assert "accredited" not in words(pdf)
    assert claims_ua(pdf)
    assert ("Figure", f"QR code that leads to {papers.house.settings.base_url}/verify/{code}") in tags(pdf)
    assert "H1" in dict(tags(pdf))
    again, same = await papers.certificate("nairobi")
    assert (again, same) == (code, pdf)  # asked for again: the same paper, to the byte


async def test_anybody_verifies_it_and_learns_no_more_than_stands_on_it(papers: PapersWeek) -> None:
    await papers.was_there("nairobi", DAYS)
    papers.is_over()
    code, _ = await papers.certificate("nairobi")
    nobody = papers.browser("nobody")
    found = await nobody.get("/verify", params={"code": f" {code.lower().replace('-', ' ')} "})
    assert found.headers["location"] == f"/verify/{code}"
    page = await look(nobody, f"/verify/{code}")
    assert "Paper Certificate of completion Name Délégate in Nairobi Event A week for leaders" in page.words
    person = papers.week.people["nairobi"]
    assert not any(secret in page.text for secret in (person.email, person.organisation, str(person.id)))
    assert (await nobody.get("/verify/0000-0000-0000-0000")).status_code == 404
    assert (await nobody.get("/verify?code=nonsense")).status_code == 422
    statuses = {(await nobody.get("/verify/0000-0000-0000-0000")).status_code for _ in range(40)}
    assert statuses == {404, 429}


async def test_a_revoked_one_says_so_and_another_can_be_made(papers: PapersWeek) -> None:
    await papers.was_there("nairobi", DAYS)
    papers.is_over()
    code, _ = await papers.certificate("nairobi")
    organiser, nobody = papers.browser("organiser"), papers.browser("nobody")
    listed = (await organiser.get(f"{MANAGE}/papers")).text
    [revoke] = re.findall(r'href="([^"]+/revocation)"', listed)
    assert set((await send(organiser, revoke, {"reason": ""})).beside) == {"reason"}
    assert (await papers.browser("nairobi").post(revoke, content="reason=x")).status_code == 403
    assert (await send(organiser, revoke, {"reason": "The name was wrong"})).said.startswith("Revoked.")
    page = await look(nobody, f"/verify/{code}")
    assert "was revoked on Wednesday 16 July 2025" in page.words
    assert not any(hidden in page.text for hidden in ("Délégate", "The name was wrong"))
    assert (await papers.browser("nairobi").get(f"/me/papers/{code}.pdf")).status_code == 404
    other, _ = await papers.certificate("nairobi")
    assert other != code


async def test_ones_own_paper_is_nobody_elses(papers: PapersWeek) -> None:
    await papers.was_there("nairobi", DAYS)
    papers.is_over()
    code, pdf = await papers.certificate("nairobi")
    for who, status in (("kerala", 404), ("organiser", 404), ("nobody", 303), ("nairobi", 200)):
        assert (await papers.browser(who).get(f"/me/papers/{code}.pdf")).status_code == status
    [path] = set(re.findall(r'href="(/manage/[^"]+\.pdf)"', (await papers.browser("organiser").get(f"{MANAGE}/papers")).text))
    for who, status in (("kerala", 403), ("moderator", 403), ("helper", 403), ("organiser", 200)):
        assert (await papers.browser(who).get(path)).status_code == status
    answer = await papers.browser("organiser").get(path)
    assert answer.content == pdf
    assert (answer.headers["cache-control"], answer.headers["content-disposition"][:10]) == ("no-store", "attachment")


async def test_organisers_make_those_that_are_missing(papers: PapersWeek) -> None:
    await papers.was_there("nairobi", DAYS)
    await papers.was_there("kerala", DAYS)
    organiser, path = papers.browser("organiser"), f"{MANAGE}/certificates"
    assert "The event is not over" in (await look(organiser, path)).words
    papers.is_over()
    assert "Earned: 2" in (await look(organiser, path)).words
    assert (await send(organiser, path, {})).said == "2 certificates made."
    assert (await send(organiser, path, {})).said == "0 certificates made."
    head = (await look(organiser, f"{MANAGE}/papers")).form(f"{MANAGE}/papers")
    assert head["basis"] == "days"
    assert set((await send(organiser, f"{MANAGE}/papers", head | {"least": "0", "basis": "x"})).beside) == {"least", "basis"}
    await send(organiser, f"{MANAGE}/papers", head | {"basis": "none"})
    assert "This event has no certificate" in (await look(papers.browser("sharjah"), CERTIFICATE)).words


async def test_online_it_goes_by_the_sessions_that_were_joined(sqlite: Database) -> None:
    async with sqlite.writing() as db:
        world = await build_world(db)
        joined, absent = await delegate(db, world, "Delegate in Nairobi"), await delegate(db, world, "Delegate in Oslo")
        starts = int(world.talk.starts_at.timestamp())
        await note_attendance(db, world.talk.id, {joined.id: [(starts, starts + 1800)], absent.id: [(starts, starts + 60)]})
        over = world.event.ends_at
        paper = await issue_certificate(db, world.event, joined, over)
        missing = (await earned_by(db, world.event, absent, over)).missing
    assert paper.facts["title"] == "Certificate of attendance"
    assert paper.facts["says"] == "joined 1 session, 1 hour in all, at"
    assert paper.facts["sessions"] == [{"title": "Opening keynote", "when": "Fri 25 June, 10:00–11:00"}]
    assert missing == "The certificate asks for at least 1 session; 0 sessions noted."


async def test_names_in_every_script_are_set_by_fonts_of_ours() -> None:
    pdf = await pdf_of("letter.typ", LETTER | {"paragraphs": NAMES, "name": "Всем, Όλοι, כולם"})
    assert without_font(NAMES) == []
    assert claims_ua(pdf)  # which no document is that has a sign without a font
    assert all(part in words(pdf) for part in ("张伟", "사서 김", "Łukaszewicz", "Всем"))


async def test_a_sign_that_no_font_has_costs_the_standard_and_not_the_paper() -> None:
    wrote = {"name": "\U00012000 of Ur", "paragraphs": ["#panic() $x$ *bold* <a@b>"]}
    pdf = await pdf_of("letter.typ", LETTER | wrote, datetime.now(UTC))
    assert "#panic() $x$ *bold* <a@b>" in words(pdf)
    assert claims_ua(pdf) == (without_font(["\U00012000"]) == [])
    assert "H1" in dict(tags(pdf))
