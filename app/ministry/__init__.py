"""What the Ministry's teams see."""

from flask import Flask, request

from app import written
from app.core.web.answers import NavItem
from app.ministry import transfers  # noqa: F401  (the import adds its pages)
from app.ministry.blueprint import bp
from app.people.models import Role
from app.people.queries import Actor

written.add_people_pages(bp)
written.add_match_pages(bp)


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)


def nav(actor: Actor) -> list[NavItem]:
    """The navigation of the Ministry; transfers and matches are the investigators’."""
    here = request.path
    theirs = [
        NavItem("Transfers", "/ministry/transfers/", here.startswith("/ministry/transfers/")),
        NavItem("Likely matches", "/ministry/matches/", here == "/ministry/matches/"),
    ]
    return [
        *(theirs if actor.role is Role.INVESTIGATOR else ()),
        NavItem("People", "/ministry/people/", here.startswith("/ministry/people/")),
        NavItem("Notifications", "/notifications/", here == "/notifications/", actor.unread),
    ]
