"""Who may do what with whose: every route, every kind of visitor, on what is somebody else's."""

from tests.privacy.applying import apply
from tests.privacy.around import take_part_around
from tests.privacy.cast import come, speak, take_part, talk_live
from tests.rights.matrix import OTHERS, ROLES, acts, answers_to, changed, everything_of, expected, filled_by, have_paper
from tests.speaking.cast import House


async def test_every_route_answers_everybody_as_the_table_says_and_nobody_changes_what_is_anothers(house: House) -> None:
    me = await come(house)
    await take_part(me)
    await talk_live(me)
    await speak(me)
    await take_part_around(me)
    await apply(me)
    await have_paper(me)
    filled, before, found = await filled_by(me), await everything_of(me), {}
    for who in ROLES:
        found[who] = await answers_to(me, house.settings, who, filled)
        if who in OTHERS:
            assert (who, changed(before, await everything_of(me))) == (who, [])
    lines = {act: [found[who][act] for who in ROLES] for act, _ in acts(house.settings)}
    assert lines == expected(), "a new route needs its line in tests/rights/matrix.txt: who may, and who may not"
