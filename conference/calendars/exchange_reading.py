"""schedule.xml and schedule.json, other systems' and our own, as the sessions that they want (pure)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urljoin

from conference.calendars.exchange import DAY_BEGINS, JOIN_WORDS
from conference.calendars.exchange_events import Link, Listed, listed_in_json, listed_in_xml
from conference.programme.importing import (
    MAX_NAME,
    MAX_SESSIONS,
    MAX_SPEAKERS,
    MAX_TEXT,
    TOO_MANY_SPEAKERS,
    Mention,
    Named,
    ReadFile,
    Trouble,
    Unusable,
    Wanted,
    refused,
    settled,
)
from conference.programme.importing_text import without_markup
from conference.programme.importing_times import YEARS, moment_written
from conference.times import city_of, spoken_offset, zone_named

_DURATION = re.compile(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 60  # characters of an address's word


def read_xml(data: bytes, zone: str) -> ReadFile:
    return _read("schedule.xml", list(listed_in_xml(data)), zone)


def read_json(data: bytes, zone: str) -> ReadFile:
    return _read("schedule.json", list(listed_in_json(data)), zone)


def _read(kind: str, events: list[Listed], zone: str) -> ReadFile:
    if not events:
        raise refused(f"There is no session in this {kind}.")
    if len(events) > MAX_SESSIONS:
        raise refused(f"This file has more than {MAX_SESSIONS} sessions: import it in parts.")
    sure = _sure_rooms(events)
    wanted: list[Wanted] = []
    unusable: list[Mention] = []
    troubles: list[Trouble] = []
    warnings: list[Trouble] = []
    for event in events:
        reading = _Reading(event, zone)
        try:
            wanted.append(reading.wanted(event.room_guid if event.room_guid in sure else ""))
        except Unusable as wrong:
            troubles += wrong.troubles
            unusable.append(reading.mention)
        warnings += reading.warnings
    return ReadFile(kind, tuple(wanted), tuple(unusable), tuple(troubles), tuple(_gathered(warnings)))


def _sure_rooms(events: Iterable[Listed]) -> set[str]:
    """The GUIDs that mean one room: some systems write the same for all of them."""
    names: dict[str, set[str]] = defaultdict(set)
    for event in events:
        names[event.room_guid].add(event.room)
    return {guid for guid, named in names.items() if guid and len(named) == 1}


def _gathered(warnings: Iterable[Trouble]) -> Iterator[Trouble]:
    """What is to be said of many sessions is said once, of the first of them."""
    by_words: dict[tuple[str, str], list[Trouble]] = defaultdict(list)
    for warning in warnings:
        by_words[warning.column, warning.sentence].append(warning)
    for (column, sentence), same in by_words.items():
        yield Trouble(same[0].where, column, f"{sentence} So in {len(same) - 1} more." if len(same) > 1 else sentence)


def own_slug(event: Listed) -> str:
    """`democon-25-open-hardware` without what names the conference and the number; empty where no address can be made of it."""
    word = event.slug.removeprefix(f"{event.acronym}-").removeprefix(f"{event.number}-") if event.number else event.slug
    word = word.removeprefix(f"{event.acronym}-")
    return word if _SLUG.fullmatch(word) and len(word) <= _LONGEST else ""


def whole_text(event: Listed) -> str:
    """Subtitle, abstract, description, links and attachments as the one text that a session has here."""
    if event.ours:
        return settled(event.abstract)
    texts = [without_markup(text) for text in (event.subtitle, event.abstract, event.description)]
    links = [_written(link, event.base_url) for link in (*event.links, *event.attachments) if link.words != JOIN_WORDS]
    return "\n\n".join(dict.fromkeys(text for text in (*texts, "\n".join(filter(None, links))) if text))


def _written(link: Link, base_url: str) -> str:
    try:
        address = urljoin(base_url, link.address) if link.address else ""
    except ValueError:  # such as https://[
        address = ""
    words = settled(link.words)
    if not address.startswith(("http://", "https://")) or address == words:
        return words
    return f"{words}: {address}" if words else address


class _Reading:
    """One event of the file while it is read."""

    def __init__(self, event: Listed, zone: str) -> None:
        self.event, self.zone = event, zone
        self.troubles: list[Trouble] = []
        self.warnings: list[Trouble] = []
        self.mention = Mention(event.where, event.guid, own_slug(event), " ".join(settled(event.title).split()))

    def wanted(self, room_guid: str) -> Wanted:
        """Raises Unusable."""
        event, mention, text = self.event, self.mention, whole_text(self.event)
        starts_at = self._starts()
        ends_at = self._ends(starts_at) if starts_at else None
        if not mention.title:
            self._wrong("title", "This is empty.")
        if len(text) > MAX_TEXT:
            self._wrong("abstract", f"This is too long: {len(text)} characters with its description.")
        room = Named(" ".join(settled(event.room).split())[:MAX_NAME], room_guid)
        if not room.name:
            self._wrong("room", "This is empty.")
        if len(event.persons) > MAX_SPEAKERS:
            self._wrong("persons", TOO_MANY_SPEAKERS)
        if self.troubles:
            raise Unusable(*self.troubles)
        join_url = next((link.address for link in event.links if link.words == JOIN_WORDS), None)
        return Wanted(
            mention=Mention(mention.where, mention.guid, mention.slug, mention.title, starts_at),
            title=mention.title,
            starts_at=starts_at,
            ends_at=ends_at,
            kind=settled(event.kind)[:MAX_NAME],
            room=room,
            track=" ".join(settled(event.track).split())[:MAX_NAME],
            speakers=tuple(_person(person) for person in event.persons),
            abstract=text,
            join_url=join_url,
        )

    def _starts(self) -> datetime | None:
        try:
            if len(self.event.date) <= len("2021-06-25"):
                return self._by_day(self.event.date or self.event.day)
            given = _in_living_memory(datetime.fromisoformat(self.event.date))
            if given.tzinfo is None:
                return moment_written(f"{given:%Y-%m-%d %H:%M}", None, self.zone)
        except ValueError as wrong:
            said = str(wrong)
            self._wrong("date", said if said.endswith(".") else f"“{self.event.date[:40]}” is not a moment.")
            return None
        self._look_at_clocks(given)
        return given.astimezone(UTC).replace(second=0, microsecond=0)

    def _by_day(self, day: str) -> datetime:
        """Only a day and a clock time: what begins before the day does is past its midnight."""
        clock = time.fromisoformat(self.event.start)
        whole = _in_living_memory(datetime.combine(date.fromisoformat(day), clock)).date() + timedelta(days=clock < DAY_BEGINS)
        return moment_written(f"{whole} {clock:%H:%M}", None, self.zone)

    def _look_at_clocks(self, given: datetime) -> None:
        local = given.astimezone(zone_named(self.zone))
        if local.utcoffset() != given.utcoffset():
            here = f"{city_of(self.zone)}’s clock is at {spoken_offset(local)}"
            self._warn("date", f"The time is written at {spoken_offset(given)}, while {here} then. The instant counts.")
        if self.event.start and self.event.start[:5] != f"{given:%H:%M}":
            self._warn("start", "“start” is not what “date” says. “date” counts.")

    def _ends(self, starts_at: datetime) -> datetime | None:
        if self.event.end:
            try:
                ends_at = _in_living_memory(datetime.fromisoformat(self.event.end))
                local = ends_at if ends_at.tzinfo else ends_at.replace(tzinfo=zone_named(self.zone))
                return local.astimezone(UTC).replace(second=0, microsecond=0)
            except ValueError:
                self._wrong("end", f"“{self.event.end[:40]}” is not a moment.")
                return None
        found = _DURATION.fullmatch(self.event.duration)
        if not found:
            self._wrong("duration", f"“{self.event.duration[:40]}” is not a duration such as 01:30.")
            return None
        return starts_at + timedelta(hours=int(found[1]), minutes=int(found[2]))

    def _wrong(self, column: str, sentence: str) -> None:
        self.troubles.append(Trouble(self.event.where, column, sentence))

    def _warn(self, column: str, sentence: str) -> None:
        self.warnings.append(Trouble(self.event.where, column, sentence))


def _in_living_memory(moment: datetime) -> datetime:
    """Zones have no meaning far from now."""
    if moment.year not in YEARS:
        raise ValueError("Write a day with a year such as 2021.")
    return moment


def _person(person: Named) -> Named:
    return Named(" ".join(settled(person.name).split())[:MAX_NAME], person.guid, without_markup(person.biography)[:MAX_TEXT])
