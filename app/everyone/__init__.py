"""Pages for everybody who is signed in, whatever their audience."""

from flask import Flask

from app.cases.search.policy import can_find
from app.core.web import echo
from app.everyone import (  # noqa: F401  (the imports add their pages to it)
    announcements,
    calendar,
    guides,
    kept,
    known_issues,
    notifications,
    privacy,
    problems,
    search,
    sign_ins,
    telling,
)
from app.everyone.blueprint import bp
from app.everyone.typed_words import said


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)
    echo.set_up(app, said)
    app.jinja_env.globals["can_find"] = can_find
    app.jinja_env.globals.update(problem_url=problems.problem_url, help_here=guides.help_here)
