"""What a call asks and promises, as data (pure): the shape of seed_data/calls/*.toml and of what a CallVersion holds.

Everything is checked when it is read: pydantic's errors name the place in the file. Calls differ in this and in `outcomes.py`.
"""

import re
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

KEY = r"^[a-z][a-z0-9_]{0,59}$"
MOST_PENCE = 2_000_000_000  # of any amount: what a database counts in 32 bits
MOST_DAYS = 36_500
HOLES = ("name", "title", "reference", "respond_by", "amount")  # what letters are filled with


class Strict(BaseModel):
    """An unknown key is a fault, and so is a sign that nobody can see."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _is_plain(cls, value: object) -> object:
        texts = [text for text in (value if isinstance(value, tuple) else (value,)) if isinstance(text, str)]
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", " ".join(texts)):  # all but tab and newline
            raise ValueError("without control characters; only tabs and new lines are taken")
        return value


class QuestionKind(StrEnum):
    """How a question is answered, and what JSON its answer is."""

    short_text = "short_text"  # str
    long_text = "long_text"  # str; words are counted
    choice = "choice"  # str, one of options
    several = "several"  # list[str]
    date = "date"  # "2020-03-01"
    number = "number"  # int
    money = "money"  # int, pence
    country = "country"  # ISO 3166-1
    file = "file"  # str: the id of a SubmissionFile
    consent = "consent"  # bool
    partner = "partner"  # list of {"name", "organisation", "email"}: partners or co-applicants, asked to confirm
    referee = "referee"  # {"name", "organisation", "email"}


class FactRule(StrEnum):
    """A fact about eligibility, computed from an answer. It is said to people; it never rejects by itself."""

    at_least = "at_least"  # number >= value
    age_at = "age_at"  # date of birth: at least `value` years on the event's first day
    years_since = "years_since"  # date: at least `value` years before the deadline
    not_country = "not_country"  # country not in `values`
    one_of = "one_of"  # choice in `values`
    agreed = "agreed"  # consent given


class Fact(Strict):
    title: str = Field(max_length=120)  # "Three years' experience"
    rule: FactRule
    value: int | None = None
    values: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        counts = self.rule in (FactRule.at_least, FactRule.age_at, FactRule.years_since)
        names = self.rule in (FactRule.not_country, FactRule.one_of)
        if counts != (self.value is not None) or names != bool(self.values):
            needs = "a `value`" if counts else "`values`" if names else "neither a `value` nor `values`"
            raise ValueError(f"“{self.title}”: the rule {self.rule} has {needs}, and nothing else")
        return self


_ASKS: dict[FactRule, tuple[QuestionKind, ...]] = {
    FactRule.at_least: (QuestionKind.number, QuestionKind.money),
    FactRule.age_at: (QuestionKind.date,),
    FactRule.years_since: (QuestionKind.date,),
    FactRule.not_country: (QuestionKind.country,),
    FactRule.one_of: (QuestionKind.choice,),
    FactRule.agreed: (QuestionKind.consent,),
}


class Question(Strict):
    key: str = Field(pattern=KEY)
    label: str = Field(max_length=300)
    help: str = ""
    kind: QuestionKind
    required: bool = True
    identifies: bool = False  # hidden from a blind panel
    options: tuple[str, ...] = ()
    words: int | None = Field(default=None, gt=0, le=20_000)  # at most
    least: int | None = None  # of a number, or pence
    most: int | None = None  # of a number, pence, or how many partners
    many: bool = False  # partner: several
    fact: Fact | None = None
    illustrative: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"“{self.key}”: the least is more than the most")
        if self.fact and self.kind not in _ASKS[self.fact.rule]:
            raise ValueError(
                f"“{self.key}”: the rule {self.fact.rule} is about another kind of answer ({', '.join(_ASKS[self.fact.rule])})"
            )
        if self.fact and self.fact.rule == FactRule.one_of and not set(self.fact.values) <= set(self.options):
            raise ValueError(f"“{self.key}”: a value of the fact is not one of the options")
        chosen = self.kind in (QuestionKind.choice, QuestionKind.several)
        if chosen != bool(self.options):
            raise ValueError(f"“{self.key}”: options belong to a choice, and a choice needs them")
        if self.kind == QuestionKind.partner and (self.most or 0) > 50:
            raise ValueError(f"“{self.key}”: at most 50 people can be named")
        if self.words is not None and self.kind not in (QuestionKind.short_text, QuestionKind.long_text):
            raise ValueError(f"“{self.key}”: words are counted in texts only")
        return self


class Part(Strict):
    key: str = Field(pattern=KEY)
    title: str = Field(max_length=120)
    guidance: str = ""
    questions: tuple[Question, ...] = Field(min_length=1)


class Criterion(Strict):
    key: str = Field(pattern=KEY)
    title: str = Field(max_length=200)
    guidance: str = ""
    lowest: int = Field(default=0, ge=-100)
    highest: int = Field(default=4, gt=0, le=100)
    weight: int = Field(default=1, gt=0, le=1000)
    steps: tuple[str, ...] = ()  # what each value means, from lowest to highest; empty: no words

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.lowest >= self.highest or (self.steps and len(self.steps) != self.highest - self.lowest + 1):
            raise ValueError(f"“{self.key}”: the scale goes up, and has words for every step or for none")
        return self


class PanelRules(Strict):
    blind: bool = False  # names and institutions are hidden
    reviews_each: int = Field(default=2, gt=0, le=100)  # how many members read one submission
    independent_at_least: int = 0  # members from outside
    alone_first: bool = True  # others' scores are hidden until one's own are in
    reviews_due_days: int = Field(default=21, ge=0, le=MOST_DAYS)  # after the deadline


class AwardLimits(Strict):
    least_pence: int | None = Field(default=None, gt=0, le=MOST_PENCE)
    most_pence: int | None = Field(default=None, gt=0, le=MOST_PENCE)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.least_pence and self.most_pence and self.least_pence > self.most_pence:
            raise ValueError("the least that is given to one is more than the most")
        return self


class Fee(Strict):
    total_pence: int = Field(gt=0, le=1_000_000_000)  # including VAT
    vat_percent: int = Field(ge=0, le=100)
    words: str = ""  # what it includes


class MilestonePlan(Strict):
    title: str = Field(max_length=200)
    days: int = Field(ge=0, le=MOST_DAYS)  # after the award letter
    report: bool = True  # asks for words


class AfterYes(Strict):
    """What a yes brings with it. Everything is optional: a call has what it names."""

    answer_days: int = Field(default=14, gt=0, le=MOST_DAYS)  # days to accept an offer
    fee: Fee | None = None
    invitation_letter: bool = False
    milestones: tuple[MilestonePlan, ...] = ()
    showcase: bool = False  # a session at the event
    certificate: bool = False


class Letters(Strict):
    """Texts that people get: paragraphs, with {name}, {title}, {reference}, {respond_by}, {amount} filled in as plain data."""

    received: str
    accepted: str
    reserve: str
    rejected: str

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for letter in Letters.model_fields:
            unknown = set(re.findall(r"\{(\w*)\}", getattr(self, letter))) - set(HOLES)
            if unknown:
                raise ValueError(f"the letter “{letter}” has {{{min(unknown)}}}, and nothing is known by that name: {', '.join(HOLES)}")
        return self


class Funded(Strict):
    """Something that came of a call and that everybody may know: shown on its page."""

    title: str = Field(min_length=1, max_length=200)
    lead: str = Field(min_length=1, max_length=200)
    partners: tuple[str, ...] = ()
    words: str = ""
    session: str | None = None  # the slug of the session at the call's event in which it is shown


class Definition(Strict):
    """One version of a call."""

    summary: str
    purpose: str
    who_may: str
    who_may_why: str
    parts: tuple[Part, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    panel: PanelRules = PanelRules()
    terms: str = ""
    several_each: int = Field(default=1, gt=0, le=100)  # submissions from one person
    award: AwardLimits | None = None
    after: AfterYes = AfterYes()
    letters: Letters | None = None
    feedback: bool = False  # offered to those who get a no
    other_way: str = ""  # for those who can't use the form
    keep_days: int = Field(default=365, gt=0, le=MOST_DAYS)  # submissions that came to nothing, after the results
    readings: tuple[str, ...] = ()  # recorded decisions about what the source leaves open
    illustrative: tuple[str, ...] = ()  # what is our choice
    funded: tuple[Funded, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for what, keys in (
            ("part", [part.key for part in self.parts]),
            ("question", [question.key for question in self.questions]),
            ("criterion", [criterion.key for criterion in self.criteria]),
        ):
            twice = {key for key in keys if keys.count(key) > 1}
            if twice:
                raise ValueError(f"the {what} “{min(twice)}” is there twice")
        return self

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for part in self.parts for question in part.questions)

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_defaults=True)
