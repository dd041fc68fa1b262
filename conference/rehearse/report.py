"""What a rehearsal measured, and what it means for tomorrow (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

P99_AT_MOST = 1.0  # seconds, from the moderator's hand to the last in a hundred, and from a vote to its answer
LAG_MATTERS = 0.25  # of a p99: beyond, the robots' own process was part of what they measured
COMMAND_WORDS = {"ask": "questions", "upvote": "votes", "approve": "approvals", "mark_answered": "answers"}


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds."""

    count: int = 0
    p50: float = 0.0
    p99: float = 0.0
    worst: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The slowest thing that happened: when, in seconds of the run, and how long it took."""

    at: float
    what: str
    took: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run. `audience` robots were to come, and one that moderates."""

    event: str
    audience: int
    seconds: float
    joined: int = 0
    not_let_in: Mapping[str, int] = field(default_factory=dict)  # why, and how many handshakes
    delivered: int = 0
    lost: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    skipped: int = 0
    acknowledged: Mapping[str, int] = field(default_factory=dict)  # by the command's type
    unanswered: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)  # by code
    line: Latency = Latency()  # from the moderator's sending to each robot's receipt
    vote: Latency = Latency()  # from sending to its acknowledgement
    total: Latency = Latency()  # from sending a vote to a total on the voter's screen that has it
    slowest: Moment | None = None
    ended: Mapping[int, int] = field(default_factory=dict)  # lines that ended, by close code
    longest_absence: float = 0.0
    lag: float = 0.0  # the worst of the robots' own process
    sampled: int = 0
    untrue: int = 0  # sampled robots whose screen differs from a fresh snapshot
    votes_missing: int = 0  # acknowledged, and not in the database
    votes_twice: int = 0  # in a total, and nobody gave them
    unknown: Mapping[str, int] = field(default_factory=dict)  # types of messages that robots don't know


def latency_of(samples: Sequence[float]) -> Latency:
    """Nearest rank: the p99 is a sample that was seen."""
    ordered = sorted(samples)
    if not ordered:
        return Latency()
    return Latency(len(ordered), _rank(ordered, 50), _rank(ordered, 99), ordered[-1])


