"""The demonstration's web side: sign-in and mail in one small Flask app."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from demo.grants import Client, Server
from demo.mail import MailBox, mail
from demo.provider import provider
from demo.settings import DemoSettings

COOKIE = "demo_provider"


def create_pages(settings: DemoSettings) -> Flask:
    site = Flask("demo", template_folder="templates", static_folder="static")
    site.config.update(
        SECRET_KEY=secrets.token_hex(32),
        SESSION_COOKIE_NAME=COOKIE,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=[urlsplit(settings.address).hostname],
        MAX_CONTENT_LENGTH=64 * 1024,
        PORTAL=settings.portal,
    )
    client = Client(
        settings.client_id,
        settings.client_secret,
        callback=f"{settings.portal}/sign-in/callback",
        after_sign_out=f"{settings.portal}/signed-out",
    )
    site.extensions["provider"] = Server(client, settings.address)
    site.extensions["provider"].init_app(site)
    site.extensions["mail_box"] = MailBox(settings.folder / "mail")
    site.register_blueprint(provider)
    site.register_blueprint(mail)
    site.add_url_rule("/", view_func=front)
    site.after_request(_guarded)
    site.register_error_handler(404, _missing)
    site.context_processor(lambda: {"portal": settings.portal})
    return site


def front() -> AnyResponse:
    return redirect(url_for("mail.listed"))


def _missing(_error: Exception) -> tuple[str, int]:
    return render_template("demo/refused.html", why="There is no such page here."), 404


def _guarded(response: Response) -> Response:
    portal = current_app.config["PORTAL"]
    policy = (
        f"default-src 'none'; style-src 'self'; form-action 'self' {portal}; frame-ancestors 'none'; base-uri 'none'"
    )
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if "text/html" in response.content_type:
        response.headers["Cache-Control"] = "no-store"
    return response
