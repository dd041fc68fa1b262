"""How many sockets may be open at once: whatever comes and goes, the counts are right, and zero in the end."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.errors import TooMany
from conference.wire.doors import Doors, Full, Key, network_of

PER_PERSON, PER_ADDRESS, IN_ALL = 2, 3, 6
PEOPLE = [None, *map(UUID, ("0" * 31 + "1", "0" * 31 + "2", "0" * 31 + "3"))]
ADDRESSES = [None, "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "not an address"]
COMES = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ADDRESSES))
GOES = st.integers(0, 100)


@given(st.lists(st.one_of(COMES, COMES, GOES), max_size=80))
def test_whatever_comes_and_goes_the_counts_are_right_and_zero_in_the_end(moves: list[tuple[UUID | None, str | None] | int]) -> None:
    doors, inside = Doors(PER_PERSON, PER_ADDRESS, IN_ALL), list[Key]()
    for move in moves:
        if isinstance(move, int):
            if inside:
                doors.give_back(inside.pop(move % len(inside)))
            continue
        person_id, address = move
        people, networks = Counter(key.person_id for key in inside), Counter(key.network for key in inside)
        network = network_of(address) if address else None
        refusal = (
            Full
            if len(inside) >= IN_ALL
            else TooMany
            if (person_id and people[person_id] >= PER_PERSON) or (network and networks[network] >= PER_ADDRESS)
            else None
        )
        if refusal:
            with pytest.raises(refusal):
                doors.take(person_id, address)
        else:
            inside.append(doors.take(person_id, address))
    for key in inside:
        doors.give_back(key)
    assert (doors._open, doors._people, doors._networks) == (0, Counter(), Counter())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),  # the same house, by a socket for both kinds
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::1", "127.0.0.1", False),
    ],
)
def test_who_shares_a_network(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_what_is_refused_says_what_to_do_and_that_nothing_else_is_lost() -> None:
    doors, person = Doors(1, 1, 2), PEOPLE[1]
    doors.take(person, "192.0.2.1")
    with pytest.raises(TooMany, match="in 1 places already") as of_person:
        doors.take(person, "192.0.2.9")
    with pytest.raises(TooMany, match="The page works without one") as of_network:
        doors.take(None, "192.0.2.1")
    doors.take(None, None)
    with pytest.raises(Full, match="goes on without the live line") as of_house:
        doors.take(None, None)
    assert [refused.value.status for refused in (of_person, of_network, of_house)] == [429, 429, 503]
