"""What files of submissions say of people."""

from conference.calls.file_tables import SubmissionFile
from conference.storage.personal import Kept, Purpose

KEPT = (
    Kept(
        table=SubmissionFile,
        what="Files that they sent with a submission",
        purpose=Purpose.applying,
        seen_by="They, organisers, and the panel of the call without what a file says beside its pages",
        whose=(),
        via=("submission_id",),
        others=("by_id",),
        words=("name",),
        plain=("question", "digest"),
        stays="As each call says after its results",
        by_hand=True,
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}
