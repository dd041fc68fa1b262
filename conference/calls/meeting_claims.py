"""What meetings and their minutes keep of people."""

from uuid import UUID

from conference.calls.meeting_tables import Minute, SelectionAttendee, SelectionMeeting
from conference.storage.personal import Kept, Purpose, Rows

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


def without_the_talk(rows: Rows, person_id: UUID) -> Rows:
    """What somebody takes along of themselves: decisions once they were told, with their reasons, and not that one is being replaced; of
    the minutes what they did themselves, and not what a panel said among itself. Before the announcement there is no trace of either.
    """
    hidden = {"superseded_at"}
    told = [{name: value for name, value in row.items() if name not in hidden} for row in rows.get("decision", []) if row["announced_at"]]
    mine = [row for row in rows.get("selection_minute", []) if row["person_id"] == str(person_id)]
    return rows | {"decision": told, "selection_minute": mine}
