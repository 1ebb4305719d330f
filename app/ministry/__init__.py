"""What the Ministry's teams see."""

from flask import Flask, request

from app import written
from app.core.web.answers import NavItem
from app.ministry.blueprint import bp
from app.people.queries import Actor

written.add_people_pages(bp)


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)


def nav(actor: Actor) -> list[NavItem]:
    """The navigation of the Ministry."""
    here = request.path
    return [
        NavItem("People", "/ministry/people/", here.startswith("/ministry/people/")),
        NavItem("Notifications", "/notifications/", here == "/notifications/", actor.unread),
    ]
