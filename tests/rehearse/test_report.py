"""What a rehearsal's figures say, and when they say that tomorrow will hold."""

from dataclasses import replace

import pytest

from conference.rehearse.report import Latency, Measured, Moment, failures, latency_of, report

GOOD = Measured(
    event="A day for libraries",
    audience=2000,
    seconds=60,
    joined=2001,
    delivered=52_026,
    acknowledged={"ask": 20, "upvote": 4000, "approve": 20, "mark_answered": 6},
    line=Latency(52_000, 0.02, 0.12, 0.3),
    vote=Latency(4000, 0.015, 0.09, 0.2),
    total=Latency(4000, 0.11, 0.2, 0.31),
    slowest=Moment(23.4, "a question was approved, and the last of 2,001 heard of it", 0.3),
    lag=0.004,
    sampled=21,
)


def test_a_latency_is_one_that_was_measured() -> None:
    assert latency_of([]) == Latency()
    assert latency_of([0.3]) == Latency(1, 0.3, 0.3, 0.3)
    assert latency_of([number / 1000 for number in range(100, 0, -1)]) == Latency(100, 0.05, 0.099, 0.1)
    assert latency_of([0.1] * 98 + [5.0, 6.0]) == Latency(100, 0.1, 5.0, 6.0)


def test_when_everything_arrived_in_time_tomorrow_will_hold() -> None:
    assert failures(GOOD) == []
    assert report(GOOD).splitlines()[-1] == (
        "Tomorrow will hold: nothing was lost, nothing came twice, and 99 of 100 were served within a second."
    )


def test_the_report_gives_every_figure() -> None:
    assert report(GOOD).splitlines()[:16] == [
        "Rehearsal of A day for libraries: 2,000 robots for 60 seconds",
        "",
        "  Joined        2,001 of 2,001 robots, one of them the moderator",
        "  Lines         52,026 expected, 52,026 delivered",
        "  Lost          0",
        "  Duplicated    0",
        "  Out of order  0",
        "  Commands      6 answers, 20 approvals, 20 questions, 4,000 votes acknowledged; 0 unanswered; refused: none",
        "  Kept          4,000 of the acknowledged votes, 0 counted twice",
        "  Screens       21 of 21 sampled robots see what a fresh snapshot says",
        "  A line        p50 20 ms, p99 120 ms, worst 300 ms from the moderator’s hand to a robot (52,000 times)",
        "  A vote        p50 15 ms, p99 90 ms, worst 200 ms until it is acknowledged (4,000 times)",
        "  A total       p50 110 ms, p99 200 ms, worst 310 ms until the voter sees it counted (4,000 times)",
        "  Slowest       second 23: a question was approved, and the last of 2,001 heard of it, 300 ms",
        "  Lines ended   none before its time",
        "  Robots’ lag   4 ms at worst",
    ]


@pytest.mark.parametrize(
    ("wrong", "begins"),
    [
        ({"joined": 1990, "not_let_in": {"status 429": 40}}, "11 robots could not join (answers: 40 status 429)."),
        ({"lost": 3}, "3 lines never arrived."),
        ({"duplicated": 1}, "1 lines came twice and 0 out of order."),
        ({"out_of_order": 2}, "0 lines came twice and 2 out of order."),
        ({"votes_missing": 1}, "1 acknowledged votes are not kept, 0 are counted twice."),
        ({"votes_twice": 1}, "0 acknowledged votes are not kept, 1 are counted twice."),
        ({"unanswered": 5}, "5 commands were never answered."),
        ({"untrue": 2}, "2 of 21 screens differ from a fresh snapshot. This is a fault of ours"),
        ({"untrue": 2, "lost": 1}, "1 lines never arrived."),
        ({"line": Latency(9, 0.1, 1.2, 1.3)}, "A line took 1.20 s at p99, more than 1.00 s. Look at what the server’s"),
        ({"vote": Latency(9, 0.1, 1.2, 1.3)}, "A vote’s answer took 1.20 s at p99"),
        ({"line": Latency()}, "No line was measured"),
    ],
)
def test_each_thing_that_failed_is_named_with_where_to_look(wrong: dict[str, object], begins: str) -> None:
    measured = replace(GOOD, **wrong)  # type: ignore[arg-type]
    found = failures(measured)
    assert found[0].startswith(begins)
    assert report(measured).endswith(
        "\n".join(["Tomorrow will NOT hold, as far as this shows:", *(f"  - {sentence}" for sentence in found)])
    )


def test_robots_that_were_too_slow_themselves_say_that_their_times_are_upper_bounds() -> None:
    slow = replace(GOOD, lag=0.5, line=Latency(9, 0.1, 1.2, 1.3))
    assert "  Robots’ lag   500 ms at worst: their process was too slow, so these times are upper bounds" in report(slow).splitlines()
    assert failures(slow) == [
        "A line took 1.20 s at p99, more than 1.00 s. "
        "The robots’ own process was late too: rehearse from another machine before you believe it."
    ]


def test_lines_that_ended_and_came_back_are_told_by_their_code() -> None:
    cut = replace(GOOD, ended={1012: 40, 1006: 2}, longest_absence=3.25, skipped=7, unknown={"weather": 1}, refused={"too_many": 2})
    told = report(cut).splitlines()
    assert told[14] == "  Lines ended   2 with code 1006, 40 with code 1012; the longest absence took 3.25 s"
    assert told[3] == "  Lines         52,026 expected, 52,026 delivered; 7 more were told by a fresh snapshot"
    assert told[16] == "  Not known     messages of types that robots don’t know: 1 weather"
    assert failures(cut) == []
    assert failures(replace(cut, vote=Latency(9, 0.1, 1.2, 1.3))) == [
        "A vote’s answer took 1.20 s at p99, more than 1.00 s. 42 lines were cut meanwhile: find out first why."
    ]
