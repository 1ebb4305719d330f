"""What a school sees."""

from flask import Flask, request

from app.core.web.answers import NavItem
from app.people.queries import Actor
from app.portal import cases, home, referrals
from app.portal.blueprint import bp


def set_up(app: Flask) -> None:
    for page in (home, referrals, cases):
        assert page.bp is bp
    app.register_blueprint(bp)


def nav(actor: Actor) -> list[NavItem]:
    """The navigation of the school portal."""
    here = request.path
    return [
        NavItem("Home", "/portal/", here == "/portal/"),
        NavItem("Requests", "/portal/referrals/", here.startswith("/portal/referrals/")),
        NavItem("Cases", "/portal/cases/", here.startswith("/portal/cases/")),
        NavItem("Notifications", "/notifications/", here == "/notifications/", actor.unread),
    ]
