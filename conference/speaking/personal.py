"""What speakers bring, as it is exported and erased; `actions.forget` knows how."""

from uuid import UUID

from conference.people.tables import Person
from conference.speaking import actions, queries
from conference.speaking.tables import SpeakerInvitation, SpeakerProfile, SpeakerTime, TalkProposal, TalkResource
from conference.storage.database import Db
from conference.storage.personal import Erasing, Kept, Purge, Purpose, Rows, Whom

ORGANISERS = "They, and organisers of the event"
KEPT = (
    Kept(
        table=SpeakerProfile,
        what="Pronouns, links and a photo beside the biography",
        purpose=Purpose.speaking,
        seen_by="Everybody, once the programme is published",
        whose=(),
        words=("pronouns", "links", "photo_alt"),
        by_hand=True,
    ),
    Kept(
        table=SpeakerInvitation,
        what="Invitations to speak: to which address, by which organiser, the answer",
        purpose=Purpose.speaking,
        seen_by="Organisers of the event",
        others=("by_id",),
        addresses=("email",),
        words=("word", "declined_word"),
        purges=(
            Purge(
                days=365, since="expires_at", sets={"email": actions.FORGOTTEN, "word": "", "declined_word": ""}, what="Address and words"
            ),
        ),
        by_hand=True,
    ),
    Kept(
        table=SpeakerTime,
        what="When they can speak",
        purpose=Purpose.speaking,
        seen_by=ORGANISERS,
        whose=(),
        purges=(Purge(days=365),),
        by_hand=True,
    ),
    Kept(
        table=TalkProposal,
        what="Texts and co-speakers that they proposed, and what the organisers decided",
        purpose=Purpose.speaking,
        seen_by=ORGANISERS,
        others=("decided_by_id",),
        addresses=("email",),
        names=(),
        words=("title", "abstract", "base_title", "base_abstract", "name", "word", "reason"),
        purges=(Purge(days=730),),
        by_hand=True,
    ),
    Kept(
        table=TalkResource,
        what="Slides, files and links that they left for a session",
        purpose=Purpose.speaking,
        seen_by="Everybody, or those who are registered, as they chose",
        words=("title", "url"),
        by_hand=True,
    ),
)
TABLES = {  # and what `queries` calls their rows
    "speaker_profile": "profiles",
    "speaker_time": "times",
    "speaker_invitation": "invitations",
    "talk_proposal": "proposals",
    "talk_resource": "resources",
}
NOBODYS: dict[type, tuple[str, ...]] = {}


async def everything_about(db: Db, whom: Whom) -> Rows:
    found = await queries.everything_about(db, await db.get_one(Person, whom.id))
    return {table: found[word] for table, word in TABLES.items()}


async def files_of(db: Db, whom: Whom) -> dict[UUID, str]:
    """Names for the files that they left, by the files' ids."""
    found = await everything_about(db, whom)
    photos = {UUID(row["photo_id"]): "photo.jpg" for row in found["speaker_profile"] if row["photo_id"]}
    files = (row for row in found["talk_resource"] if row["kind"] != "link")
    return photos | {UUID(row["id"]): f"{row['title']}.{row['kind']}" for row in files}


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    erasing.uploads += await actions.forget(db, await db.get_one(Person, whom.id))
