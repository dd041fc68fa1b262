"""What people type about their data."""

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from conference.web.forms import Form

ASKS_WORDS = "Choose what becomes of your questions and messages."


class CorrectionForm(Form):
    asks: ClassVar[dict[str, str]] = {"event": "Choose one of your events.", "text": "Say what is wrong, and how it is right."}
    event: str
    text: str = Field(min_length=1, max_length=1000)


class AnswerForm(Form):
    asks: ClassVar[dict[str, str]] = {"answer": "Say what you did, or why not."}
    answer: str = Field(min_length=1, max_length=1000)


class ErasureForm(Form):
    asks: ClassVar[dict[str, str]] = {"words": ASKS_WORDS, "sure": "Tick this to say that you want it."}
    words: Literal["stay", "go"]
    sure: str

    @field_validator("sure")
    @classmethod
    def _is_ticked(cls, typed: str) -> str:
        if typed != "yes":
            raise ValueError("Tick this to say that you want it.")
        return typed


class BasisForm(Form):
    asks: ClassVar[dict[str, str]] = {"words": "Say on which ground."}
    words: str = Field(min_length=1, max_length=300)
