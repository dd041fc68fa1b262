"""Minutes as sentences (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from conference.calls.decision_tables import Decision, Verdict
from conference.calls.meeting_tables import Minute, MinuteKind
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.calls.words import reference_of
from conference.people.tables import Person
from conference.times import spoken_moment

VERDICTS = {Verdict.accepted: "a yes", Verdict.reserve: "the reserve list", Verdict.rejected: "a no"}
ACTS = {
    MinuteKind.opened: "{by} opened the meeting.",
    MinuteKind.came: "{person} came in.",
    MinuteKind.taken: "{by} put {what} on the table.",
    MinuteKind.left: "{person} left: no part in {what}.",
    MinuteKind.declared: "{person} declared a conflict over {what}.",
    MinuteKind.noted: "{by} on {what}:",
    MinuteKind.decided: "Decided on {what}: {verdict}. Written by {by}.",
    MinuteKind.undone: "The decision on {what} ({verdict}) was undone by {by}.",
    MinuteKind.reordered: "{by} moved {what} up the reserve list.",
    MinuteKind.announced: "{by} announced the decisions.",
    MinuteKind.closed: "{by} closed the meeting.",
}
GONE = "Somebody who left"


@dataclass(frozen=True, slots=True)
class Line:
    when: str
    said: str
    words: str


def lines_of(
    call: Call,
    rows: Iterable[Minute],
    people: Mapping[UUID, Person],
    submissions: Mapping[UUID, Submission | None],
    decisions: Mapping[UUID, Decision | None],
    *,
    whole: bool,
) -> tuple[Line, ...]:
    """`whole`: the reader has a part in everything, so they may read the counts of an announcement."""

    def line(row: Minute) -> Line:
        by, person = people.get(row.by_id), people.get(row.person_id) if row.person_id else None
        about = submissions.get(row.submission_id) if row.submission_id else None
        decided = decisions.get(row.decision_id) if row.decision_id else None
        said = ACTS[row.kind].format(
            by=by.name if by else GONE,
            person=person.name if person else GONE,
            what=reference_of(call, about.number) if about else "",
            verdict=VERDICTS[decided.verdict] if decided else "",
        )
        return Line(spoken_moment(row.at, call.zone), said, "" if row.kind is MinuteKind.announced and not whole else row.words)

    return tuple(line(row) for row in rows)
