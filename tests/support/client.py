"""A browser without JavaScript: each page it gets is checked, each GET that wrote is found out."""

import re
from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.db import db
from app.core.security import csrf_token, random_token
from app.people.actions import Limits, start_sign_in
from app.people.queries import roles_of
from tests.support import validator
from tests.support.markup import Form, forms, page_problems, part_problems
from tests.support.statements import Statements

MAY_WRITE = frozenset({"signin.callback"})
LEFT, ENDPOINT = "tests.left", "tests.endpoint"
ORIGINS = frozenset({"Origin", "Sec-Fetch-Site", "Referer"})  # any of them says where a POST came from
IN_THE_HEADER = {"/search", "/sign-out"}
NUMBERS = re.compile(r"(?<==)(?:[A-Za-z0-9_/.-]|%[0-9A-F]{2})+|[\w-]{20,}|[0-9]+")
"""And what a link hands on after a `?`: every page hands its own address to "Report a problem"."""
ALIKE = (
    (re.compile(r">\s+<"), "><"),
    (re.compile(r">[^<]+<"), ">words<"),
    (re.compile(r'(?<= )(value|content)="(?!\s*(?:js|javascript):)[^"]+"', re.IGNORECASE), r'\1="words"'),
    (
        re.compile(r'(?<= )(href|action|hx-get|hx-post)="([^"]+)"'),
        lambda found: f'{found[1]}="{NUMBERS.sub("#", found[2])}"',
    ),
)
"""What pages may differ in and be in order alike: what is said between tags, what is in fields, and which thing is linked."""
_in_order: set[int] = set()
"""The shapes of pages that were looked at."""
LIMITS = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))


class Client(FlaskClient):
    """Flask's client, with a person to be and forms to send."""

    person_id: int | None = None
    may_write = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements = Statements()

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send it; raises AssertionError for a page that is not in order or a GET that wrote.
        It runs outside the test's own app context, as a request of a real server does."""
        settings = self.application.extensions["settings"]
        kwargs.setdefault("base_url", settings.public_url)
        headers = dict(kwargs.pop("headers", None) or {})
        if kwargs.get("method") == "POST" and not ORIGINS & set(headers):
            headers["Origin"] = settings.public_url
        with self.statements.counted():
            response = Context().run(super().open, *args, headers=headers, **kwargs)
        if not self.may_write:
            _check_reading(response, self.statements)
        _check_markup(response)
        return response

    def sign_in(self, person: Any, role: str | None = None) -> "Client":
        """Be this person (row or id), in this role or the oldest they hold. The sign-in is a row like any other."""
        self.person_id = person if isinstance(person, int) else person.id
        token = self.outside(self._start_sign_in, role)
        with self.session_transaction(base_url=self.application.extensions["settings"].public_url) as session:
            session["token"] = token
        return self

    def sign_out(self) -> "Client":
        """Forget the cookie; the row stays."""
        self.person_id = None
        settings = self.application.extensions["settings"]
        self.delete_cookie(settings.session_cookie, domain=settings.host.partition(":")[0])
        return self

    def send(self, path: str, /, **values: Any) -> TestResponse:
        """POST these values with what every form carries: token and once-only key (give `once` to choose it)."""
        secret = self.application.extensions["settings"].secret_key
        token = csrf_token(secret, self.person_id) if self.person_id else ""
        return self.post(path, data={"csrf_token": token, "once": random_token(), **values})

    def fill(self, page: TestResponse, /, button: str = "", **values: Any) -> TestResponse:
        """Send the form of this page that has this button (by its words; else the first in main) with its present values
        but for those given; None leaves a value out."""
        form, pressed = _form_with(page, button)
        sent: dict[str, Any] = {**form.values, **pressed, **values}
        sent = {name: value for name, value in sent.items() if value is not None}
        target = urljoin(page.request.path, form.action) if form.action else page.request.full_path.rstrip("?")
        return self.post(target, data=sent) if form.method == "post" else self.get(target, query_string=sent)

    def outside(self, work: Callable[..., Any], *args: Any) -> Any:
        """Do this in an app context of its own, and commit."""

        def carried_out() -> Any:
            with self.application.app_context():
                result = work(*args)
                db.session.commit()
                return result

        return Context().run(carried_out)

    def _start_sign_in(self, role: str | None) -> str:
        assert self.person_id is not None
        held = [each for each in roles_of(self.person_id) if role in {None, each.role}]
        assert held, f"person {self.person_id} does not hold the role {role or '(any)'}"
        return start_sign_in(held[0], limits=LIMITS, issuer=self.application.extensions["settings"].oidc_issuer)


def watch(app: Flask) -> None:
    """Note rows that a request leaves changed but not written. Registered last, so it looks before the app rolls back."""

    @app.after_request
    def look(response: Any) -> Any:
        dirty = [*db.session.new, *db.session.deleted, *filter(db.session.is_modified, db.session.dirty)]
        request.environ[LEFT] = [f"left changed: {row!r}" for row in dirty]
        request.environ[ENDPOINT] = request.endpoint
        return response


def _check_reading(response: TestResponse, statements: Statements) -> None:
    """A GET leaves nothing changed and writes nothing, but through core.seen."""
    environ = response.request.environ
    if response.request.method not in {"GET", "HEAD"} or environ.get(ENDPOINT) in MAY_WRITE:
        return
    found = environ.get(LEFT, []) + [f"wrote: {text}" for text in statements.writes]
    assert not found, f"GET {response.request.path} " + "; ".join(found)


def _check_markup(response: TestResponse) -> None:
    is_page = response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400
    if not is_page:
        return
    html = response.get_data(as_text=True)
    shape = hash(outline(html))
    if shape in _in_order:
        return
    is_part = not re.match(r"\s*<!doctype", html, re.IGNORECASE)
    problems = part_problems(html) if is_part else page_problems(html)
    assert not problems, f"{response.request.method} {response.request.path}: " + "; ".join(problems)
    _in_order.add(shape)
    if not is_part:
        validator.keep(html, f"{response.request.path}-{response.status_code}")


def outline(html: str) -> str:
    """Its tags, with every id and name as it is."""
    for what, becomes in ALIKE:
        html = what.sub(becomes, html)
    return html


def _form_with(page: TestResponse, button: str) -> tuple[Form, dict[str, str]]:
    found = forms(page.get_data(as_text=True))
    for form in found:
        for words, name, value in form.buttons:
            if words == button or (not button and form.action not in IN_THE_HEADER):
                return form, {name: value} if name else {}
    there = [words for form in found for words, _, _ in form.buttons]
    raise AssertionError(f"no button “{button}” on {page.request.path}; there are {there}")
