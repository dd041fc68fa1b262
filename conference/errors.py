"""Every way we say no, in sentences that a person can act on.

A Refusal is expected: one handler shows it as a page, as JSON, or over the socket. Anything else that goes wrong is a bug: a calm 500.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """An expected no. `sentence` is shown to the person as it stands; `status` is its HTTP status."""

    status = 409
    code = "refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Conflict(Refusal):
    """What was asked can't be done any more, or not yet: all places taken, registration closed."""

    code = "conflict"


class NotFound(Refusal):
    """There is no such thing, or this person may not know that there is."""

    status = 404
    code = "not_found"


class Forbidden(Refusal):
    """The person is known, and may not do this."""

    status = 403
    code = "forbidden"


class SignInNeeded(Refusal):
    """Nobody is signed in. A page answers it with the way to the sign-in form."""

    status = 401
    code = "sign_in_needed"


class TooMany(Refusal):
    """A limit was reached; the sentence says when to try again."""

    status = 429
    code = "too_many"


class Invalid(Refusal):
    """Something typed can't be right. `fields` maps a field's name to the sentence shown beside it."""

    status = 422
    code = "invalid"

    def __init__(self, field: str, sentence: str, more: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields: dict[str, str] = {field: sentence, **(more or {})}


class BadSettings(Exception):
    """A setting, a seed file or a command's argument that can't be used: printed, and the command ends with status 2."""
