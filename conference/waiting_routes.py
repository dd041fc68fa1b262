"""The address where whoever waits in a long line looks again."""

from starlette.routing import BaseRoute, Route

from conference.record import line_page


def waiting_routes() -> list[BaseRoute]:
    return [Route("/waiting/{ticket}", line_page.waiting, name=line_page.NAME)]
