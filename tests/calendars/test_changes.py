"""Every kind of change to a programme, in every kind of feed, as four readers that didn't write it understand it before and after."""

from datetime import UTC, datetime

from conference.programme.tables import SessionType
from tests.calendars.cast import ILLP, WI, House
from tests.calendars.organiser import Act, Organiser
from tests.ics.readers import Read, read_by_all

TALK = "keynote-eman-bushulaibi"
FEEDS = {
    "programme": WI,
    "track": "/events/wi-2021/tracks/plenary.ics",
    "type": f"{WI}?type=keynote",
    "day": f"{WI}?venue=online&day=2021-06-25",
    "session": f"/events/wi-2021/sessions/{TALK}.ics",
    "speaker": "/events/wi-2021/speakers/eman-bushulaibi.ics",
    "other track": "/events/wi-2021/tracks/building-bridges.ics",
    "other event": ILLP,
}
ALL = ("programme", "track", "type", "day", "session", "speaker", "own")
HERE, GONE = "CONFIRMED", "CANCELLED"
Expected = dict[str, tuple[int, str]]  # by feed: how far SEQUENCE moved, and the status now


def each(moved: int, status: str, *but: str) -> Expected:
    return {feed: (moved, status) for feed in ALL if feed not in but}


async def test_each_change_is_told_in_each_feed_and_nothing_else_is(house: House) -> None:
    organiser = Organiser(house, TALK)
    earlier = datetime(2021, 6, 25, 9, 20, tzinfo=UTC)
    steps: list[tuple[Act, Expected]] = [
        (organiser.draft, {}),
        (organiser.change(starts_at=earlier), each(1, HERE)),
        (organiser.change(room_id="second-stage"), each(1, HERE)),
        (organiser.change(join_url="https://elsewhere.example/room"), each(1, HERE)),
        (organiser.change(title="A keynote"), each(0, HERE)),
        (organiser.change(track_id="collaboration"), each(0, HERE, "track") | {"track": (1, GONE)}),
        (organiser.undo, each(0, HERE, "track") | {"track": (1, HERE)}),
        (organiser.change(type=SessionType.panel), each(0, HERE, "type") | {"type": (1, GONE)}),
        (organiser.silence, each(0, HERE, "type", "speaker", "own") | {"type": (0, GONE), "speaker": (1, GONE), "own": (1, HERE)}),
        (organiser.undo, each(0, HERE, "type", "speaker", "own") | {"type": (0, GONE), "speaker": (1, HERE), "own": (1, HERE)}),
        (organiser.cancel, each(1, GONE)),
        (organiser.restore, each(1, HERE, "type") | {"type": (1, GONE)}),
        (organiser.add, {"programme": (0, "new"), "track": (0, "new"), "type": (0, "new"), "day": (0, "new"), "own": (0, "new")}),
    ]
    addresses = FEEDS | {"own": await house.secret_path(await house.delegate("Amara"))}
    shots = [{name: await house.feed(path) for name, path in addresses.items()}]
    for act, _ in steps:
        await organiser.do(act)
        shots.append({name: await house.feed(path) for name, path in addresses.items()})
    bodies = list(dict.fromkeys(feed for shot in shots for feed in shot.values()))
    read = dict(zip(bodies, ({event.uid: event for event in events} for events in read_by_all(bodies)), strict=True))
    talk = f"{(await house.session(TALK)).session.id}@conference.invalid"
    for (act, expected), before, after in zip(steps, shots, shots[1:], strict=False):
        changed = [name for name in addresses if before[name] != after[name]]
        told = {name: told_of(talk, read[before[name]], read[after[name]]) for name in changed}
        assert (act, told) == (act, expected)


def told_of(talk: str, before: dict[str, Read], after: dict[str, Read]) -> tuple[int, str]:
    """What a feed that changed says of the talk, or that there is a new session; of the others it says what it said."""
    others = before.keys() - {talk}
    assert {uid: after[uid] for uid in others} == {uid: before[uid] for uid in others}
    if new := after.keys() - before.keys():
        assert [after[uid].summary for uid in new] == ["Added"]
        return 0, "new"
    return after[talk].sequence - before[talk].sequence, after[talk].status
