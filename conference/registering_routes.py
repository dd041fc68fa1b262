"""The addresses of registering: the form and its organisers' side, the interest list, places handed on and taken for a group."""

from starlette.routing import BaseRoute, Route

from conference.registration import form_manage, form_pages, group_pages, handing_pages, interest_pages, question_manage
from conference.stage_routes import BOTH, EVENT, MANAGE

POST = ["POST"]
MINE = EVENT + "/registration"


def registering_routes() -> list[BaseRoute]:
    return [*_own_routes(), *_interest_routes(), *_organisers_routes()]


def _own_routes() -> list[BaseRoute]:
    offered, group = EVENT + "/offered-places/{token}", MINE + "/group"
    return [
        Route(MINE + "/answers", form_pages.answers, methods=BOTH, name="registration:answers"),
        Route(MINE + "/kind", form_pages.kind_change, methods=BOTH, name="registration:kind_change"),
        Route(MINE + "/transfer", handing_pages.transfer, methods=BOTH, name="registration:transfer"),
        Route(MINE + "/transfer/withdrawal", handing_pages.transfer_withdrawal, methods=POST, name="registration:transfer_withdrawal"),
        Route(offered, handing_pages.offered, methods=BOTH, name="registration:offered"),
        Route(offered + "/decline", handing_pages.declining, methods=POST, name="registration:declining"),
        Route(group, group_pages.group, methods=BOTH, name="registration:group"),
        Route(group + "/names", group_pages.names, methods=BOTH, name="registration:group_names"),
        Route(
            group + "/names/{invitation:uuid}/withdrawal", group_pages.name_withdrawal, methods=POST, name="registration:name_withdrawal"
        ),
        Route(group + "/ending", group_pages.ending, methods=POST, name="registration:group_ending"),
    ]


def _interest_routes() -> list[BaseRoute]:
    """`leaving` comes before the token that would swallow it."""
    interest = EVENT + "/interest"
    return [
        Route(interest, interest_pages.interest, methods=POST, name="registration:interest"),
        Route(interest + "/leaving", interest_pages.own_leaving, methods=POST, name="registration:own_leaving"),
        Route(interest + "/{token}", interest_pages.confirmation, methods=BOTH, name="registration:interest_confirmation"),
        Route(interest + "/{token}/leaving", interest_pages.leaving, methods=BOTH, name="registration:interest_leaving"),
    ]


def _organisers_routes() -> list[BaseRoute]:
    form = MANAGE + "/form"
    question = form + "/questions/{question:uuid}"
    return [
        Route(form, form_manage.form, name="registration:form"),
        Route(form + "/questions", form_manage.questions, methods=BOTH, name="registration:questions"),
        Route(form + "/terms", form_manage.terms, methods=BOTH, name="registration:terms"),
        Route(form + "/eligibility", form_manage.eligibility, methods=BOTH, name="registration:eligibility"),
        Route(form + "/choices", form_manage.choices, methods=BOTH, name="registration:choices"),
        Route(question, question_manage.question, methods=BOTH, name="registration:question"),
        Route(question + "/retirement", question_manage.retirement, methods=POST, name="registration:question_retirement"),
        Route(question + "/position", question_manage.position, methods=POST, name="registration:question_position"),
    ]
