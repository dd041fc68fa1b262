"""Why a member of a panel may have a conflict with a submission (pure): the same institution, or the same house's e-mail addresses."""

import re
import unicodedata
from collections.abc import Iterable

from conference.calls.blinding import Identity, domain_of
from conference.calls.panel_tables import ConflictKind
from conference.people.tables import Person


def likely_conflict(member: Person, identity: Identity) -> ConflictKind | None:
    """What an organiser should look at; nothing is decided by it."""
    theirs = {_plain(institution) for institution in identity.institutions} - {""}
    if _plain(member.organisation) in theirs:
        return ConflictKind.same_institution
    if any(_one_house(domain_of(member.email), domain) for domain in _domains(identity.emails)):
        return ConflictKind.same_domain
    return None


def _domains(emails: Iterable[str]) -> set[str]:
    return {domain_of(email) for email in emails} - {""}


def _one_house(one: str, other: str) -> bool:
    """The same domain, or one is below the other."""
    return bool(one) and (one == other or one.endswith("." + other) or other.endswith("." + one))


def _plain(name: str) -> str:
    """As institutions are compared: without case, accents, signs and the article."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return " ".join(word for word in re.findall(r"\w+", bare.casefold()) if word != "the")
