"""The addresses of one's own data and ways in, and of what organisers do about people's data."""

from starlette.routing import BaseRoute, Route

from conference.people import own_address, security
from conference.privacy import manage, pages
from conference.stage_routes import BOTH, MANAGE

POST = ["POST"]


def privacy_routes() -> list[BaseRoute]:
    """Those under /sign-in must come before the links that would swallow them."""
    return [*_ways_in(), *_own_data(), *_organisers()]


def _ways_in() -> list[BaseRoute]:
    return [
        Route("/sign-in/password", security.password_sign_in, methods=BOTH, name="people:password_sign_in"),
        Route("/sign-in/again", security.sign_in_again, methods=BOTH, name="people:again"),
        Route("/me/security", security.security, name="people:security"),
        Route("/me/security/password", security.password, methods=POST, name="people:security_password"),
        Route("/me/security/password/removal", security.password_removal, methods=POST, name="people:password_removal"),
        Route("/me/security/devices/{device:uuid}/ending", security.device_ending, methods=POST, name="people:device_ending"),
        Route("/me/security/sign-out", security.everywhere, methods=POST, name="people:everywhere"),
        Route("/me/details/address", own_address.address, methods=BOTH, name="people:address"),
        Route("/me/address/{token}", own_address.address_link, methods=BOTH, name="people:address_link"),
    ]


def _own_data() -> list[BaseRoute]:
    return [
        Route("/me/data", pages.data, name="privacy:data"),
        Route("/me/data/export", pages.export, methods=POST, name="privacy:export"),
        Route("/me/data/consents/{event}", pages.consents, methods=POST, name="privacy:consents"),
        Route("/me/data/corrections", pages.corrections, methods=POST, name="privacy:corrections"),
        Route("/me/data/erasure", pages.erasure, methods=BOTH, name="privacy:erasure"),
    ]


def _organisers() -> list[BaseRoute]:
    here = MANAGE + "/processing"
    return [
        Route(here, manage.processing, name="privacy:processing"),
        Route(here + "/grounds/{purpose}", manage.ground, methods=POST, name="privacy:ground"),
        Route(here + "/requests/{asked:uuid}/answer", manage.answer, methods=POST, name="privacy:answer"),
        Route(here + "/requests/{asked:uuid}/credit-removal", manage.credit_removal, methods=POST, name="privacy:credit_removal"),
        Route(MANAGE + "/registrations/{registration:uuid}/erasure", manage.erasure, methods=BOTH, name="privacy:person_erasure"),
    ]
