"""Loads seed_data/calls/demo/: who applies to a call in the demo, and who reads it. Each arrives at its own moment, and never before it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field
from sqlmodel import col, select

from conference.calls.call_file import CallFile
from conference.calls.definition import Question, QuestionKind
from conference.calls.panel_tables import ConflictDeclaration, ConflictKind, PanelMember
from conference.calls.queries import conflicted
from conference.calls.submission_tables import Submission
from conference.calls.submitting import save_draft, start_submission, submit
from conference.calls.tables import Call
from conference.errors import BadSettings
from conference.people.actions import know_person
from conference.people.queries import person_by_email
from conference.people.rules import email_key
from conference.people.tables import Person
from conference.seed_calls import read_calls
from conference.seed_check import Fault, nearest
from conference.seed_models import Country, Email, Line, Seed, SeedDemo, SeedTable, Slug, ZoneName
from conference.seed_reading import read_table
from conference.storage.database import Db

FOLDER = "calls/demo"  # in the folder of seed files; each is named after its call


class SeedConflict(SeedTable):
    """An assessor has no part in the application from this address."""

    with_: Email = Field(alias="with")
    words: Line


class SeedAssessor(SeedTable):
    """One of demo.toml's people, on the panel."""

    email: Email
    chair: bool = False
    independent: bool = False
    conflicts: Annotated[tuple[SeedConflict, ...], Field(strict=False)] = ()


class SeedApplication(SeedTable):
    email: Email
    name: Line
    zone: ZoneName
    country: Country
    organisation: Line
    at: Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]  # when it arrived, or was last saved
    sent: bool = True
    answers: dict[str, Any]


class SeedApplications(SeedTable):
    call: Slug
    assessors: Annotated[tuple[SeedAssessor, ...], Field(strict=False)] = ()
    applications: Annotated[tuple[SeedApplication, ...], Field(strict=False)] = ()


@dataclass(frozen=True, slots=True)
class DemoCalls:
    """The calls of a folder of seed files, and who applies to them in the demo."""

    calls: tuple[CallFile, ...] = ()
    applications: tuple[SeedApplications, ...] = ()


def read_demo_calls(folder: Path, seed: Seed) -> DemoCalls:
    """Raises BadSettings with one line per fault."""
    calls = read_calls(folder, seed)
    return DemoCalls(calls, read_applications(folder, calls, seed.demo))


def read_applications(folder: Path, calls: Sequence[CallFile], demo: SeedDemo) -> tuple[SeedApplications, ...]:
    """Raises BadSettings with one line per fault, over all files."""
    faults: list[Fault] = []
    read = [(path, read_table(path, SeedApplications, faults)) for path in sorted((folder / FOLDER).glob("*.toml"))]
    for path, given in read:
        call = next((call for call in calls if given and call.slug == given.call), None)
        if given and call:
            faults += _faults(path.name, given, call, demo)
        elif given:
            faults.append(Fault(path.name, "call", f"there is no call “{given.call}”; {nearest(given.call, [one.slug for one in calls])}"))
    if faults:
        raise BadSettings("\n".join(f"{folder.name}/{FOLDER}/{fault}" for fault in faults))
    return tuple(given for _, given in read if given)


async def load_applications(db: Db, given: SeedApplications, now: datetime) -> int:
    """What has arrived by now and is not there yet; how many. The panel comes with it."""
    call = (await db.exec(select(Call).where(Call.slug == given.call))).one()
    there = set((await db.exec(select(Submission.person_id).where(Submission.call_id == call.id))).all())
    count = 0
    for application in given.applications:
        if application.at > now:
            continue
        facts = application.model_dump(include={"zone", "country", "organisation"})
        person = await know_person(db, application.email, application.name, application.at, **facts)
        if person.id not in there:
            await _apply(db, call, person, application)
            count += 1
    for assessor in given.assessors:
        await _seat(db, call, assessor, now)
    return count


async def _apply(db: Db, call: Call, person: Person, application: SeedApplication) -> None:
    submission = await start_submission(db, call, person, application.at)
    await save_draft(db, submission, application.answers, application.at)
    if application.sent:
        await submit(db, call, submission, application.at)


async def _seat(db: Db, call: Call, assessor: SeedAssessor, now: datetime) -> None:
    """On the panel, with what they have declared; who has left it is not brought back."""
    person = await person_by_email(db, assessor.email)
    if person is None:
        return
    ever = select(PanelMember.id).where(PanelMember.call_id == call.id, PanelMember.person_id == person.id)
    if not (await db.exec(ever)).first():
        db.add(PanelMember(call_id=call.id, person_id=person.id, chair=assessor.chair, independent=assessor.independent, joined_at=now))
    known = await conflicted(db, call.id, person.id)
    for conflict in assessor.conflicts:
        applicant = select(Submission.id).join(Person, col(Person.id) == col(Submission.person_id))
        applicant = applicant.where(Submission.call_id == call.id, Person.email_key == email_key(conflict.with_))
        for submission_id in set((await db.exec(applicant)).all()) - known:
            db.add(
                ConflictDeclaration(
                    submission_id=submission_id,
                    person_id=person.id,
                    kind=ConflictKind.declared,
                    words=conflict.words,
                    declared_at=now,
                    by_id=person.id,
                )
            )
    await db.flush()


def _faults(file: str, given: SeedApplications, call: CallFile, demo: SeedDemo) -> Iterator[Fault]:
    people, senders = {person.email for person in demo.people}, [one.email for one in given.applications]
    for n, assessor in enumerate(given.assessors):
        yield from _unknown(file, f"assessors[{n}].email", "person", assessor.email, people)
        for m, conflict in enumerate(assessor.conflicts):
            yield from _unknown(file, f"assessors[{n}].conflicts[{m}].with", "application from", conflict.with_, senders)
    questions = {question.key: question for question in call.questions}
    for n, one in enumerate(given.applications):
        if senders.index(one.email) != n:
            yield Fault(file, f"applications[{n}].email", f"“{one.email}” has applied above. Give each an address of its own.")
        for key in one.answers:
            yield from _unknown(file, f"applications[{n}].answers.{key}", "question", key, questions)
        for key, question in questions.items():
            trouble = _trouble(question, one.answers.get(key)) if one.sent or key in one.answers else ""
            if trouble:
                yield Fault(file, f"applications[{n}].answers.{key}", trouble)


def _unknown(file: str, key: str, kind: str, name: str, known: Collection[str]) -> Iterator[Fault]:
    if name not in known:
        yield Fault(file, key, f"there is no {kind} “{name}”; {nearest(name, known)}")


def _trouble(question: Question, answer: object) -> str:
    if answer in (None, "", False):
        return "this is asked of everybody. Answer it." if question.required else ""
    if question.kind == QuestionKind.choice and answer not in question.options:
        return f"“{answer}” is not one of the options; {nearest(str(answer), question.options)}"
    if question.words and len(str(answer).split()) > question.words:
        return f"this has more than {question.words} words. Shorten it."
    return ""
