"""The addresses of papers: certificates, booklets, invoices, and the page on which anyone can verify one."""

from starlette.routing import BaseRoute, Route

from conference.papers import invoice_desk, manage, pages, verifying
from conference.stage_routes import BOTH, EVENT, MANAGE

POST = ["POST"]


def papers_routes() -> list[BaseRoute]:
    return [*_open_routes(), *_own_routes(), *_organisers_routes()]


def _open_routes() -> list[BaseRoute]:
    return [
        Route("/verify", verifying.verify, name="papers:verify"),
        Route("/verify/{paper}", verifying.verified, name="papers:verified"),
        Route(EVENT + "/programme.pdf", pages.booklet, name="papers:booklet"),
    ]


def _own_routes() -> list[BaseRoute]:
    return [
        Route("/me/papers", pages.my_papers, name="papers:mine"),
        Route("/me/papers/{paper}.pdf", pages.my_paper, name="papers:my_paper"),
        Route(EVENT + "/certificate", pages.certificate, methods=BOTH, name="papers:certificate"),
    ]


def _organisers_routes() -> list[BaseRoute]:
    paper, invoice = MANAGE + "/papers/{paper:uuid}", MANAGE + "/invoices/{invoice:uuid}"
    return [
        Route(MANAGE + "/papers", manage.papers, methods=BOTH, name="papers:manage"),
        Route(paper + ".pdf", manage.paper_pdf, name="papers:paper"),
        Route(paper + "/revocation", manage.revocation, methods=BOTH, name="papers:revocation"),
        Route(MANAGE + "/certificates", manage.certificates, methods=BOTH, name="papers:certificates"),
        Route(MANAGE + "/invoices", invoice_desk.invoices, methods=BOTH, name="papers:invoices"),
        Route(invoice + "/payment", invoice_desk.payment, methods=POST, name="papers:payment"),
        Route(invoice + "/voiding", invoice_desk.voiding, methods=BOTH, name="papers:voiding"),
    ]
