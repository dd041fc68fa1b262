"""Forms: what was typed stays as it is, and becomes a checked model, or sentences beside the fields."""

import re
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from conference.errors import Invalid
from conference.web.middleware import MAX_FORM

MAX_FIELDS = 200
MAX_PART = 256 * 1024  # bytes in one field

Typed = dict[str, str]


class Form(BaseModel):
    """A form's fields. `asks` says, for each, what to do when nothing usable was typed ("Enter your name.")."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)
    asks: ClassVar[dict[str, str]] = {}

    @classmethod
    def read(cls, typed: Typed) -> Self:
        """The checked form. Raises Invalid with one sentence per field."""
        try:
            return cls.model_validate({name: value for name, value in typed.items() if value != "" or name not in cls._optional()})
        except ValidationError as wrong:
            fields: dict[str, str] = {}
            for error in wrong.errors():
                name = str(error["loc"][0]) if error["loc"] else "form"
                fields.setdefault(name, cls._sentence(name, error["type"], error["msg"]))
            first = next(iter(fields))
            raise Invalid(first, fields[first], fields) from wrong

    @field_validator("*", mode="before")
    @classmethod
    def _numbers_are_digits(cls, typed: object, info: ValidationInfo) -> object:
        """A program's `1_000` is not what people write; a field that reads numbers in its own way does."""
        field = cls.model_fields[info.field_name or ""]
        number = int in (field.annotation, *get_args(field.annotation)) and not any(
            isinstance(one, BeforeValidator) for one in field.metadata
        )
        if number and isinstance(typed, str) and not re.fullmatch(r"-?[0-9]+", typed):
            raise PydanticCustomError("not_digits", "Type a number in digits.")
        return typed

    @classmethod
    def _optional(cls) -> set[str]:
        return {name for name, field in cls.model_fields.items() if not field.is_required()}

    @classmethod
    def _sentence(cls, name: str, kind: str, message: str) -> str:
        if kind == "value_error":
            return message.removeprefix("Value error, ")
        if kind == "string_too_long":
            return "This is too long. " + message.replace("String should have", "Use").rstrip(".") + "."
        return cls.asks.get(name, "Fill this in.")


async def typed_form(request: Request) -> Typed:
    """What was typed, as text; files and repeated fields are left out (the last one counts). NUL never gets in.

    Raises HTTPException 413 for a form that says it is too long, before reading it; the application's own limit cuts those that don't say.
    """
    if int(request.headers.get("content-length") or 0) > MAX_FORM:
        raise HTTPException(413)
    async with request.form(max_fields=MAX_FIELDS, max_files=0, max_part_size=MAX_PART) as form:
        return {name: plain(value) for name, value in form.items() if isinstance(value, str)}


async def repeated(request: Request, name: str) -> list[str]:
    """All that was typed into fields of this name, in their order; call it after `typed_form`, which bounds the form."""
    async with request.form(max_fields=MAX_FIELDS, max_files=0, max_part_size=MAX_PART) as form:
        return [plain(value) for value in form.getlist(name) if isinstance(value, str)]


def plain(value: str) -> str:
    """Text that any database and page can hold: no NUL, no half of a surrogate pair, one kind of line end."""
    return value.replace("\0", "").replace("\r\n", "\n").encode("utf-8", "ignore").decode()


def checked(value: Any) -> bool:
    """Whether a tick box was ticked."""
    return str(value) in ("on", "yes", "true", "1")
