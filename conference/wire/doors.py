"""How many sockets may be open at once: of one person, from one address, in one process."""

from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any
from uuid import UUID

from conference.errors import Refusal, TooMany


class Full(Refusal):
    """This process can't take more; another one, or a later moment, may."""

    status = 503
    code = "busy"


@dataclass(frozen=True, slots=True)
class Key:
    """What was counted for one socket."""

    person_id: UUID | None
    network: str | None


class Doors:
    """Counts the sockets of this process. `address` None is not counted by address: a rehearsal's robots come from one machine."""

    def __init__(self, per_person: int, per_address: int, in_all: int) -> None:
        self.per_person, self.per_address, self.in_all = per_person, per_address, in_all
        self._people: Counter[UUID] = Counter()
        self._networks: Counter[str] = Counter()
        self._open = 0

    def take(self, person_id: UUID | None, address: str | None) -> Key:
        """Count one more; give the key back when it closes. Raises TooMany or Full."""
        network = network_of(address) if address else None
        if self._open >= self.in_all:
            raise Full("Very many people are here right now. The page goes on without the live line; it tries again by itself.")
        if person_id and self._people[person_id] >= self.per_person:
            raise TooMany(f"You have this open in {self.per_person} places already. Close some of them and load the page again.")
        if network and self._networks[network] >= self.per_address:
            raise TooMany("Too many live lines come from your network. The page works without one; load it again for what is new.")
        self._open += 1
        if person_id:
            self._people[person_id] += 1
        if network:
            self._networks[network] += 1
        return Key(person_id, network)

    def give_back(self, key: Key) -> None:
        self._open -= 1
        for counts, counted in ((self._people, key.person_id), (self._networks, key.network)):
            if counted is not None:
                count_down(counts, counted)


def network_of(address: str) -> str:
    """What one household or office shares: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(IPv6Address(int(known) >> 64 << 64))


def count_down(counts: Counter[Any], counted: object) -> None:
    """One less; what is at nothing is forgotten."""
    counts[counted] -= 1
    if counts[counted] <= 0:
        del counts[counted]
