"""Headers on every answer: nothing from elsewhere, nothing inline, nothing kept by the browser."""

from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from app.core.web.answers import compress


def set_up(app: Flask) -> None:
    app.after_request(compress)  # Flask runs the last registered first: this one comes last
    app.after_request(_secure)


def _secure(response: Response) -> Response:
    """A redirect that routing made (a missing slash) loses its host: behind a proxy its scheme would be wrong."""
    settings = current_app.extensions["settings"]
    headers = response.headers
    if response.location and response.location.startswith(request.host_url):
        headers["Location"] = "/" + response.location.removeprefix(request.host_url).lstrip("/")
    headers.setdefault("Content-Security-Policy", _policy(settings.oidc_issuer))  # a file brings its own
    headers.update(lasting(settings.is_https))
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["X-Waharoa"] = "1"
    headers["X-Request-Id"] = getattr(g, "request_id", "")
    if not request.path.startswith("/static/"):
        headers["Cache-Control"] = "no-store"
        response.vary.update(("Cookie", "HX-Request"))
    return response


def lasting(is_https: bool) -> dict[str, str]:
    """What static files carry too."""
    strict = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if is_https else {}
    return {"X-Content-Type-Options": "nosniff", **strict}


def _policy(issuer: str) -> str:
    """`form-action` names the sign-in server too, or browsers block the redirect that a sign-in form leads to."""
    server = urlsplit(issuer)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self' {server.scheme}://{server.netloc}; frame-ancestors 'none'; base-uri 'none'"
    )
