"""A house with an open call in it, three days before its deadline, and a browser for each who comes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from httpx2 import AsyncClient
from sqlmodel import col, select

from conference.calls.submission_tables import Submission, SubmissionVersion
from conference.mail.compose import written
from conference.mail.tables import QueuedMail
from conference.people.tables import Person
from conference.settings import Settings
from conference.storage.database import Database
from conference.web.render import environment
from tests.calls.cast import DEFINITION, CallWorld
from tests.console.cast import Page, look, send

CALL = "/calls/week-2021"
OWN = f"{CALL}/submission/1"
DESK = "/manage/calls/week-2021/submissions"
PERSONAL, INTERESTS, MORE = (f"{OWN}/parts/{part}" for part in ("personal", "interests", "more"))
ASKED: dict[str, Any] = {
    "parts": [
        *DEFINITION["parts"],
        {
            "key": "more",
            "title": "More",
            "questions": [
                {"key": "staff", "label": "How many you are", "kind": "number", "least": 1, "required": False},
                {"key": "cost", "label": "What it costs", "kind": "money", "least": 100, "most": 2_000_000, "required": False},
                {"key": "kind", "label": "Kind of library", "kind": "choice", "options": ["Public", "School"], "required": False},
                {"key": "days", "label": "Days", "kind": "several", "options": ["Monday", "Tuesday"], "required": False},
                {"key": "may", "label": "We may write to you", "kind": "consent", "required": False},
                {"key": "partners", "label": "Partners", "kind": "partner", "many": True, "most": 4, "required": False},
                {"key": "referee", "label": "A referee", "kind": "referee", "required": False},
            ],
        },
    ]
}
WHOLE = {
    "personal": {"a-name": "Librarian in Nairobi", "a-institution": "A library", "a-country": "KE", "a-since": "2015-03-01"},
    "interests": {"a-issue": "Our readers are far away."},
}


@dataclass
class House:
    """`applicant` and `other` apply; `organiser` runs the call; `stranger` organises another event; `nobody` is not signed in."""

    made: CallWorld
    people: dict[str, Person]
    browsers: dict[str, AsyncClient]
    database: Database
    settings: Settings
    app: Any

    def at(self, moment: datetime) -> None:
        """From now on the house lives at this instant."""
        self.app.state.house.clock.offset = moment - datetime.now(UTC)

    async def look(self, path: str, who: str = "applicant") -> Page:
        return await look(self.browsers[who], path)

    async def press(self, path: str, who: str = "applicant", **typed: str) -> Page:
        return await send(self.browsers[who], path, {"then": "stay"} | typed)

    async def fill(self, path: str, who: str = "applicant", **typed: str) -> Page:
        """Open a part, change some of it, save it."""
        opened = await self.look(path, who)
        return await self.press(path, who, **opened.form(path) | {name.replace("__", "-"): value for name, value in typed.items()})

    async def write_whole(self, who: str = "applicant", own: str = OWN) -> None:
        await self.press(f"{CALL}/submission", who)
        for part, typed in WHOLE.items():
            opened = await self.look(f"{own}/parts/{part}", who)
            await self.press(f"{own}/parts/{part}", who, **opened.form(f"{own}/parts/{part}") | typed)

    async def send(self, who: str = "applicant", own: str = OWN) -> Page:
        return await self.press(f"{own}/sending", who, **{"terms-1": "yes"})

    async def submission(self, number: int = 1) -> Submission:
        async with self.database.reading() as db:
            return (await db.exec(select(Submission).where(Submission.number == number))).one()

    async def versions(self) -> list[SubmissionVersion]:
        async with self.database.reading() as db:
            return list(await db.exec(select(SubmissionVersion).order_by(col(SubmissionVersion.number))))

    async def mails(self, template: str) -> list[QueuedMail]:
        async with self.database.reading() as db:
            return list(await db.exec(select(QueuedMail).where(QueuedMail.template == template).order_by(col(QueuedMail.id))))

    async def letter(self, template: str) -> str:
        """The newest mail of this kind, as it is sent."""
        subject, text = written((await self.mails(template))[-1], self.settings, environment())
        return f"{subject}\n\n{text}"
