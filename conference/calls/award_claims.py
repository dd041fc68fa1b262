"""What awards keep of people."""

from conference.calls.award_tables import Award, Milestone, SubmissionSession
from conference.storage.personal import Kept, Purpose

OFFICE = "They, and organisers"
KEPT = (
    Kept(
        table=Award,
        what="What was awarded to them, and since when",
        purpose=Purpose.taking_part,
        seen_by=OFFICE,
        words=("ended_reason",),
        stays="As long as the call’s accounts are kept",
        erased={},
    ),
    Kept(
        table=SubmissionSession,
        what="The session that came of their submission",
        purpose=Purpose.taking_part,
        seen_by="Everybody, once the programme is published",
        whose=(),
        via=("submission_id",),
        others=("by_id",),
        stays="As long as the programme is published",
        erased={},
    ),
    Kept(
        table=Milestone,
        what="What they reported on an award",
        purpose=Purpose.taking_part,
        seen_by=OFFICE,
        whose=(),
        via=("award_id",),
        others=("accepted_by_id",),
        words=("report", "word"),
        plain=("title",),
        stays="As long as the call’s accounts are kept",
        erased={"report": "", "word": ""},
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}
