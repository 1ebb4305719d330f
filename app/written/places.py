"""Where the pages of this room lead: to the audience that asked."""

from flask import request

from app.cases.queries import CaseHead


def case_address(head: CaseHead) -> str:
    return f"/{request.blueprint}/cases/{head.number}/"


def people_address() -> str:
    return f"/{request.blueprint}/people/"
