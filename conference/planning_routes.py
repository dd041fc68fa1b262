"""The addresses of planning: the grid, what an event is furnished with, and copies of it."""

from functools import partial

from starlette.routing import BaseRoute, Route

from conference.console import copying, details, furniture, grid, key_dates
from conference.console.furniture_kinds import KINDS
from conference.stage_routes import BOTH, MANAGE, PLANNED


def planning_routes() -> list[BaseRoute]:
    return [
        Route(MANAGE + "/grid", grid.grid, name="console:grid"),
        Route(PLANNED + "/moves", grid.moves, methods=["POST"], name="console:session_moves"),
        Route(MANAGE + "/details", details.details, methods=BOTH, name="console:details"),
        Route(MANAGE + "/key-dates", key_dates.key_dates, methods=BOTH, name="console:key_dates"),
        Route(MANAGE + "/key-dates/{date}", key_dates.key_date, methods=BOTH, name="console:key_date"),
        Route(MANAGE + "/copy", copying.copy, methods=BOTH, name="console:copy"),
        Route(MANAGE + "/copied/{source}", copying.copied, name="console:copied"),
        *_furniture_routes(),
    ]


def _furniture_routes() -> list[BaseRoute]:
    """Rooms, tracks, speakers, venues: console:rooms, console:room, console:room_removal, and so on."""
    made: list[BaseRoute] = []
    for kind in KINDS:
        here = f"{MANAGE}/{kind.plural}"
        made += [
            Route(here, partial(furniture.pieces, kind), methods=BOTH, name=f"console:{kind.plural}"),
            Route(here + "/{piece}", partial(furniture.piece, kind), methods=BOTH, name=f"console:{kind.word}"),
            Route(here + "/{piece}/removal", partial(furniture.removal, kind), methods=["POST"], name=f"console:{kind.word}_removal"),
        ]
    return made
