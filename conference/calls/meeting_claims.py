"""What meetings and their minutes keep of people."""

from conference.calls.meeting_tables import Minute, SelectionAttendee, SelectionMeeting
from conference.storage.personal import Kept, Purpose

OFFICE = "The panel of the call, and organisers"
STAYS = "As long as the call’s decisions are kept"
KEPT = (
    Kept(
        table=SelectionMeeting,
        what="Meetings of a panel that they opened",
        purpose=Purpose.taking_part,
        seen_by=OFFICE,
        whose=("opened_by_id",),
        stays=STAYS,
        erased={},
    ),
    Kept(
        table=SelectionAttendee,
        what="That they were at a meeting of a panel",
        purpose=Purpose.taking_part,
        seen_by=OFFICE,
        stays=STAYS,
        erased={},
    ),
    Kept(
        table=Minute,
        what="Minutes of a panel: what they decided or noted, when they left, and what was said of their submission",
        purpose=Purpose.taking_part,
        seen_by=OFFICE,
        whose=("person_id",),
        via=("submission_id",),
        others=("by_id",),
        words=("words",),
        stays=STAYS,
        erased={"words": ""},
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}