def _rank(ordered: Sequence[float], percent: int) -> float:
    return ordered[max(-(-len(ordered) * percent // 100) - 1, 0)]


def failures(measured: Measured) -> list[str]:
    """What did not hold, each in a sentence that says where to look; nothing where tomorrow will hold."""
    m, found = measured, []
    absent = m.audience + 1 - m.joined
    if absent:
        found.append(f"{absent:,} robots could not join{_why(m.not_let_in)}. Look at the server's log, its limits and its open files.")
    if m.lost:
        found.append(f"{m.lost:,} lines never arrived. Look at the log for listeners that were let go, and at the broker.")
    if m.duplicated or m.out_of_order:
        found.append(f"{m.duplicated:,} lines came twice and {m.out_of_order:,} out of order. This is a fault of ours: report it.")
    if m.votes_missing or m.votes_twice:
        found.append(f"{m.votes_missing:,} acknowledged votes are not kept, {m.votes_twice:,} are counted twice. Look at the database.")
    if m.unanswered:
        found.append(f"{m.unanswered:,} commands were never answered. Look at the database: commands wait for its disk.")
    if m.untrue:
        why = "The house was still behind with its work." if m.unanswered or m.lost else "This is a fault of ours: report it."
        found.append(f"{m.untrue} of {m.sampled} screens differ from a fresh snapshot. {why}")
    for name, latency in (("A line", m.line), ("A vote’s answer", m.vote)):
        if latency.p99 > P99_AT_MOST:
            found.append(f"{name} took {_seconds(latency.p99)} at p99, more than {_seconds(P99_AT_MOST)}. {_where_slow(m)}")
    if not m.line.count:
        found.append("No line was measured: nothing was approved. Rehearse for longer.")
    return found


def report(measured: Measured) -> str:
    """The whole, for a terminal."""
    m, failed = measured, failures(measured)
    pairs = [
        ("Joined", f"{m.joined:,} of {m.audience + 1:,} robots, one of them the moderator{_why(m.not_let_in, 'failed handshakes')}"),
        ("Lines", f"{m.delivered + m.lost:,} expected, {m.delivered:,} delivered" + _told_otherwise(m)),
        ("Lost", f"{m.lost:,}"),
        ("Duplicated", f"{m.duplicated:,}"),
        ("Out of order", f"{m.out_of_order:,}"),
        ("Commands", f"{_acknowledged(m)} acknowledged; {m.unanswered:,} unanswered; refused: {_counts(m.refused)}"),
        ("Kept", f"{m.acknowledged.get('upvote', 0) - m.votes_missing:,} of the acknowledged votes, {m.votes_twice:,} counted twice"),
        ("Screens", f"{m.sampled - m.untrue} of {m.sampled} sampled robots see what a fresh snapshot says"),
        ("A line", _latency(m.line, "from the moderator’s hand to a robot")),
        ("A vote", _latency(m.vote, "until it is acknowledged")),
        ("A total", _latency(m.total, "until the voter sees it counted")),
        ("Slowest", _slowest(m.slowest)),
        ("Lines ended", _ended(m)),
        ("Robots’ lag", _lag(m)),
    ]
    if m.unknown:
        pairs.append(("Not known", f"messages of types that robots don’t know: {_counts(m.unknown)}"))
    lines = [f"Rehearsal of {m.event}: {m.audience:,} robots for {m.seconds:g} seconds", ""]
    lines += [f"  {name:<13} {words}" for name, words in pairs]
    if failed:
        return "\n".join([*lines, "", "Tomorrow will NOT hold, as far as this shows:", *(f"  - {sentence}" for sentence in failed)])
    verdict = "Tomorrow will hold: nothing was lost, nothing came twice, and 99 of 100 were served within a second."
    return "\n".join([*lines, "", verdict])


def _lags(m: Measured) -> bool:
    return m.lag > LAG_MATTERS * max(m.line.p99, m.vote.p99) and m.lag > 0.02


def _lag(m: Measured) -> str:
    return f"{_seconds(m.lag)} at worst" + (": their process was too slow, so these times are upper bounds" if _lags(m) else "")


def _where_slow(m: Measured) -> str:
    if _lags(m):
        return "The robots’ own process was late too: rehearse from another machine before you believe it."
    if m.ended:
        return f"{sum(m.ended.values()):,} lines were cut meanwhile: find out first why."
    return "Look at what the server’s processors did at the slowest moment; more workers share listeners among them."


def _why(reasons: Mapping[str, int], words: str = "answers") -> str:
    return f" ({words}: {_counts(reasons)})" if reasons else ""


def _told_otherwise(m: Measured) -> str:
    return f"; {m.skipped:,} more were told by a fresh snapshot" if m.skipped else ""


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())) or "none"


def _acknowledged(m: Measured) -> str:
    return _counts({COMMAND_WORDS.get(kind, kind): count for kind, count in m.acknowledged.items()})


def _latency(latency: Latency, words: str) -> str:
    if not latency.count:
        return f"never measured ({words})"
    figures = f"p50 {_seconds(latency.p50)}, p99 {_seconds(latency.p99)}, worst {_seconds(latency.worst)}"
    return f"{figures} {words} ({latency.count:,} times)"


def _slowest(moment: Moment | None) -> str:
    return f"second {moment.at:.0f}: {moment.what}, {_seconds(moment.took)}" if moment else "nothing happened"


def _ended(m: Measured) -> str:
    if not m.ended:
        return "none before its time"
    codes = ", ".join(f"{count:,} with code {code}" for code, count in sorted(m.ended.items()))
    return f"{codes}; the longest absence took {_seconds(m.longest_absence)}"


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.2f} s"
