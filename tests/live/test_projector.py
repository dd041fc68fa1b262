"""A hall's screen: what it chooses, how large, how one joins; and nothing that not everybody may see."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from conference.live.poll_tables import PollKind
from conference.live.projecting import CAPTION_STANDS, LINGERS, projected, size_of
from conference.live.rules import MAX_TEXT
from conference.live.state import PollFacts, QuestionFacts, Run, StageState, Words
from tests.live.cast import World
from tests.live.hall import act, ask, bring_speaker, poll

NOW = datetime(2021, 6, 25, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def question(number: int, votes: int = 0, *, approved: bool = True, **facts: object) -> QuestionFacts:
    known = {"person_id": UUID(int=99), "text": f"Question {number}?", "author": "Ada", "anonymous": False, "asked_at": NOW - MINUTE}
    known |= {"id": UUID(int=number), "votes": votes, "approved_at": NOW if approved else None}
    return QuestionFacts(**{**known, **facts})  # type: ignore[arg-type]


def a_poll(number: int, **facts: object) -> PollFacts:
    known = {
        "person_id": UUID(int=99),
        "kind": PollKind.single,
        "prompt": f"Poll {number}?",
        "options": ("Yes", "No"),
        "live_results": False,
    }
    known |= {"id": UUID(int=number), "drafted_at": NOW - MINUTE, "opened_at": NOW - MINUTE}
    return PollFacts(**{**known, **facts})  # type: ignore[arg-type]


def stage(
    *questions: QuestionFacts, polls: tuple[PollFacts, ...] = (), pinned: int | None = None, captions: tuple[Words, ...] = ()
) -> StageState:
    return StageState(
        questions={each.id: each for each in questions},
        polls={each.id: each for each in polls},
        captions=captions,
        run=Run(pinned_id=UUID(int=pinned) if pinned else None),
    )


def test_the_pinned_question_has_the_screen_and_else_the_three_with_most_votes() -> None:
    several = [question(number, votes) for number, votes in ((1, 0), (2, 5), (3, 2), (4, 7))]
    waiting, done = question(5, 9, approved=False), question(6, 9, answered_at=NOW)
    top = projected(stage(*several, waiting, done), (), NOW)
    assert (top.pinned, [each.text for each in top.top]) == (None, ["Question 4?", "Question 2?", "Question 3?"])
    pinned = projected(stage(*several, waiting, done, pinned=1), (), NOW)
    assert (pinned.pinned and pinned.pinned.text, pinned.top) == ("Question 1?", ())
    answered = projected(stage(*several, done, pinned=6), (), NOW)
    assert answered.pinned
    assert answered.pinned.text == "Question 6?"


@pytest.mark.parametrize(
    "facts",
    [{"approved": False}, {"withdrawn_at": NOW}, {"merged_at": NOW}, {"archived_at": NOW}, {"dismissed_at": NOW, "approved": False}],
)
def test_what_is_not_on_the_stage_is_not_on_the_screen_even_when_it_was_pinned(facts: dict[str, object]) -> None:
    shown = projected(stage(question(1, **facts), pinned=1), (), NOW)  # type: ignore[arg-type]
    assert (shown.pinned, shown.top) == (None, ())


def test_who_asked_anonymously_has_no_name_there() -> None:
    assert [each.author for each in projected(stage(question(1, anonymous=True), question(2)), (), NOW).top] == ["Anonymous", "Ada"]


def test_a_poll_is_shown_while_it_is_open_or_was_just_closed() -> None:
    draft, closed = a_poll(1, opened_at=None), a_poll(2, closed_at=NOW - MINUTE)
    long_ago, archived = a_poll(3, closed_at=NOW - LINGERS), a_poll(4, closed_at=NOW, archived_at=NOW)
    shown = projected(stage(polls=(draft, closed, long_ago, archived)), (), NOW)
    assert (shown.chart and shown.chart.prompt, shown.lingers_until) == ("Poll 2?", NOW - MINUTE + LINGERS)
    now_open = projected(stage(polls=(draft, a_poll(5), closed)), (), NOW)
    assert (now_open.chart and now_open.chart.prompt, now_open.lingers_until) == ("Poll 5?", None)
    assert projected(stage(polls=(draft, long_ago, archived)), (), NOW).chart is None


def test_a_caption_goes_when_nothing_follows() -> None:
    captions = (Words(id=UUID(int=1), text="First.", at=NOW), Words(id=UUID(int=2), text="Last.", at=NOW))
    moments = (NOW, NOW + CAPTION_STANDS)
    assert [projected(stage(captions=captions), (), at).caption for at in moments] == ["Last.", ""]


def test_type_gets_smaller_by_steps() -> None:
    lengths = (1, 60, 61, 120, 121, 220, 350, 351, MAX_TEXT)
    assert [size_of("x" * length) for length in lengths] == [1, 1, 2, 2, 3, 3, 4, 5, 5]
    assert size_of("図" * 31) == 2


async def test_anybody_may_look_and_sees_public_things_only(world: World) -> None:
    await bring_speaker(world)
    await ask(world, "Waiting?", approved=False)
    await ask(world, "Shown?", anonymous=True)
    await poll(world, "A draft?", opened=False)
    await act(world, "moderator", "give_cue", text="Five minutes.")
    pages = {}
    for name in (None, "stranger", "speaker", "moderator"):
        async with world.browser(name) as browser:
            answer = await browser.get(world.stage() + "/projector")
            pages[name] = answer.text
        assert (answer.status_code, "Shown?" in answer.text) == (200, True)
        assert [secret for secret in ("Waiting?", "A draft?", "Five minutes.", "Asker in Nairobi") if secret in answer.text] == []
    same = {re.sub(r'data-now="[^"]*"', "", page) for page in pages.values()}
    assert len(same) == 1  # whoever is signed in at the hall's machine: nothing of theirs is shown


async def test_the_code_is_of_the_house_s_own_address_and_needs_no_style(world: World) -> None:
    async with world.browser() as browser:
        page = (await browser.get(world.stage() + "/projector")).text
        drawn = await browser.get(world.stage() + "/join.svg", headers={"Host": "evil.example"})
    assert f'src="{world.stage()}/join.svg"' in page
    address = re.search(r'class="hall__address">(.*?)</p>', page)
    assert address
    assert address[1].replace("<wbr>", "") == world.house.settings.base_url.split("://")[1] + world.stage()
    assert (drawn.headers["content-type"], "style" in drawn.text, "evil" in drawn.text) == ("image/svg+xml", False, False)
    assert drawn.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')


async def test_a_session_without_a_stage_has_no_screen(world: World) -> None:
    async with world.browser() as browser:
        assert (await browser.get("/events/wi/sessions/none/stage/projector")).status_code == 404
        assert (await browser.get("/events/wi/sessions/none/stage/join.svg")).status_code == 404
