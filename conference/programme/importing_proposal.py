"""What a file would change in the plan (pure): one line for each session, said in words, before anything is done."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from conference.errors import Invalid
from conference.programme.choices import Choices
from conference.programme.importing import ReadFile, Trouble, Wanted, same_text
from conference.programme.importing_columns import COLUMNS
from conference.programme.importing_lines import Does, Proposal, Proposed
from conference.programme.importing_match import matched
from conference.programme.importing_names import Answers, Names
from conference.programme.planned import Planned
from conference.programme.release_words import Line, news_of
from conference.programme.releases import Change, SessionPlan, differences, plan_of
from conference.programme.rules import TYPE_WORDS, check_plan
from conference.programme.tables import DraftAct, Event
from conference.times import DASH, clock_time, long_date, short_date, zone_named

TEXTS = ("abstract", "join_url", "stream_url", "captions_url", "illustrative")
NEEDED = {"kind": "Type", "room": "Room", "starts_at": "Start", "ends_at": "End"}  # for a session that is new
TAGS = {"starts_at": "Moved", "ends_at": "Moved", "room_id": "Room", "join_url": "Link", "title": "Renamed"}

Doubts = Callable[[str], Iterable[str]]  # sentences about dates and times in a text that can't be right


def no_doubts(_: str) -> tuple[str, ...]:
    return ()


def proposal_of(
    event: Event,
    read: ReadFile,
    planned: Sequence[Planned],
    choices: Choices,
    taken: Collection[UUID],
    answers: Answers | None = None,
    doubts: Doubts = no_doubts,
) -> Proposal:
    """`taken` are ids of the file that something has already, here or at another event. `doubts` looks for dates that can't be right."""
    matching = matched(event.id, read, planned)
    maker = _Maker(event, Names(event.id, choices, taken, answers), doubts)
    lines = [maker.changed(wanted, same) if same else maker.added(wanted) for wanted, same in matching.pairs]
    lines += [maker.missing(one) for one in matching.missing]
    troubles = sorted((*read.troubles, *matching.repeated, *maker.troubles), key=_place)
    warnings = (*read.warnings, *_namesakes(lines), *maker.warnings)
    return Proposal(event, read, tuple(line for line in lines if line), maker.names, tuple(troubles), warnings)


def _place(trouble: Trouble) -> int:
    """Line 9 comes before line 10."""
    return int("0" + "".join(filter(str.isdigit, trouble.where)))


def _namesakes(lines: Sequence[Proposed | None]) -> list[Trouble]:
    """What looks like one session that moved, but can't be known to be: it would be there twice."""
    missing = {line.title.casefold() for line in lines if line and line.does is Does.missing}
    why = "A session of this title is in the plan at another time. If it is the same one, put its ID or its address into the file."
    return [
        Trouble(line.where, COLUMNS["guid"], why) for line in lines if line and line.does is Does.adds and line.title.casefold() in missing
    ]


