"""Deciding many at once by the scores: those above the line, the next ones as reserves, and the others, each with a minuted reason."""

from dataclasses import dataclass
from datetime import datetime

from conference.calls.deciding import Plan, decide
from conference.calls.decision_tables import Verdict
from conference.calls.queries import definition_of, lock_call
from conference.calls.ranking import Ranked, ranked
from conference.calls.standings import given_away, in_the_running, no_part_in, scored_for, standing_decisions
from conference.calls.submission_tables import Submission
from conference.calls.tables import Call
from conference.errors import Conflict
from conference.people.tables import Person
from conference.storage.database import Db


@dataclass(frozen=True, slots=True)
class Rest:
    """What would be decided, best first; `by_hand` is left open: tied across the line or the reserve list's end, not scored, or over what
    is left. The order in which things came never tells equals apart.
    """

    accept: tuple[Ranked, ...]
    reserve: tuple[Ranked, ...]
    reject: tuple[Ranked, ...]
    by_hand: tuple[Ranked, ...]

    @property
    def numbers(self) -> str:
        """What somebody has read before they press: the same numbers in the same lists."""
        return ";".join(",".join(str(row.scored.number) for row in rows) for rows in (self.accept, self.reserve, self.reject))


async def rest_of(db: Db, call: Call, reserves: int, *, by: Person) -> Rest:
    """For everything open that `by` has a part in; `reserves`: how many of those below the line go on the reserve list."""
    definition = await definition_of(db, call)
    submissions = await in_the_running(db, call)
    ranking = ranked(definition.criteria, await scored_for(db, definition, submissions), places=call.places, budget_pence=call.budget_pence)
    decided, hidden = await standing_decisions(db, call.id), await no_part_in(db, call, by.id)
    rows = [row for row in ranking.rows if row.scored.submission_id not in decided and row.scored.submission_id not in hidden]
    unclear = [row for row in rows if row.score is None or row.scored.number in ranking.across]
    clear = [row for row in rows if row not in unclear]
    accept, over = await _that_fit(db, call, [row for row in clear if row.above])
    reserve, reject, split = _cut([row for row in clear if not row.above], reserves)
    return Rest(tuple(accept), tuple(reserve), tuple(reject), (*over, *split, *unclear))


async def decide_rest(
    db: Db, call: Call, reserves: int, reasons: dict[Verdict, str], seen: str, now: datetime, *, by: Person
) -> dict[Verdict, int]:
    """As it was read (`seen`: its numbers). Raises Conflict where that has changed since, Invalid."""
    locked = await lock_call(db, call.id)
    rest = await rest_of(db, locked, reserves, by=by)
    if rest.numbers != seen:
        raise Conflict("Scores or decisions have changed since you opened this page. Read it again before you decide.")
    with_money = await _gives_money(db, locked)
    for verdict, rows in ((Verdict.accepted, rest.accept), (Verdict.reserve, rest.reserve), (Verdict.rejected, rest.reject)):
        for row in rows:
            submission = await db.get(Submission, row.scored.submission_id)
            assert submission
            amount = row.scored.asked_pence if with_money and verdict is Verdict.accepted else None
            await decide(db, locked, submission, Plan(verdict, reasons[verdict], amount), now, by=by)
    return {Verdict.accepted: len(rest.accept), Verdict.reserve: len(rest.reserve), Verdict.rejected: len(rest.reject)}


def _cut(below: list[Ranked], reserves: int) -> tuple[list[Ranked], list[Ranked], list[Ranked]]:
    """Reserves, the others, and those who are tied where the one ends and the other begins."""
    if not 0 < reserves < len(below) or below[reserves - 1].score != below[reserves].score:
        return below[:reserves], below[reserves:], []
    tied = below[reserves].score
    return (
        [row for row in below[:reserves] if row.score != tied],
        [row for row in below[reserves:] if row.score != tied],
        [row for row in below if row.score == tied],
    )


async def _that_fit(db: Db, call: Call, rows: list[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
    """Decisions by hand may have taken some of what is left."""
    count, spent = await given_away(db, call.id)
    fit: list[Ranked] = []
    for index, row in enumerate(rows):
        asked = row.scored.asked_pence or 0
        full = call.places is not None and count >= call.places
        poor = call.budget_pence is not None and spent + asked > call.budget_pence
        if full or poor or (call.budget_pence is not None and not asked):
            return fit, rows[index:]
        count, spent = count + 1, spent + asked
        fit.append(row)
    return fit, []


async def _gives_money(db: Db, call: Call) -> bool:
    return call.budget_pence is not None or (await definition_of(db, call)).award is not None
