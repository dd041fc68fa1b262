"""What the pages about papers share: whose they are, how one stands in a list, how it is sent."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from conference.papers.rules import NAMES, day_of
from conference.papers.setting import ZONE
from conference.papers.tables import IssuedPaper, PaperKind
from conference.people.access import require_role
from conference.people.tables import Person, RoleKind
from conference.programme.queries import event_at
from conference.programme.tables import Event
from conference.storage.database import Db
from conference.web.forms import Typed
from conference.web.links import full_address
from conference.web.render import render

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper in a list."""

    paper: IssuedPaper
    words: str  # what it is
    about: str
    issued: str

    @property
    def can_be_set(self) -> bool:
        return self.paper.kind == PaperKind.invoice or (bool(self.paper.facts) and not self.paper.revoked_at)


@dataclass(frozen=True, slots=True)
class ReasonPage:
    """templates/papers/reason.html: what can't be taken back, with its reason"""

    event: Event
    above: str  # the route of the page above
    above_words: str
    title: str
    words: str
    press: str
    typed: Typed
    errors: dict[str, str]


async def organised(db: Db, request: Request) -> tuple[Event, Person]:
    """The event of this address, and its organiser who asks."""
    event = await event_at(db, request.path_params["event"])
    return event, await require_role(db, request, event.id, RoleKind.organiser)


def row_of(paper: IssuedPaper) -> PaperRow:
    facts = paper.facts
    about = facts.get("number") or facts.get("subject") or facts.get("event") or ""
    return PaperRow(paper, facts.get("title") or NAMES[paper.kind], str(about), day_of(paper.issued_at, ZONE))


def verify_address(request: Request, paper: IssuedPaper) -> str:
    return full_address(request, "papers:verified", paper=paper.code)


def pdf_answer(made: bytes, name: str) -> Response:
    return Response(made, media_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def render_reason(request: Request, page: ReasonPage) -> Response:
    return render(request, "papers/reason.html", page, title=page.title, status=422 if page.errors else 200, zone=page.event.zone)
