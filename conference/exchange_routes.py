"""The addresses of what is carried between programmes: schedule files for apps, and the organisers' import."""

from starlette.routing import BaseRoute, Route

from conference.calendars import interchange
from conference.stage_routes import EVENT


def exchange_routes() -> list[BaseRoute]:
    return [
        Route(EVENT + "/schedule.xml", interchange.schedule_xml, name="exchange:schedule_xml"),
        Route(EVENT + "/schedule.json", interchange.schedule_json, name="exchange:schedule_json"),
    ]
