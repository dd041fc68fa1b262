"""What people type about their calendar."""

from typing import ClassVar

from conference.web.forms import Form


class ChoicesForm(Form):
    asks: ClassVar[dict[str, str]] = {"alarm": "Choose none, 10 minutes or 30 minutes."}
    alarm: int
    moderated: bool = False
