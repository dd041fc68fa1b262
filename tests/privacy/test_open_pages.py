"""Pages that are open while somebody signs out everywhere or is erased: cut, or told who asked now. Nobody reads the name again."""

import time
from pathlib import Path

from conference.wire.codes import SIGNED_OUT
from tests.live.cast import open_house

CUT_WITHIN = 5.0  # seconds


async def test_signing_out_everywhere_cuts_all_sockets_and_an_erasure_tells_the_others_at_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as world:
        name = world.cast.people["asker"].name
        await world.ask_and_approve("May I go?", 1)
        async with world.ear("voter") as voter, world.browser("voter") as browser:
            await voter.opened()
            began = time.monotonic()
            assert (await browser.post("/me/security/sign-out")).headers["location"] == "/"
            assert await voter.close_code() == SIGNED_OUT.code
            assert time.monotonic() - began < CUT_WITHIN
        async with world.ear("asker") as gone, world.ear() as anybody, world.browser("asker") as browser:
            await gone.opened()
            opened = await anybody.opened()
            assert [question["author"] for question in opened["questions"]] == [name]
            began = time.monotonic()
            done = await browser.post("/me/data/erasure", data={"words": "stay", "sure": "yes"})
            assert (done.status_code, done.headers["location"]) == (303, "/")
            changed = await anybody.until("question_changed")
            assert (changed["act"], changed["question"]["author"]) == ("forgotten", "A delegate")
            assert await gone.close_code() == SIGNED_OUT.code
            assert time.monotonic() - began < CUT_WITHIN
        async with world.ear(after="0") as back:
            heard = [await back.next() for _ in range(4)]
            assert [each["type"] for each in heard] == ["welcome", "resumed", "question_approved", "question_changed"]
            assert name not in "".join(back.heard)
