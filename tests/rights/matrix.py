"""Every address outside of /manage, asked for by everybody about what belongs to one person, who has done all there is to do here."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from starlette.routing import Route

from conference.api.tables import ApiToken
from conference.app import routes
from conference.calls.file_tables import SubmissionFile
from conference.calls.submission_tables import Partner
from conference.live.poll_tables import Poll
from conference.papers.issuing import issue_paper
from conference.papers.queries import papers_of
from conference.papers.tables import PaperKind
from conference.people.tables import SignIn
from conference.privacy.gathering import everything_about
from conference.registration.handing_tables import PlaceInvitation
from conference.settings import Settings
from conference.speaking.tables import SpeakerProfile, TalkProposal, TalkResource
from conference.storage.personal import Rows
from tests.privacy.cast import Traveller, my_speaker
from tests.world import BEFORE

MATRIX = Path(__file__).with_name("matrix.txt")
OTHERS = ("nobody", "guest", "delegate", "other", "stranger")  # whose acts must leave all that is the traveller's as it was
MAY_MORE = ("owner", "moderator", "organiser", "partner")  # a partner speaks in the same session: what lies beside it is theirs too
ROLES = (*OTHERS, *MAY_MORE)
ENDS_ALL = ("people:sign_out", "people:everywhere")  # whoever did this does nothing more
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
Act = tuple[str, str]  # method, route's name


def acts(settings: Settings) -> Iterator[tuple[Act, str]]:
    """Each with its path's pattern. The organisers' side has a table of its own (tests/console/test_rights.py)."""
    found = [route for route in routes(settings) if isinstance(route, Route) and not route.path.startswith("/manage")]
    for route in sorted(found, key=lambda route: route.name in ENDS_ALL):
        for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
            yield (method, route.name), route.path


def expected() -> dict[Act, list[str]]:
    """What the table says of each act, in the order of ROLES."""
    lines = (line.split() for line in MATRIX.read_text().splitlines() if line and not line.startswith("#"))
    return {(method, name): statuses for method, name, *statuses in lines}


async def everything_of(me: Traveller) -> Rows:
    """All rows about the traveller, but for mails, which others' acts may cause."""
    async with me.house.database.reading() as db:
        found = await everything_about(db, await me.person())
    return {name: rows for name, rows in found.items() if name != "queued_mail"}


async def have_paper(me: Traveller) -> None:
    """The traveller has a letter."""
    person = await me.person()
    async with me.house.database.writing() as db:
        facts = {"subject": "An award", "name": person.name, "to": [], "reference": "", "paragraphs": [], "details": []}
        await issue_paper(db, PaperKind.award_letter, person, None, person.id, facts, BEFORE)


async def filled_by(me: Traveller) -> dict[str, str]:
    """What stands in the holes of addresses: what is the traveller's wherever it can be."""
    speaker, person = await my_speaker(me), await me.person()
    async with me.house.database.reading() as db:
        poll = (await db.exec(select(Poll.id))).first()
        device = (await db.exec(select(SignIn.id).where(SignIn.person_id == person.id).order_by(col(SignIn.id).desc()))).first()
        invitation = (await db.exec(select(PlaceInvitation.id).where(PlaceInvitation.by_id == person.id))).first()
        proposal = (await db.exec(select(TalkProposal.id).order_by(col(TalkProposal.id).desc()))).first()
        resource = (await db.exec(select(TalkResource.id).order_by(col(TalkResource.id)))).first()
        photo = (await db.exec(select(SpeakerProfile.photo_id).where(SpeakerProfile.speaker_id == speaker.id))).first()
        file = (await db.exec(select(SubmissionFile.id))).first()
        partner = (await db.exec(select(Partner.id))).first()
        [paper] = await papers_of(db, person.id)
        token = (await db.exec(select(ApiToken.id).where(ApiToken.person_id == person.id))).first()
    ids = {"poll": poll, "device": device, "invitation": invitation, "proposal": proposal, "resource": resource, "photo": photo}
    ids |= {"question": me.ids["shown"], "token:uuid": token}
    ids |= {"file": file, "partner": partner}
    assert None not in ids.values(), ids
    filled = {f"{name}:uuid" if ":" not in name else name: str(id_) for name, id_ in ids.items()}
    filled |= {"call": "wander", "part": "interests", "question": "cv", "version:int": "1", "milestone:uuid": str(UUID(int=0))}
    filled["paper"] = paper.code
    return filled | {"event": "wi-test", "session": "opening-keynote", "speaker": speaker.slug, "track": "none", "number:int": "1"}


def changed(before: Rows, after: Rows) -> list[str]:
    """`table.column: then -> now` of everything that is different."""
    nothing: dict[str, Any] = {}
    return [
        f"{table}.{name}: {then.get(name)} -> {now.get(name)}"
        for table in sorted(before | after)
        for then, now in zip_longest(before.get(table, []), after.get(table, []), fillvalue=nothing)
        for name in sorted(then | now)
        if then.get(name) != now.get(name)
    ]


async def answers_to(me: Traveller, settings: Settings, who: str, filled: dict[str, str]) -> dict[Act, str]:
    """The status of each act; the owner only looks."""
    browser = me.browser if who == "owner" else me.house.browsers["invited" if who == "nobody" else who]
    found = {}
    for act, path in acts(settings):
        if who == "owner" and act[0] != "GET":
            found[act] = "-"
            continue
        address = re.sub(r"\{([^}]+)\}", lambda hole: filled.get(hole[1], "nothing-like-it"), path)
        answer = await browser.request(act[0], address, headers=HEADERS if act[0] == "POST" else {})
        found[act] = str(answer.status_code)
    return found
