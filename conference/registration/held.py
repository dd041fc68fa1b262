"""Places that are held back, and the codes that open them."""

import hmac
import secrets
from datetime import datetime

from conference.errors import Invalid
from conference.people.rules import token_hash
from conference.registration.tables import CapacityPool, HeldBack
from conference.registration.turn_rules import is_over
from conference.registration.waiting import held_backs_of
from conference.storage.database import Db

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
GROUPS, GROUP = 4, 4  # 31 to the 16th: nobody guesses one


def new_code() -> str:
    """`K7QM-2XNP-HV4A-9RWT`: to be read out, and typed."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def code_hash(code: str) -> str:
    """How a code is stored; small letters, spaces and hyphens make no difference."""
    return token_hash("".join(letter for letter in code.upper() if letter.isalnum()))


async def opened_by(db: Db, pool: CapacityPool | None, code: str | None, now: datetime) -> HeldBack | None:
    """The places that this code opens one of; None where no code was typed. Raises Invalid. Callers limit the tries."""
    if not code or not code.strip():
        return None
    typed, found = code_hash(code), None
    for one in await held_backs_of(db, pool) if pool else ():
        if hmac.compare_digest(one.code_hash or "", typed):
            found = one
    if found is None or is_over(found, now):
        raise Invalid("code", "No places are kept under this code. Look at the mail it came in, or leave this empty.")
    if found.used >= found.places:
        raise Invalid("code", f"All {found.places} places that were kept for {found.purpose} are taken.")
    return found
