"""What plays at the top of a stage (pure), and the words around it: before, on now, running late, over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from conference.live.rules import Door
from conference.programme.streams import Stream, StreamKind, captions_origin, stream_at
from conference.programme.tables import Session

STAYS = timedelta(minutes=30)  # how long a stream is still shown after the session's time


class Kind(StrEnum):
    hls = "hls"
    embed = "embed"
    link = "link"  # it takes place behind the link to join
    none = "none"


class Mode(StrEnum):
    video = "video"
    audio = "audio"
    text = "text"  # no player, no fonts, little else: for thin lines


class Phase(StrEnum):
    before = "before"
    on = "on"
    overtime = "overtime"  # its time is over, the stream may run on a little
    ended = "ended"
    cancelled = "cancelled"


WAYS = {
    Mode.video: ("Video", "up to 1 GB an hour"),
    Mode.audio: ("Sound only", "60 MB an hour"),
    Mode.text: ("Text only", "a few MB an hour"),
}
WHOLE = ("Whole page", "80 kB more")  # where there is nothing to see: fonts and drawings


@dataclass(frozen=True, slots=True)
class Player:
    kind: Kind
    mode: Mode
    phase: Phase
    title: str
    words: str  # where the session stands: "Starts in 12 minutes"
    late: str  # "Running late: about 10 minutes"; empty where it does not
    starts_at: str  # ISO 8601 UTC, with the delay
    ends_at: str
    src: str = ""  # the playlist, or the frame's address
    captions: str = ""
    join: str = ""  # the link to join, while the door is open
    modes: tuple[Mode, ...] = (Mode.video, Mode.text)
    has_stream: bool = False
    kept: str = ""  # what an address ends in to stay in the mode that was asked for: "?mode=text"
    saves_data: bool = False  # text only because the browser asked for little
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what this page's Content-Security-Policy must add

    @property
    def plays(self) -> bool:
        return self.kind in (Kind.hls, Kind.embed)

    @property
    def is_thin(self) -> bool:
        return self.mode == Mode.text

    @property
    def is_poster(self) -> bool:
        """Nothing plays yet, or any more: the words stand where the picture would."""
        return not self.plays and not self.is_thin and self.phase in (Phase.before, Phase.ended)

    @property
    def ways(self) -> tuple[tuple[Mode, str, str], ...]:
        """Each mode with its name and what it costs, for a row of links; none where there is nothing to save any more."""
        is_over = self.phase in (Phase.ended, Phase.cancelled) and not self.is_thin
        words = WAYS if self.has_stream else {**WAYS, Mode.video: WHOLE}
        return () if is_over else tuple((mode, *words[mode]) for mode in self.modes)


def player_for(session: Session, door: Door, now: datetime, *, asked: str = "", save_data: bool = False, late_minutes: int = 0) -> Player:
    """`asked` is the address's ?mode=, `save_data` the browser's wish for little, `late_minutes` how late the session runs."""
    late = timedelta(minutes=late_minutes)
    starts_at, ends_at = session.starts_at + late, session.ends_at + late
    stream = stream_at(session.stream_url)
    phase = _phase(door, starts_at, ends_at, STAYS if stream else timedelta(), now)
    modes = _modes(stream)
    mode = _mode(asked, save_data, modes)
    shown = stream if _is_shown(door, phase) else None
    join = session.join_url if door == Door.open else ""
    kind = Kind(shown.kind.value) if shown and mode != Mode.text else Kind.link if join else Kind.none
    return Player(
        kind=kind,
        mode=mode,
        phase=phase,
        title=session.title,
        words=_words(phase, starts_at, now),
        late=f"Running late: about {_count(late_minutes, 'minute')}" if late_minutes and phase in (Phase.before, Phase.on) else "",
        starts_at=_iso(starts_at),
        ends_at=_iso(ends_at),
        src=shown.src if shown and mode != Mode.text else "",
        captions=session.captions_url if kind == Kind.hls and captions_origin(session.captions_url) else "",
        join=join,
        modes=modes,
        has_stream=stream is not None,
        kept=f"?mode={mode}" if asked == mode else "",
        saves_data=save_data and asked not in modes,
        sources=_sources(kind, shown, session.captions_url),
    )


def countdown(wait: timedelta) -> str:
    """`Starts in 12 minutes`; the script starts-in.js says the same, each minute."""
    minutes = max(-(-wait // timedelta(minutes=1)), 1)
    if minutes < 60:
        return f"Starts in {_count(minutes, 'minute')}"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"Starts in {_count(hours, 'hour')}" + (f" {_count(rest, 'minute')}" if rest else "")
    return f"Starts in {_count(minutes // (24 * 60), 'day')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _phase(door: Door, starts_at: datetime, ends_at: datetime, stays: timedelta, now: datetime) -> Phase:
    if door == Door.cancelled:
        return Phase.cancelled
    if now < starts_at:
        return Phase.before
    if now < ends_at:
        return Phase.on
    return Phase.overtime if now < ends_at + stays else Phase.ended


def _is_shown(door: Door, phase: Phase) -> bool:
    """From the opening of the door; a stream is not cut off at the minute that the programme says."""
    return door != Door.not_yet and phase in (Phase.before, Phase.on, Phase.overtime)


def _modes(stream: Stream | None) -> tuple[Mode, ...]:
    """A frame of somebody else's is never without its picture."""
    return tuple(Mode) if stream and stream.kind == StreamKind.hls else (Mode.video, Mode.text)


def _mode(asked: str, save_data: bool, modes: tuple[Mode, ...]) -> Mode:
    if asked in modes:
        return Mode(asked)
    return Mode.text if save_data else Mode.video


def _words(phase: Phase, starts_at: datetime, now: datetime) -> str:
    return {
        Phase.before: countdown(starts_at - now),
        Phase.on: "On now",
        Phase.overtime: "The session’s time is over; the stream may run on a little.",
        Phase.ended: "This session has ended.",
        Phase.cancelled: "This session is cancelled.",
    }[phase]


def _sources(kind: Kind, stream: Stream | None, captions_url: str) -> dict[str, tuple[str, ...]]:
    """As little as the player needs: a frame's host; or the stream's for the script, a blob for what the script has put together.

    A browser that plays HLS itself and the captions' track fetch as media.
    """
    if stream is None or kind not in (Kind.hls, Kind.embed):
        return {}
    if kind == Kind.embed:
        return {"frame-src": (stream.origin,)}
    captions = captions_origin(captions_url)
    media = dict.fromkeys(("blob:", stream.origin, *([captions] if captions else [])))
    return {"connect-src": (stream.origin,), "media-src": tuple(media)}


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