class _Maker:
    def __init__(self, event: Event, names: Names, doubts: Doubts) -> None:
        self.event, self.names, self.doubts = event, names, doubts
        self.troubles: list[Trouble] = []
        self.warnings: list[Trouble] = []

    def added(self, wanted: Wanted) -> Proposed | None:
        lacks = [column for field, column in NEEDED.items() if getattr(wanted, field) is None]
        needed = [Trouble(wanted.mention.where, column, "A new session needs this.") for column in lacks]
        if needed:
            self.troubles += needed
            return None
        assert wanted.room
        assert wanted.starts_at
        assert wanted.ends_at
        assert wanted.kind is not None
        mark = self.names.mark
        room_id, speakers = self.names.room(wanted.room), self._speakers(wanted, ())
        if room_id is None:
            return self._left(wanted, None, "Its room was left out, so it is too.")
        plan = SessionPlan(
            title=wanted.title,
            type=self.names.new_kind(wanted.kind),
            room_id=room_id,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            track_id=self.names.track(wanted.track or ""),
            for_everyone=wanted.for_everyone is not False,
            **{name: getattr(wanted, name) or "" for name in TEXTS},
        )
        if not self._fits(wanted, plan, mark):
            return None
        mention, id_ = wanted.mention, self.names.identity("session", wanted.mention.guid)
        words = self._described(plan, speakers)
        return Proposed(Does.adds, id_, plan.title, mention.where, words, ("New",), plan.starts_at, mention.slug, None, plan, speakers)

    def changed(self, wanted: Wanted, planned: Planned) -> Proposed | None:
        session = planned.facts.session
        if session.cancelled_at:
            what = "to be cancelled" if planned.draft and planned.draft.act is DraftAct.cancel else "cancelled"
            why = f"It is {what} here, though the file has it. It stays so: take it back on its own page if it takes place after all."
            return self._left(wanted, planned, why)
        mark = self.names.mark
        before, room_id = plan_of(session), self.names.room(wanted.room) if wanted.room else session.room_id
        if room_id is None:
            return self._left(wanted, planned, "Its room was left out, so it stays as it is.")
        plan = self._after(wanted, before, room_id)
        spoke = tuple(speaker.id for speaker in planned.facts.speakers)
        speakers = self._speakers(wanted, spoke)
        changes = differences(before, plan)
        if not changes and speakers == spoke:
            return Proposed(Does.nothing, session.id, session.title, wanted.mention.where, "", (), session.starts_at, session.slug, planned)
        if not self._fits(wanted, plan, mark):
            return None
        tags = dict.fromkeys(TAGS.get(change.field, "Changed") for change in changes)
        if speakers != spoke:
            tags["Speakers"] = None
        words = self._words(session.title, str(session.id), changes, spoke, speakers)
        return Proposed(
            Does.changes,
            session.id,
            session.title,
            wanted.mention.where,
            words,
            tuple(tags),
            plan.starts_at,
            session.slug,
            planned,
            plan,
            speakers,
        )

    def missing(self, planned: Planned) -> Proposed:
        session = planned.facts.session
        speakers = tuple(speaker.id for speaker in planned.facts.speakers)
        words = self._described(plan_of(session), speakers)
        return Proposed(Does.missing, session.id, session.title, "", words, (), session.starts_at, session.slug, planned)

    def _after(self, wanted: Wanted, before: SessionPlan, room_id: UUID) -> SessionPlan:
        """What the file does not say stays, and so does a text that says the same, and a type where the file has one that we have not."""
        starts_at = wanted.starts_at or before.starts_at
        lasts = before.ends_at - before.starts_at
        given = {name: getattr(wanted, name) for name in TEXTS if getattr(wanted, name) is not None}
        texts = {name: text for name, text in given.items() if not same_text(text, getattr(before, name))}
        return replace(
            before,
            title=before.title if same_text(wanted.title, " ".join(before.title.split())) else wanted.title,
            type=(wanted.kind and self.names.kind(wanted.kind)) or before.type,
            room_id=room_id,
            track_id=before.track_id if wanted.track is None else self.names.track(wanted.track),
            starts_at=starts_at,
            ends_at=wanted.ends_at or starts_at + lasts,
            for_everyone=before.for_everyone if wanted.for_everyone is None else wanted.for_everyone,
            **texts,
        )

    def _speakers(self, wanted: Wanted, otherwise: tuple[UUID, ...]) -> tuple[UUID, ...]:
        if wanted.speakers is None:
            return otherwise
        found = (self.names.speaker(named) for named in wanted.speakers)
        return tuple(dict.fromkeys(id_ for id_ in found if id_))

    def _fits(self, wanted: Wanted, plan: SessionPlan, mark: int) -> bool:
        """Where not, the names that it brought since this mark are forgotten."""
        try:
            check_plan(self.event, plan)
        except Invalid as wrong:
            self.troubles += [Trouble(wanted.mention.where, COLUMNS.get(name, name), said) for name, said in wrong.fields.items()]
            self.names.forget(mark)
            return False
        texts = {"title": wanted.title, "abstract": wanted.abstract or ""}
        self.warnings += [Trouble(wanted.mention.where, COLUMNS[name], said) for name, text in texts.items() for said in self.doubts(text)]
        return True

    def _left(self, wanted: Wanted, planned: Planned | None, why: str) -> Proposed:
        id_ = planned.facts.session.id if planned else self.names.event_id
        return Proposed(Does.left, id_, wanted.title, wanted.mention.where, why, (), wanted.starts_at, planned=planned)

    def _described(self, plan: SessionPlan, speakers: Sequence[UUID]) -> str:
        zone = zone_named(self.event.zone)
        starts, ends = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
        until = "" if ends.date() == starts.date() else f" ({short_date(ends.date())})"
        names = self.names.words
        parts = [f"{long_date(starts.date())}, {clock_time(starts)}{DASH}{clock_time(ends)}{until}", names[str(plan.room_id)]]
        parts += [TYPE_WORDS[plan.type], *([names[str(plan.track_id)]] if plan.track_id else [])]
        return " · ".join([*parts, *(["with " + ", ".join(names[str(id_)] for id_ in speakers)] if speakers else [])])

    def _words(self, title: str, id_: str, changes: Sequence[Change], spoke: Sequence[UUID], speakers: Sequence[UUID]) -> str:
        lines: list[Line] = [
            {"session": id_, "title": title, "what": "changed", "field": one.field, "before": one.before, "after": one.after}
            for one in changes
        ]
        said = [news.words for news in news_of(lines, self.event.zone, self.names.words)]
        if tuple(spoke) != tuple(speakers):
            names = self.names.words
            named = ["; ".join(names.get(str(one), "somebody who is gone") for one in ids) or "nobody" for ids in (spoke, speakers)]
            said.append(f"speakers changed from {named[0]} to {named[1]}")
        return "; ".join(said)
