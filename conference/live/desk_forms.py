"""What is typed at the organisers' desk."""

import re
from datetime import time
from typing import ClassVar
from uuid import UUID

from pydantic import Field, field_validator

from conference.live.announcements import MAX_MINUTES
from conference.storage.ids import new_id
from conference.web.forms import Form

EVERYWHERE = ""  # the place of what is announced to the whole event


class EndForm(Form):
    """Where something is announced and how long; `clock` counts where both are typed."""

    asks: ClassVar[dict[str, str]] = {
        "minutes": f"Type for how many minutes, as a whole number from 1 to {MAX_MINUTES}.",
        "clock": "Type a time of day, such as 16:30.",
        "id": "This form can’t be read. Load the page again and send it once more.",
    }
    place: str = EVERYWHERE  # a session's slug
    minutes: int | None = None
    clock: time | None = None

    @field_validator("clock", mode="before")
    @classmethod
    def _is_of_a_clock(cls, typed: str) -> str:
        """Neither a number of seconds nor a time with a zone of its own."""
        if not re.fullmatch(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", typed):
            raise ValueError(cls.asks["clock"])
        return typed


class AnnounceForm(EndForm):
    """`id` is the announcement's own, so that sending the form twice is one announcement."""

    text: str = ""  # what it may be, `announce` says
    id: UUID = Field(default_factory=new_id)
