"""The addresses of what is carried between programmes: schedule files for apps, and the organisers' import."""

from starlette.routing import BaseRoute, Route

from conference.calendars import interchange
from conference.console import importing
from conference.stage_routes import BOTH, EVENT, MANAGE


def exchange_routes() -> list[BaseRoute]:
    return [
        Route(EVENT + "/schedule.xml", interchange.schedule_xml, name="exchange:schedule_xml"),
        Route(EVENT + "/schedule.json", interchange.schedule_json, name="exchange:schedule_json"),
        Route(MANAGE + "/import", importing.import_programme, methods=BOTH, name="console:import"),
        Route(MANAGE + "/import/confirmation", importing.confirmation, methods=["POST"], name="console:import_confirmation"),
        Route(MANAGE + "/import/template.csv", importing.template_csv, name="console:import_template_csv"),
        Route(MANAGE + "/import/template.xlsx", importing.template_xlsx, name="console:import_template_xlsx"),
        Route(MANAGE + "/programme.csv", importing.programme_csv, name="console:programme_csv"),
        Route(MANAGE + "/programme.xlsx", importing.programme_xlsx, name="console:programme_xlsx"),
    ]
