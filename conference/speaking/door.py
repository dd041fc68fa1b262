"""An invitation's address, and the mail that carries it."""

from starlette.requests import Request

from conference.people.tables import Person
from conference.programme.tables import Event, Speaker
from conference.speaking.inviting import invite, link_token, mail_invitation
from conference.speaking.tables import SpeakerInvitation
from conference.storage.database import Db
from conference.web.links import full_address
from conference.web.request import house, real_now


async def send_invitation(db: Db, request: Request, event: Event, speaker: Speaker, email: str, word: str, by: Person) -> None:
    """The invitation's row, and its mail. Raises Invalid, Conflict."""
    made = await invite(db, event, speaker, email, word, real_now(request), by=by.id)
    await mail_invitation(db, "speaker_invited", event, speaker, made, invitation_link(request, made), real_now(request))


def invitation_link(request: Request, invitation: SpeakerInvitation) -> str:
    return full_address(request, "speaking:invitation", token=link_token(house(request).settings.secret_key, invitation))
