"""What is typed about awards and the sessions that come of submissions."""

from datetime import datetime, time
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from conference.calls.sessions import When
from conference.errors import Invalid
from conference.programme.forms import Clock, Day
from conference.programme.tables import Event, SessionType
from conference.times import local_instant
from conference.web.forms import Form


class TalkForm(Form):
    asks: ClassVar[dict[str, str]] = {
        "type": "Choose a type from the list.",
        "room": "Choose a room from the list.",
        "day": "Enter the day.",
        "starts": "Enter when it starts.",
        "ends": "Enter when it ends.",
    }
    type: SessionType
    room: UUID
    day: Day
    starts: Clock
    ends: Clock

    def when(self, event: Event) -> When:
        """Raises Invalid, for an hour that the clock skips too."""
        starts, ends = self._instant(event, "starts", self.starts), self._instant(event, "ends", self.ends)
        if ends <= starts:
            raise Invalid("ends", "It ends after it starts.")
        return When(self.type, self.room, starts, ends)

    def _instant(self, event: Event, field: str, clock: time) -> datetime:
        return local_instant(datetime.combine(self.day, clock), event.zone, where=field)


class ShowcaseForm(Form):
    asks: ClassVar[dict[str, str]] = {"session": "Choose a session."}
    session: UUID


class ReportForm(Form):
    report: str = Field(default="", max_length=20_000)


class WordForm(Form):
    asks: ClassVar[dict[str, str]] = {"word": "Say what is missing."}
    word: str = Field(max_length=2_000)
