"""What the tables of calls keep of people. Files of other slices add theirs; `personal.py` gathers them."""

from conference.calls.decision_tables import Decision
from conference.calls.panel_tables import Assignment, ConflictDeclaration, PanelMember, Review, Score, Viewing
from conference.calls.submission_tables import Partner, Submission, SubmissionVersion
from conference.calls.tables import Call, CallInterest, CallVersion
from conference.storage.personal import Kept, Purge, Purpose

PANEL = "They, the panel of the call, and organisers"
OFFICE = "The panel of the call, and organisers"
KEPT = (
    Kept(
        table=CallInterest,
        what="That they want to hear when a call opens",
        purpose=Purpose.applying,
        seen_by="They, and organisers",
        purges=(Purge(days=730),),
    ),
    Kept(
        table=Submission,
        what="Submissions to calls: what is typed so far, and what became of it",
        purpose=Purpose.applying,
        seen_by=PANEL,
        others=("entered_by_id", "late_by_id"),
        words=("draft", "late_reason"),
        stays="As each call says after its results",
        erased={"draft": {}, "late_reason": ""},
        by_hand=True,
    ),
    Kept(
        table=SubmissionVersion,
        what="Every version that was sent",
        purpose=Purpose.applying,
        seen_by=PANEL,
        whose=(),
        via=("submission_id",),
        others=("by_id",),
        words=("answers",),
        stays="As each call says after its results",
        erased={"answers": {}},
        by_hand=True,
    ),
    Kept(
        table=Partner,
        what="Whom they named as a partner or referee, and what was answered",
        purpose=Purpose.applying,
        seen_by=PANEL,
        whose=(),
        via=("submission_id",),
        addresses=("email", "email_key"),
        names=("name",),
        words=("organisation", "words"),
        secret=("token_hash",),
        stays="As each call says after its results",
        erased=None,
    ),
    Kept(
        table=PanelMember,
        what="That they sit on the panel of a call",
        purpose=Purpose.applying,
        seen_by=OFFICE,
        stays="As long as the call’s decisions are kept",
        erased={},
    ),
    Kept(
        table=Assignment,
        what="Which submissions they read for a panel",
        purpose=Purpose.applying,
        seen_by=OFFICE,
        others=("by_id",),
        stays="As long as the call’s decisions are kept",
        erased={},
    ),
    Kept(
        table=ConflictDeclaration,
        what="Submissions that they have no part in, and why",
        purpose=Purpose.applying,
        seen_by=OFFICE,
        others=("by_id", "ended_by_id"),
        words=("words",),
        stays="As long as the call’s decisions are kept",
        erased={"words": ""},
    ),
    Kept(
        table=Review,
        what="What they said of submissions as a member of a panel",
        purpose=Purpose.applying,
        seen_by=OFFICE,
        words=("comment", "feedback"),
        stays="As long as the call’s decisions are kept",
        erased={},
    ),
    Kept(
        table=Score,
        what="Which score they gave by which criterion, and why",
        purpose=Purpose.applying,
        seen_by=OFFICE,
        whose=(),
        via=("review_id",),
        words=("comment",),
        plain=("criterion",),
        stays="As long as the call’s decisions are kept",
        erased={},
    ),
    Kept(
        table=Viewing,
        what="Which submissions they saw as a member of a panel, and when",
        purpose=Purpose.safety,
        seen_by="Organisers",
        stays="As long as the call’s decisions are kept",
        erased={},
    ),
    Kept(
        table=Decision,
        what="What was decided on their submission, and why",
        purpose=Purpose.applying,
        seen_by=OFFICE,
        whose=(),
        via=("submission_id",),
        others=("by_id",),
        words=("reason", "feedback"),
        stays="As each call says after its results",
        erased={"reason": "", "feedback": ""},
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {
    Call: ("slug", "title", "zone"),
    CallVersion: ("definition", "by_id"),
}
