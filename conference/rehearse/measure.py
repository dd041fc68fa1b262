"""What a crowd went through, as the report's numbers."""

from collections.abc import Mapping

from conference.rehearse.crowd import Crowd
from conference.rehearse.report import Measured, latency_of
from conference.rehearse.truth import Kept


def measured(crowd: Crowd, event: str, heads: Mapping[str, int], untrue: int, kept: Kept) -> Measured:
    """`heads`: where each log stands; what nobody could read counts as heard."""
    ledger, present = crowd.ledger, crowd.present
    hearings = [(robot.hearing, heads.get(robot.log, 0)) for robot in present]
    return Measured(
        event=event,
        audience=len(crowd.audience),
        seconds=crowd.plan.seconds,
        joined=len(present),
        not_let_in=dict(ledger.not_let_in),
        delivered=sum(hearing.delivered for hearing, _ in hearings),
        lost=sum(hearing.lost(head) for hearing, head in hearings),
        duplicated=sum(hearing.duplicated for hearing, _ in hearings),
        out_of_order=sum(hearing.out_of_order for hearing, _ in hearings),
        skipped=sum(hearing.skipped for hearing, _ in hearings),
        acknowledged=dict(ledger.acknowledged),
        unanswered=sum(len(robot.pending) for robot in crowd.robots),
        refused=dict(ledger.refused),
        line=latency_of(ledger.line),
        vote=latency_of(ledger.vote),
        total=latency_of(ledger.total),
        slowest=ledger.slowest,
        ended=dict(ledger.ended),
        longest_absence=ledger.longest_absence,
        lag=ledger.lag,
        sampled=len([robot for robot in crowd.sample if robot in present]),
        untrue=untrue,
        votes_missing=kept.missing,
        votes_twice=kept.twice,
        unknown=dict(ledger.unknown),
    )
