"""Signing in through the organisation's own sign-in server (A1, A3 to A5); the only room that knows OpenID Connect."""

from flask import Flask

from app.signin import extension
from app.signin.account import account
from app.signin.leaving import leaving
from app.signin.pages import signin
from app.signin.turned import outside


def set_up(app: Flask) -> None:
    """Raises `RolesFileFault` when roles.toml is not in order."""
    extension.set_up(app)
    for pages in (signin, outside, leaving, account):
        app.register_blueprint(pages)
