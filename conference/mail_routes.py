"""The addresses of mail: what each person wants, the way out of every mail, and the organisers' side."""

from starlette.routing import BaseRoute, Route

from conference.correspondence import desk, manage, pages
from conference.stage_routes import BOTH, MANAGE

MAIL = MANAGE + "/mail"


def mail_routes() -> list[BaseRoute]:
    example, circular = MAIL + "/templates/{template}", MAIL + "/circulars/{circular:uuid}"
    return [
        Route("/me/mail", pages.my_mail, methods=BOTH, name="mail:mine"),
        Route("/me/mail/address", pages.address_works, methods=["POST"], name="mail:address"),
        Route("/me/mail/{event}", pages.choices, methods=["POST"], name="mail:choices"),
        Route("/mail/stop/{token}", pages.stop, methods=BOTH, name="mail:stop"),
        Route(MAIL, manage.desk, name="mail:desk"),
        Route(MAIL + "/sender", manage.sender, methods=BOTH, name="mail:sender"),
        Route(MAIL + "/circulars", desk.circulars, methods=BOTH, name="mail:circulars"),
        Route(circular, desk.circular, methods=BOTH, name="mail:circular"),
        Route(circular + "/html", desk.circular_html, name="mail:circular_html"),
        Route(circular + "/test", desk.circular_test, methods=["POST"], name="mail:circular_test"),
        Route(circular + "/stopping", desk.circular_stopping, methods=["POST"], name="mail:circular_stopping"),
        Route(example, manage.preview, name="mail:preview"),
        Route(example + "/html", manage.preview_html, name="mail:preview_html"),
        Route(example + "/test", manage.test, methods=["POST"], name="mail:test"),
        Route(MAIL + "/{mail:uuid}/again", manage.again, methods=["POST"], name="mail:again"),
    ]
