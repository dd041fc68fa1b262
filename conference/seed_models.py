"""What the files of seed_data/ may say: one class per table of a file, attributes named as its keys.

`venues.toml` is a list of `[[venues]]`; `demo.toml` holds `[[people]]` and `[[questions]]`; every other file is one SeedEvent and is
named after its slug. Wall times (`starts`, `ends`, `opens`, `closes`, a key date's local `at`) are read on the event's clock:
`event.instant(wall)` gives the instant in UTC. References are slugs, people are referred to by e-mail address.
A type says what it wants in one sentence, after "it must be": that sentence reaches whoever wrote the file.
"""

import re
from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NaiveDatetime, field_validator

from conference.errors import Invalid
from conference.people.tables import ConsentPurpose, RoleKind
from conference.programme.tables import EventFormat, RegistrationKind, SessionType
from conference.registration.form_tables import AnswerKind, SeenBy
from conference.times import local_instant, zone_named


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) or len(text) > 80:
        raise ValueError("small letters, digits and single hyphens, at most 80, such as panel-on-partnerships")
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise ValueError("an e-mail address, such as delegate@demo.example")
    return text


def _country(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}", code) or code == "UK":  # reserved in ISO 3166-1, and the most frequent slip
        raise ValueError("a country's two capital letters of ISO 3166-1, such as KE; the United Kingdom is GB")
    return code


def _zone(name: str) -> str:
    try:
        zone_named(name)
    except Invalid:
        raise ValueError("an IANA time zone, such as Africa/Nairobi, and never an abbreviation or an offset") from None
    return name


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("words; leave the key out where there are none")
    return text.strip()


def _in_our_times(day: date) -> date:
    if not 1971 <= day.year <= 2200:
        raise ValueError("in the years 1971 to 2200")
    return day


Slug = Annotated[str, AfterValidator(_slug)]
Email = Annotated[str, AfterValidator(_email)]
Country = Annotated[str, AfterValidator(_country)]
ZoneName = Annotated[str, AfterValidator(_zone)]
Words = Annotated[str, AfterValidator(_filled)]  # plain text; an empty line parts two paragraphs
Line = Annotated[str, Field(max_length=200), AfterValidator(_filled)]
Places = Annotated[int, Field(ge=1, le=100_000)]
Wall = Annotated[NaiveDatetime, AfterValidator(_in_our_times)]


class SeedTable(BaseModel):
    """Strict: a TOML date is not a date-time, a number is not text, and an unknown key is a fault."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _is_plain(cls, value: object) -> object:
        texts = [text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)]
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ".join(texts)):  # all but tab and newline
            raise ValueError("without control characters; only tabs and new lines are taken")
        return value


class SeedVenue(SeedTable):
    slug: Slug
    name: Line
    zone: ZoneName
    address: str = Field(default="", max_length=300)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    online: bool = False
    opens: time | None = None  # every day alike, on its own clock
    closes: time | None = None
    source: str = Field(default="", max_length=300)  # where address and coordinates come from


class SeedReading(SeedTable):
    """A place where the published words can't be followed as they stand: what they say, how we read them, and why."""

    about: Line
    published: Words
    reading: Words
    why: Words


class SeedRegistration(SeedTable):
    """How places are had. `opens` and `closes` are wall times; `closes` itself is late."""

    kind: Annotated[RegistrationKind, Field(strict=False)]
    opens: Wall | None = None
    closes: Wall | None = None
    capacity: Places | None = None
    fee_words: str = ""
    illustrative: bool = False  # the opening and closing are our choice


class SeedFormQuestion(SeedTable):
    """One thing that the registration form asks; `keep_days` after the event's end its answers are deleted."""

    label: Line
    help: str = Field(default="", max_length=500)
    kind: Annotated[AnswerKind, Field(strict=False)]
    options: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    required: bool = False
    keep_days: Annotated[int, Field(ge=0, le=3650)]
    seen_by: Annotated[SeenBy, Field(strict=False)] = SeenBy.organisers
    illustrative: bool = True  # the source asks something else, or says nothing


class SeedTicketKind(SeedTable):
    """A way to take part, such as recordings only. With `pooled` it takes one of the event's own places."""

    slug: Slug
    name: Line
    words: str = Field(default="", max_length=400)
    takes_part: bool = True
    pooled: bool = True


class SeedRegistrationForm(SeedTable):
    """What stands before and in the form. Terms are illustrative wording of what the source says they contain."""

    eligibility: str = ""
    eligibility_reason: str = ""
    eligibility_illustrative: bool = False
    terms: str = ""
    terms_illustrative: bool = True
    group_limit: Annotated[int, Field(ge=0, le=500)] = 0
    questions: Annotated[tuple[SeedFormQuestion, ...], Field(strict=False)] = ()
    kinds: Annotated[tuple[SeedTicketKind, ...], Field(strict=False)] = ()


class SeedRoom(SeedTable):
    slug: Slug
    name: Line
    venue: Slug
    capacity: Places | None = None


class SeedTrack(SeedTable):
    slug: Slug
    name: Line


class SeedSpeaker(SeedTable):
    slug: Slug
    name: Line
    role: str = Field(default="", max_length=200)
    organisation: str = Field(default="", max_length=200)
    country: Country | None = None
    biography: str = ""


