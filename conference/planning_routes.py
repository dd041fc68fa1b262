"""The addresses of planning: the grid, what an event is furnished with, and copies of it."""

from starlette.routing import BaseRoute, Route

from conference.console import grid
from conference.stage_routes import MANAGE, PLANNED


def planning_routes() -> list[BaseRoute]:
    return [
        Route(MANAGE + "/grid", grid.grid, name="console:grid"),
        Route(PLANNED + "/moves", grid.moves, methods=["POST"], name="console:session_moves"),
    ]
