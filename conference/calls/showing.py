"""Calls as pages show them (pure): rows and a definition in, what templates read out."""

import re
from dataclasses import dataclass
from datetime import datetime

from conference.calls.definition import Definition, Fee, Question, QuestionKind
from conference.calls.rules import KIND_WORDS, STATE_WORDS, Standing, standing_of
from conference.calls.tables import Call, CallKind
from conference.calls.words import pounds
from conference.papers.rules import without_vat
from conference.registration.rules import how_long
from conference.times import TimeShown, long_date, show, spoken_moment

ANSWER_WORDS = {
    QuestionKind.short_text: "a line",
    QuestionKind.long_text: "a text",
    QuestionKind.choice: "one of a list",
    QuestionKind.several: "any of a list",
    QuestionKind.date: "a date",
    QuestionKind.number: "a number",
    QuestionKind.money: "an amount",
    QuestionKind.country: "a country",
    QuestionKind.file: "a file",
    QuestionKind.consent: "your agreement",
    QuestionKind.partner: "names and e-mail addresses, asked to confirm",
    QuestionKind.referee: "a name and an e-mail address, asked for a reference",
}
TAGS = {Standing.open: "ok", Standing.not_yet: "accent"}


@dataclass(frozen=True, slots=True)
class CallCard:
    """One call in a list."""

    slug: str
    title: str
    kind_words: str
    summary: str
    standing: Standing
    state_words: str
    tag: str
    when_words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of a call, on the reader's clock and the one on which it was published."""

    title: str
    time: TimeShown
    at: str  # ISO 8601, for the countdown
    left: str  # how long until then, in words; empty when it is over


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    label: str
    help: str
    words: str  # how it is answered
    fact: str  # what about who may apply is read from the answer
    illustrative: bool


@dataclass(frozen=True, slots=True)
class AskedPart:
    title: str
    guidance: str
    questions: tuple[AskedQuestion, ...]


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """A criterion with its scale."""

    title: str
    guidance: str
    weight: int
    steps: tuple[tuple[int, str], ...]  # each value and what it means, which may be left open


def card_of(call: Call, summary: str, now: datetime, zone: str | None) -> CallCard:
    standing = standing_of(call, now)
    return CallCard(
        slug=call.slug,
        title=call.title,
        kind_words=KIND_WORDS[call.kind],
        summary=summary,
        standing=standing,
        state_words=STATE_WORDS[standing],
        tag=TAGS.get(standing, ""),
        when_words=when_words(call, standing, zone),
    )


def when_words(call: Call, standing: Standing, zone: str | None) -> str:
    """`Open until 12:00 on Thursday 6 February 2025 (GMT, UTC+0)`, on the reader's clock."""
    opens, deadline = (spoken_moment(at, zone or call.zone) if at else "" for at in (call.opens_at, call.deadline_at))
    match standing:
        case Standing.not_yet:
            return f"Opens at {opens}"
        case Standing.open:
            return f"Open until {deadline}"
        case Standing.closed:
            results = f". Results by {long_date(call.results_by)}" if call.results_by else ""
            return f"Closed at {deadline}{results}" if call.deadline_at else f"Closed{results}"
        case Standing.suspended:
            return "Nothing can be sent now. It is not known when it opens again"
        case Standing.decided:
            return "Everybody who applied has been told"
    return ""


def moments_of(call: Call, now: datetime, zone: str | None) -> tuple[Moment, ...]:
    """The opening while it is ahead, and the deadline."""
    moments = []
    if call.opens_at and now < call.opens_at:
        moments.append(_moment("Opens", call.opens_at, call, now, zone))
    if call.deadline_at:
        over = now >= call.deadline_at
        moments.append(_moment("Closed" if over else "Closes", call.deadline_at, call, now, zone))
    return tuple(moments)


def parts_of(asked: Definition) -> tuple[AskedPart, ...]:
    return tuple(AskedPart(part.title, part.guidance, tuple(_asked(one) for one in part.questions)) for part in asked.parts)