class SeedSession(SeedTable):
    """One session. With `seats` it is booked, and its waiting list begins when they are gone."""

    slug: Slug
    title: Line
    abstract: str = ""
    type: Annotated[SessionType, Field(strict=False)]
    room: Slug
    track: Slug | None = None
    starts: Wall
    ends: Wall
    speakers: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    seats: Places | None = None
    offer_minutes: Places | None = None  # a seat that becomes free is on offer so long; without: the next in line's at once
    held_for_speakers: Places | None = None  # of the seats
    for_everyone: bool = False  # in every participant's own calendar, without booking
    stream_url: str = Field(default="", max_length=500)  # what its stage plays: an HLS playlist, or a video of a host that may be embedded
    captions_url: str = Field(default="", max_length=500)  # a WebVTT file
    illustrative: str = ""  # what of it is our choice and not the source's; empty: nothing
    published: str = ""
    reading: str = ""


class SeedKeyDate(SeedTable):
    """A deadline (`at`: with an offset, or on the event's clock) or a whole day (`day`); never both."""

    slug: Slug
    title: Line
    at: Annotated[datetime, AfterValidator(_in_our_times)] | None = None
    day: Annotated[date, AfterValidator(_in_our_times)] | None = None
    words: str = ""
    published: str = ""
    reading: str = ""
    illustrative: bool = False
    in_feed: bool = True


class SeedPapers(SeedTable):
    """What stands on letters, invoices and certificates; all of it is our wording."""

    issuer: Line
    address: str = ""  # lines
    pay_words: str = ""
    signed_by: str = ""
    signed_as: str = ""
    basis: Literal["none", "days", "sessions"]  # what the certificate goes by
    least: Annotated[int, Field(gt=0)] | None = None  # days or sessions; without it every day, or one session


class SeedEvent(SeedTable):
    slug: Slug
    title: Line
    summary: Annotated[str, Field(max_length=400), AfterValidator(_filled)]
    about: Words
    format: Annotated[EventFormat, Field(strict=False)]
    zone: ZoneName
    starts: Wall
    ends: Wall
    free_days: Annotated[tuple[date, ...], Field(strict=False)] = ()  # of its own clock: nothing is planned for them
    who_for: Words
    take_part: Words
    registration: SeedRegistration
    form: SeedRegistrationForm = SeedRegistrationForm()
    papers: SeedPapers | None = None
    readings: Annotated[tuple[SeedReading, ...], Field(strict=False)] = ()
    rooms: Annotated[tuple[SeedRoom, ...], Field(strict=False)] = ()
    tracks: Annotated[tuple[SeedTrack, ...], Field(strict=False)] = ()
    key_dates: Annotated[tuple[SeedKeyDate, ...], Field(strict=False)] = ()
    speakers: Annotated[tuple[SeedSpeaker, ...], Field(strict=False)] = ()
    sessions: Annotated[tuple[SeedSession, ...], Field(strict=False)] = ()

    def instant(self, at: datetime, *, where: str = "at") -> datetime:
        """In UTC: a wall time as this event's clock reads it, or a time with an offset as it stands.

        Raises Invalid, for the field `where`, when the wall time never happens there, or happens twice.
        """
        return at.astimezone(UTC) if at.tzinfo else local_instant(at, self.zone, where=where)


class SeedVenues(SeedTable):
    venues: Annotated[tuple[SeedVenue, ...], Field(strict=False)]


class SeedRole(SeedTable):
    """A role at an event; a speaker's may name the session whose stage they are on."""

    event: Slug
    role: Annotated[RoleKind, Field(strict=False)]
    session: Slug | None = None


class SeedBooking(SeedTable):
    event: Slug
    session: Slug


class SeedSaid(SeedTable):
    """What somebody of the demo says to one question of an event's registration form."""

    event: Slug
    question: Line  # its label
    words: Annotated[tuple[Line, ...], Field(strict=False)]


class SeedPerson(SeedTable):
    """Somebody of the demo, known by a role and a city, never by an invented name."""

    email: Email
    name: Line
    zone: ZoneName
    country: Country
    language: str = "en"
    organisation: str = ""
    demo_link: Literal["delegate", "speaker", "moderator", "organiser"] | None = None  # the sign-in link that the demo prints
    roles: Annotated[tuple[SeedRole, ...], Field(strict=False)] = ()
    registered: Annotated[tuple[Slug, ...], Field(strict=False)] = ()  # events where they have registered themselves, confirmed
    since: date | None = None  # the day on which they registered, where the demo begins later than that
    given_places: Annotated[tuple[Slug, ...], Field(strict=False)] = ()  # events where an organiser gave them a place
    said: Annotated[tuple[SeedSaid, ...], Field(strict=False)] = ()
    bookings: Annotated[tuple[SeedBooking, ...], Field(strict=False)] = ()
    agrees: Annotated[tuple[Annotated[ConsentPurpose, Field(strict=False)], ...], Field(strict=False)] = ()  # where they have registered


class SeedQuestion(SeedTable):
    """A question that already stands on a stage when the demo begins."""

    event: Slug
    session: Slug
    asked_by: Email
    text: Words
    state: Literal["pending", "visible"]
    anonymous: bool = False
    voters: Annotated[tuple[Email, ...], Field(strict=False)] = ()


class SeedDemo(SeedTable):
    people: Annotated[tuple[SeedPerson, ...], Field(strict=False)] = ()
    questions: Annotated[tuple[SeedQuestion, ...], Field(strict=False)] = ()


class Seed(SeedTable):
    """Everything in one folder, checked. Events come in the order of their starting."""

    venues: Annotated[tuple[SeedVenue, ...], Field(strict=False)]
    events: Annotated[tuple[SeedEvent, ...], Field(strict=False)]
    demo: SeedDemo = SeedDemo()
