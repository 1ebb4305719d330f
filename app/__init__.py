"""Waharoa: one core, capabilities, and an audience for each kind of reader."""

import os
from datetime import datetime
from functools import partial
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import audiences, cli, rounds
from app.core import db, jobs
from app.core.web import answers, bodies, errors, gates, guards, headers, limits, logs
from app.core.web.templates import Environment
from app.everyone.kept import instead
from app.people.actions import touch_sign_in
from app.people.queries import actor_for
from app.people.sign_ins import former, other_role
from app.settings import Settings

ROOT = Path(__file__).parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """The application; refuses to start with unsafe settings or an unguarded route."""
    settings = settings or Settings.from_env(os.environ)
    app = Flask("app", root_path=str(ROOT / "app"), static_folder=None, template_folder=str(ROOT / "templates"))
    bodies.set_up(app)
    _configure(app, settings)
    logs.set_up(app, settings.log_level)
    db.set_up(app, settings.database_url)
    app.extensions["jobs"] = jobs.Jobs(
        app,
        settings.queue_file,
        database_url=settings.database_url,
        work=rounds.do_due,
        others={"letters": rounds.make_letters, "marks": rounds.take_marks},
        tidying=rounds.tidy,
    )
    headers.set_up(app)
    gates.set_up(app, actor_for, former)
    limits.set_up(app, settings)
    answers.set_up(app, audiences.NAVS, _touch)
    errors.set_up(app, other_role, instead)
    audiences.set_up(app)
    cli.set_up(app)
    guards.refuse_unguarded(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.jinja_environment = Environment
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=settings.session_cookie,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=bodies.TEXT_BYTES,
        MAX_FORM_MEMORY_SIZE=bodies.TEXT_BYTES,
    )
    loaders = [
        FileSystemLoader(ROOT / "templates"),
        PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
    ]
    app.jinja_env.loader = ChoiceLoader(loaders)
    app.wsgi_app = _with_static_files(app, settings)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _with_static_files(app: Flask, settings: Settings) -> WhiteNoise:
    return WhiteNoise(
        app.wsgi_app,
        root=ROOT / "static",
        prefix="static/",
        immutable_file_test=_is_hashed,
        add_headers_function=partial(_secure_static, is_https=settings.is_https),
    )


def _is_hashed(path: str, url: str) -> bool:
    return url.startswith("/static/built/")


def _secure_static(given: Headers, _path: str, _url: str, *, is_https: bool) -> None:
    for name, text in headers.lasting(is_https).items():
        given[name] = text


def _touch(sign_in_id: int, at: datetime) -> None:
    touch_sign_in(sign_in_id, at)
