"""The addresses of the roll, of what is done for several people at once, of exports, figures and hours."""

from starlette.routing import BaseRoute, Route

from conference.console import acts, exporting, figures, registration, registrations
from conference.stage_routes import BOTH, MANAGE

POST = ["POST"]


def registrar_routes() -> list[BaseRoute]:
    roll = MANAGE + "/registrations"
    return [
        Route(roll, registrations.registrations, name="registration:registrations"),
        Route(roll + "/acts", acts.acts, methods=POST, name="console:acts"),
        Route(roll + "/acts/execution", acts.execution, methods=POST, name="console:act_execution"),
        Route(roll + "/acts/{report:uuid}", acts.report, name="console:act_report"),
        Route(roll + "/export", exporting.export, methods=BOTH, name="console:export"),
        Route(roll + "/{registration:uuid}", registration.registration, name="console:registration"),
        Route(MANAGE + "/figures", figures.figures, name="console:figures"),
        Route(MANAGE + "/figures/{figure}.svg", figures.figure, name="console:figure"),
        Route(MANAGE + "/hours", figures.hours, name="console:hours"),
    ]
