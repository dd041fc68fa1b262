"""The address where whoever waits in a long line looks again."""

from starlette.routing import BaseRoute, Route

from conference.record import waiting


def waiting_routes() -> list[BaseRoute]:
    return [Route("/waiting/{ticket}", waiting.waiting, name=waiting.NAME)]
