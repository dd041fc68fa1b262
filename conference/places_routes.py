"""The addresses of turns on waiting lists, and of the pools behind them."""

from starlette.routing import BaseRoute, Route

from conference.registration import kind_desk, own_turn, pool_desk
from conference.stage_routes import BOTH, EVENT, MANAGE, SESSION

POST = ["POST"]


def places_routes() -> list[BaseRoute]:
    return [*_turn_routes(EVENT, "place"), *_turn_routes(SESSION, "seat"), *_organisers_routes()]


def _turn_routes(of_what: str, name: str) -> list[BaseRoute]:
    turn = of_what + "/turn"
    return [
        Route(turn, own_turn.turn, name=f"registration:{name}_turn"),
        Route(turn + "/acceptance", own_turn.acceptance, methods=POST, name=f"registration:{name}_acceptance"),
        Route(turn + "/refusal", own_turn.refusal, methods=POST, name=f"registration:{name}_refusal"),
        Route(turn + "/departure", own_turn.departure, methods=POST, name=f"registration:{name}_departure"),
    ]


def _organisers_routes() -> list[BaseRoute]:
    pool = MANAGE + "/pools/{pool:uuid}"
    return [
        Route(MANAGE + "/pools", pool_desk.pools, methods=BOTH, name="registration:pools"),
        Route(MANAGE + "/kinds", kind_desk.kinds, methods=BOTH, name="registration:kinds"),
        Route(MANAGE + "/kinds/{kind}/limit", kind_desk.kind_limit, methods=POST, name="registration:kind_limit"),
        Route(pool, pool_desk.pool, methods=BOTH, name="registration:pool"),
        Route(pool + "/held-back", pool_desk.held_back, methods=POST, name="registration:held_back"),
        Route(pool + "/held-back/{held:uuid}/ending", pool_desk.held_back_ending, methods=POST, name="registration:held_back_ending"),
        Route(pool + "/deletion", pool_desk.deletion, methods=BOTH, name="registration:pool_deletion"),
    ]
