"""What would become of each session of a file and of the plan: the lines of a preview (pure)."""

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from conference.programme.importing import ReadFile, Trouble
from conference.programme.importing_names import Names
from conference.programme.planned import Planned
from conference.programme.releases import SessionPlan
from conference.programme.tables import Event


class Does(StrEnum):
    adds = "adds"
    changes = "changes"
    nothing = "nothing"
    left = "left"  # the file wants something that is not done, and why is said
    missing = "missing"  # the file does not have it


@dataclass(frozen=True, slots=True)
class Proposed:
    """What would become of one session. `plan` and `speakers` are how it would be, for those that are added or changed."""

    does: Does
    id: UUID
    title: str
    where: str
    words: str
    tags: tuple[str, ...] = ()
    starts_at: datetime | None = None
    slug: str = ""
    planned: Planned | None = None
    plan: SessionPlan | None = None
    speakers: tuple[UUID, ...] = ()

    @property
    def stamp(self) -> str:
        """Another one, when something else would become of it, or somebody saved it since."""
        version = self.planned.version if self.planned and self.does is not Does.nothing else ""
        plan = [str(getattr(self.plan, one.name)) for one in fields(SessionPlan) if not one.name.endswith("_id")] if self.plan else []
        said = [self.does.value, str(self.planned.facts.session.id) if self.planned else self.where, self.title, self.words, version, *plan]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Proposal:
    event: Event
    read: ReadFile
    lines: tuple[Proposed, ...]
    names: Names
    troubles: tuple[Trouble, ...]
    warnings: tuple[Trouble, ...]

    def those(self, does: Does) -> tuple[Proposed, ...]:
        return tuple(line for line in self.lines if line.does is does)

    @property
    def would_change(self) -> bool:
        return any(line.does in (Does.adds, Does.changes) for line in self.lines)