def scales_of(asked: Definition) -> tuple[ScaleShown, ...]:
    return tuple(
        ScaleShown(
            one.title,
            one.guidance,
            one.weight,
            tuple((one.lowest + n, words) for n, words in enumerate(one.steps or [""] * (one.highest - one.lowest + 1))),
        )
        for one in asked.criteria
    )


def panel_words(asked: Definition) -> tuple[str, ...]:
    """How it is judged, in sentences."""
    rules = asked.panel
    each = "One person reads" if rules.reviews_each == 1 else f"{rules.reviews_each} people read"
    words = [f"{each} each application, and nobody who has a conflict of interest."]
    if rules.independent_at_least:
        count = "one member" if rules.independent_at_least == 1 else f"{rules.independent_at_least} members"
        words.append(f"At least {count} of the panel come{'s' if rules.independent_at_least == 1 else ''} from outside the institution.")
    if rules.blind:
        words.append("They read without your name and your institution, as far as these can be taken out.")
    if rules.alone_first:
        words.append("Each gives their own scores before they see those of others.")
    return tuple(words)


def given_words(call: Call, asked: Definition) -> tuple[tuple[str, str], ...]:
    """What a yes gives and asks: (term, words)."""
    award = asked.award
    pairs = [
        ("Places", f"Up to {call.places}" if call.places and call.kind == CallKind.place else str(call.places) if call.places else ""),
        ("In all", pounds(call.budget_pence) if call.budget_pence else ""),
        ("For each", _limits(award.least_pence, award.most_pence) if award else ""),
        ("Fee", fee_words(asked.after.fee) if asked.after.fee else ""),
        ("To accept an offer you have", _days(asked.after.answer_days) if asked.parts else ""),
        ("Invitation letter for a visa", "For those who are accepted and need one" if asked.after.invitation_letter else ""),
        ("Feedback", "You may ask for it after a no" if asked.feedback else ""),
        ("Kept, where nothing came of it", f"{_days(asked.keep_days)} after the results" if asked.parts else ""),
    ]
    return tuple(pair for pair in pairs if pair[1])


def fee_words(fee: Fee) -> str:
    """`£2,300 including 20 % VAT (£1,916.67 + £383.33)`: the tax is what is left when the net amount is rounded."""
    net = without_vat(fee.total_pence, fee.vat_percent)
    vat = f" including {fee.vat_percent} % VAT ({pounds(net)} + {pounds(fee.total_pence - net)})" if fee.vat_percent else ""
    return f"{pounds(fee.total_pence)}{vat}{'. ' + fee.words if fee.words else ''}"


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in re.split(r"\n\s*\n", text) if one.strip())


def _moment(title: str, at: datetime, call: Call, now: datetime, zone: str | None) -> Moment:
    mine = zone or call.zone
    time = show(at, None, first=mine, second=call.zone, event_zone=call.zone, mine=mine)
    return Moment(title, time, time.starts_at, how_long(at - now) if at > now else "")


def _asked(question: Question) -> AskedQuestion:
    words = ANSWER_WORDS[question.kind]
    if question.words:
        words += f" of at most {question.words} words"
    if question.options:
        words += ": " + "; ".join(question.options)
    if question.kind in (QuestionKind.number, QuestionKind.money) and (question.least is not None or question.most is not None):
        words += " " + _bounds(question)
    return AskedQuestion(
        question.label,
        question.help,
        words if question.required else f"{words}; optional",
        question.fact.title if question.fact else "",
        question.illustrative,
    )


def _bounds(question: Question) -> str:
    said = pounds if question.kind == QuestionKind.money else str
    least, most = question.least, question.most
    if least is None:
        return f"up to {said(most or 0)}"
    return f"from {said(least)}" + (f" to {said(most)}" if most is not None else " on")


def _limits(least: int | None, most: int | None) -> str:
    if least and most:
        return f"{pounds(least)} to {pounds(most)}"
    return f"At least {pounds(least)}" if least else f"Up to {pounds(most)}" if most else ""


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
