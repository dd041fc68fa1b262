"""Which session of the plan a row of a file is about (pure): by identity, then by address, then by title and time."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from conference.programme.importing import Mention, ReadFile, Trouble, Wanted, identities
from conference.programme.planned import Planned
from conference.programme.tables import Session


@dataclass(slots=True)
class Matching:
    pairs: list[tuple[Wanted, Planned | None]] = field(default_factory=list)  # None: the session is new; in the order of the file
    repeated: list[Trouble] = field(default_factory=list)
    missing: list[Planned] = field(default_factory=list)  # in the plan, not cancelled, and nowhere in the file


def matched(event_id: UUID, read: ReadFile, planned: Sequence[Planned]) -> Matching:
    wanted = {one.mention.where: one for one in read.wanted}
    found = _found(event_id, [*(one.mention for one in read.wanted), *read.unusable], planned)
    result, seen = Matching(), dict[Hashable, str]()
    for where, one in wanted.items():
        same = found.get(where)
        key: Hashable = same.facts.session.id if same else (one.mention.guid or (one.title, one.starts_at))
        if key in seen:
            result.repeated.append(Trouble(where, "", f"“{one.title}” is in the file already ({seen[key]}), so this was left out."))
            continue
        seen[key] = where
        result.pairs.append((one, same))
    held = {one.facts.session.id for one in found.values()}
    result.missing = [one for one in planned if one.facts.session.id not in held and not one.facts.session.cancelled_at]
    return result


def _found(event_id: UUID, mentions: Sequence[Mention], planned: Sequence[Planned]) -> dict[str, Planned]:
    """By where a mention stands. Two mentions may find one session by its identity; weaker marks find only what is not found yet."""
    found: dict[str, Planned] = {}
    by_id = {one.facts.session.id: one for one in planned}
    for mention in mentions:
        same = (by_id[id_] for id_ in identities(event_id, "session", mention.guid) if id_ in by_id)
        if (one := next(same, None)) is not None:
            found[mention.where] = one
    _by(found, mentions, planned, lambda mention: mention.slug, lambda session: session.slug)
    _by(found, mentions, planned, _title_and_time, lambda session: (session.title, session.starts_at))
    _by(found, [one for one in mentions if not one.starts_at], planned, lambda one: one.title, lambda session: session.title)
    return found


def _title_and_time(mention: Mention) -> Hashable:
    return (mention.title, mention.starts_at) if mention.title and mention.starts_at else ""


def _by(
    found: dict[str, Planned],
    mentions: Iterable[Mention],
    planned: Iterable[Planned],
    mark: Callable[[Mention], Hashable],
    same: Callable[[Session], Hashable],
) -> None:
    held = {one.facts.session.id for one in found.values()}
    left = {same(one.facts.session): one for one in planned if one.facts.session.id not in held}
    for mention in mentions:
        if mention.where not in found and mark(mention) and (one := left.get(mark(mention))) is not None:
            found[mention.where] = one
