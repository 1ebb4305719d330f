"""Pages for everybody who is signed in, whatever their audience."""

from flask import Flask

from app.everyone import notifications
from app.everyone.blueprint import bp


def set_up(app: Flask) -> None:
    assert notifications.bp is bp
    app.register_blueprint(bp)
