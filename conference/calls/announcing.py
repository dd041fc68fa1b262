"""Announcing: what was decided is told to everybody in one transaction, and what follows a yes begins."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from conference.calls.call_mail import write_call_mail
from conference.calls.deciding import check_is_over
from conference.calls.decision_tables import Decision, Verdict
from conference.calls.definition import Definition
from conference.calls.letter_words import letters_of
from conference.calls.meeting_tables import MinuteKind
from conference.calls.minutes import minute
from conference.calls.offer_letters import offer_path
from conference.calls.offer_rules import until_of, until_words
from conference.calls.outcomes import follow_yes
from conference.calls.queries import definition_of, lock_call
from conference.calls.standings import in_the_running, standing_decisions
from conference.calls.submission_tables import Submission, SubmissionState
from conference.calls.tables import Call, CallState
from conference.calls.words import pounds, reference_of
from conference.errors import Conflict
from conference.papers.rules import filled
from conference.people.queries import people_by_id
from conference.people.tables import Person
from conference.programme.tables import Event
from conference.record.actions import note
from conference.storage.database import Db

STATES = {
    Verdict.accepted: SubmissionState.accepted,
    Verdict.reserve: SubmissionState.reserve,
    Verdict.rejected: SubmissionState.rejected,
}
UNTOLD = (SubmissionState.submitted, SubmissionState.under_review)


@dataclass(frozen=True, slots=True)
class ToTell:
    """What announcing would bring about."""

    decided: tuple[tuple[Submission, Decision], ...]  # not told yet, by number
    open: tuple[Submission, ...]  # arrived, not withdrawn, and nothing is decided

    @property
    def counts(self) -> Mapping[Verdict, int]:
        return Counter(decision.verdict for _, decision in self.decided)


async def to_tell(db: Db, call: Call) -> ToTell:
    standing = await standing_decisions(db, call.id)
    rows = await in_the_running(db, call)
    pairs = [(each, standing[each.id]) for each in rows if each.id in standing and standing[each.id].announced_at is None]
    return ToTell(tuple(pairs), tuple(each for each in rows if each.id not in standing and each.state in UNTOLD))


async def announce(db: Db, call: Call, now: datetime, real_now: datetime, *, by: Person) -> ToTell:
    """Tell everybody: letters in the outbox, states as applicants see them, what follows each yes. Raises Conflict.

    All or nobody: while one submission is open, nobody is told. Later decisions (a late one that was taken) are told by announcing again.
    """
    locked = await lock_call(db, call.id)
    check_is_over(locked, now)
    waiting = await to_tell(db, locked)
    if waiting.open:
        numbers = ", ".join(reference_of(call, each.number) for each in waiting.open[:5])
        more = f" and {len(waiting.open) - 5} more" if len(waiting.open) > 5 else ""
        raise Conflict(f"Everybody is told together, and nothing is decided yet on {numbers}{more}.")
    if not waiting.decided:
        raise Conflict("There is nothing to announce: everybody has been told.")
    definition = await definition_of(db, locked)
    people = await people_by_id(db, {submission.person_id for submission, _ in waiting.decided})
    for submission, decision in waiting.decided:
        await _tell(db, locked, definition, submission, decision, people[submission.person_id], now, real_now)
    if locked.state != CallState.decided:
        locked.state, locked.decided_at = CallState.decided, now
    await db.flush()
    counts = {verdict.value: count for verdict, count in waiting.counts.items()}
    words = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    await minute(db, call.id, MinuteKind.announced, now, by=by.id, words=words)
    note(db, "decisions announced", f"call:{call.id}", now, person_id=by.id, event_id=call.event_id, **counts)
    return waiting


def letter_to(
    call: Call, definition: Definition, event: Event | None, submission: Submission, decision: Decision, name: str, now: datetime
) -> str:
    """What one person is told, as paragraphs of plain text. Raises Conflict for a yes to an event that has begun."""
    yes = decision.verdict == Verdict.accepted
    facts = {
        "name": name,
        "title": call.title,
        "reference": reference_of(call, submission.number),
        "respond_by": until_words(until_of(call, definition, event, now), call.zone) if yes else "",
        "amount": pounds(decision.amount_pence) if decision.amount_pence else "",
    }
    return filled(getattr(letters_of(definition), decision.verdict.value), facts)


async def _tell(
    db: Db,
    call: Call,
    definition: Definition,
    submission: Submission,
    decision: Decision,
    person: Person,
    now: datetime,
    real_now: datetime,
) -> None:
    event = await db.get(Event, call.event_id) if call.event_id else None
    decision.announced_at = submission.told_at = now
    submission.state = STATES[decision.verdict]
    await db.flush()
    if decision.verdict == Verdict.accepted:
        await follow_yes(db, call, definition, submission, decision, now)
    await write_call_mail(
        db,
        "call_decision",
        call,
        submission,
        person,
        real_now,
        dedupe_key=f"call_decision:{decision.id}",
        letter=letter_to(call, definition, event, submission, decision, person.name, now),
        feedback=decision.feedback if definition.feedback else "",
        **({"submission_path": offer_path(call, submission)} if decision.verdict == Verdict.accepted else {}),
    )
