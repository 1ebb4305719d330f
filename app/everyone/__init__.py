"""Pages for everybody who is signed in, whatever their audience."""

from flask import Flask

from app.everyone import kept, notifications  # noqa: F401  (the imports add their pages to it)
from app.everyone.blueprint import bp


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)
