"""A call's record as tables (pure): the same for the workbook and for the document."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from conference.calls.file_queries import file_answer
from conference.calls.record_queries import CallRecord
from conference.calls.words import reference_of
from conference.live.spreadsheets import Cell
from conference.live.workbooks import Sheet

Row = tuple[Cell, ...]


def sheets_of(record: CallRecord) -> list[Sheet]:
    """Instants are in UTC, to the second where that says enough; arrivals to the microsecond."""
    return [
        Sheet("The call", ("What", "How it was"), tuple(_call(record))),
        Sheet("Submissions", SUBMISSIONS, tuple(_submissions(record))),
        Sheet("Versions", ("Submission", "Version", "Of the call", "Arrived", "Late", "Sent by", "Counts"), tuple(_versions(record))),
        Sheet(
            "Partners", ("Submission", "Name", "Organisation", "As", "Asked", "Confirmed", "Declined", "Removed"), tuple(_partners(record))
        ),
        Sheet(
            "Files", ("Submission", "Question", "Name", "Kind", "Bytes", "SHA-256", "Sent by", "At", "In versions"), tuple(_files(record))
        ),
        Sheet("Panel", ("Member", "Chair", "From outside", "Joined", "Left"), tuple(_members(record))),
        Sheet("Assigned", ("Submission", "Member", "By", "From", "Until"), tuple(_assignments(record))),
        Sheet("Conflicts", ("Submission", "Member", "Kind", "Words", "Declared", "By", "Ended", "Ended by"), tuple(_conflicts(record))),
        Sheet("Scores", ("Submission", "Member", "Criterion", "Score", "Weight", "Comment"), tuple(_scores(record))),
        Sheet(
            "Reviews", ("Submission", "Member", "Version", "Comment", "For the applicant", "Saved", "Handed in"), tuple(_reviews(record))
        ),
        Sheet("Seen", ("Submission", "By", "What", "First", "Last", "Times"), tuple(_viewings(record))),
        Sheet("Decisions", DECISIONS, tuple(_decisions(record))),
        Sheet("Acts", ("When", "What", "By", "About", "Details"), tuple(_acts(record))),
    ]


SUBMISSIONS = (
    *("Submission", "Applicant", "State", "Arrived", "Versions", "Entered by", "Late one taken", "Taken by", "Why", "Withdrawn", "Told"),
)
DECISIONS = ("Submission", "Decision", "Place on the list", "Pence", "Reason", "For the applicant", "By", "Decided", "Told", "Replaced")


def moment(at: datetime | None) -> str:
    """`2025-02-06 11:59:59Z`; a fraction is shown where there is one."""
    return at.isoformat(sep=" ").replace("+00:00", "Z") if at else ""


def _call(record: CallRecord) -> Iterable[Row]:
    call, asked = record.call, record.definition
    yield ("Title", call.title)
    yield ("Kind", call.kind.value)
    yield ("State", call.state.value)
    yield ("Opens", moment(call.opens_at))
    yield ("Deadline, the first instant that is late", f"{moment(call.deadline_at)}, published in {call.zone}" if call.deadline_at else "")
    yield ("Results by", call.results_by.isoformat() if call.results_by else "")
    yield ("Places", call.places)
    yield ("Budget in pence", call.budget_pence)
    yield ("Decided", moment(call.decided_at))
    yield ("Names hidden from the panel", "yes" if asked.panel.blind else "no")
    for each in asked.criteria:
        yield (f"Criterion: {each.title}", f"{each.lowest} to {each.highest}, weight {each.weight}")
    for version in record.definitions:
        yield (f"Version {version.number} of the call", f"from {moment(version.published_at)}")
    if record.kept_from:
        yield ("Left out of this file", f"{record.kept_from} with which you have a conflict of interest")


def _submissions(record: CallRecord) -> Iterable[Row]:
    for row in record.submissions:
        versions = sum(version.submission_id == row.id for version in record.versions)
        states = (row.state.value, moment(row.submitted_at), versions)
        late = (moment(row.late_at), _who(record, row.late_by_id), row.late_reason)
        yield (
            *(reference_of(record.call, row.number), _who(record, row.person_id), *states, _who(record, row.entered_by_id)),
            *(*late, moment(row.withdrawn_at), moment(row.told_at)),
        )


def _versions(record: CallRecord) -> Iterable[Row]:
    counted = {row.counted_id for row in record.submissions}
    numbers = {version.id: version.number for version in record.definitions}
    for row in record.versions:
        arrived = (moment(row.arrived_at), _yes(row.late), _who(record, row.by_id), _yes(row.id in counted))
        yield (_what(record, row.submission_id), row.number, numbers.get(row.call_version_id), *arrived)


def _partners(record: CallRecord) -> Iterable[Row]:
    for row in record.partners:
        when = (row.asked_at, row.confirmed_at, row.declined_at, row.removed_at)
        yield (_what(record, row.submission_id), row.name, row.organisation, row.role.value.replace("_", "-"), *map(moment, when))


def _files(record: CallRecord) -> Iterable[Row]:
    for row in record.files:
        named = [version.number for version in record.versions if file_answer(version.answers, row.question) == row.id]
        sent = (_who(record, row.by_id), moment(row.made_at), ", ".join(map(str, named)) or "none: in the draft alone")
        yield (_what(record, row.submission_id), row.question, row.name, row.kind.value, row.size, row.digest, *sent)


def _members(record: CallRecord) -> Iterable[Row]:
    for row in record.members:
        yield (_who(record, row.person_id), _yes(row.chair), _yes(row.independent), moment(row.joined_at), moment(row.ended_at))


def _assignments(record: CallRecord) -> Iterable[Row]:
    for row in record.assignments:
        by = _who(record, row.by_id) or "the even split"
        yield (_what(record, row.submission_id), _who(record, row.person_id), by, moment(row.made_at), moment(row.ended_at))


def _conflicts(record: CallRecord) -> Iterable[Row]:
    for row in record.conflicts:
        ended = (moment(row.ended_at), _who(record, row.ended_by_id))
        said = (row.kind.value.replace("_", " "), row.words, moment(row.declared_at), _who(record, row.by_id))
        yield (_what(record, row.submission_id), _who(record, row.person_id), *said, *ended)


def _scores(record: CallRecord) -> Iterable[Row]:
    reviews = {row.id: row for row in record.reviews}
    criteria = {each.key: each for each in record.definition.criteria}
    for row in record.scores:
        review, criterion = reviews[row.review_id], criteria.get(row.criterion)
        judged = (criterion.title if criterion else row.criterion, row.value, criterion.weight if criterion else None, row.comment)
        yield (_what(record, review.submission_id), _who(record, review.person_id), *judged)


def _reviews(record: CallRecord) -> Iterable[Row]:
    numbers = {version.id: version.number for version in record.versions}
    for row in record.reviews:
        said = (numbers.get(row.version_id), row.comment, row.feedback, moment(row.saved_at), moment(row.submitted_at))
        yield (_what(record, row.submission_id), _who(record, row.person_id), *said)


def _viewings(record: CallRecord) -> Iterable[Row]:
    for row in record.viewings:
        when = (moment(row.first_at), moment(row.last_at), row.times)
        yield (_what(record, row.submission_id), _who(record, row.person_id), row.what.value, *when)


def _decisions(record: CallRecord) -> Iterable[Row]:
    for row in record.decisions:
        said = (row.verdict.value, row.reserve_position, row.amount_pence, row.reason, row.feedback, _who(record, row.by_id))
        yield (_what(record, row.submission_id), *said, *map(moment, (row.decided_at, row.announced_at, row.superseded_at)))


def _acts(record: CallRecord) -> Iterable[Row]:
    for row in record.acts:
        kind, _, row_id = row.subject.partition(":")
        about = _what(record, UUID(row_id)) if kind == "submission" else "the call"
        yield (
            moment(row.at),
            row.act,
            _who(record, row.person_id),
            about,
            ", ".join(f"{name}: {value}" for name, value in row.details.items()),
        )


def _who(record: CallRecord, person_id: UUID | None) -> str:
    return record.names.get(person_id, "") if person_id else ""


def _what(record: CallRecord, submission_id: UUID) -> str:
    return reference_of(record.call, record.numbers[submission_id])


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
