"""Everything that the house gives to somebody who asks for all of it: by socket, by resumption, in pages, in what can be carried away."""

from collections.abc import Iterable

from tests.live.cast import World
from tests.live.roles import PLACES

RESUMED = (None, "0", "-1", "7")
PAGES = ("{stage}?sort=newest", "{stage}?mode=text", "{stage}/names.json", "/events/{event}", "/events/{event}/programme", "/", "/me")


async def everything(world: World, name: str | None) -> str:
    """Every byte of it; also of what should be refused."""
    return "\n".join([*await _by_socket(world, name), *await _in_pages(world, name)])


async def _by_socket(world: World, name: str | None) -> Iterable[str]:
    heard: list[str] = []
    for after in RESUMED:
        async with world.ear(name, after=after) as ear:
            await ear.say(type="ping", client_id="end")
            await ear.until("pong")
            heard += ear.heard
    return heard


async def _in_pages(world: World, name: str | None) -> Iterable[str]:
    addresses = (*PAGES, *(address for address, _ in PLACES.values()))
    here = {"stage": world.stage(), "event": world.cast.event.slug, "session": world.cast.session.slug}
    async with world.browser(name) as browser:
        return [(await browser.get(address.format(**here))).text for address in addresses]
