"""What offers, letters and feedback keep of people."""

from conference.calls.offer_tables import FeedbackRequest, InvitationLetter, Offer
from conference.storage.personal import Kept, Purpose

KEPT = (
    Kept(
        table=InvitationLetter,
        what="Whether they need an invitation letter, and until then what their passport says",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the call; what the passport says is sealed, in no export, and shown on their own page",
        others=("written_by_id",),
        secret=("sealed",),
        stays="The passport’s details until the day that is said where they are asked for, or until the offer ends; the rest as the offer",
        erased=None,
    ),
    Kept(
        table=FeedbackRequest,
        what="That they asked why they got a no, and what was answered",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the call",
        others=("answered_by_id",),
        words=("answer",),
        stays="As each call says after its results",
        erased=None,
    ),
    Kept(
        table=Offer,
        what="What they were offered after a selection, and what they answered",
        purpose=Purpose.taking_part,
        seen_by="They, and organisers of the call",
        others=("by_id",),
        words=("word",),
        stays="As long as the call’s decisions are kept",
        erased={"word": ""},
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}
