"""A person's way through the sign-in: from the portal's page to the other server and back."""

from dataclasses import dataclass, field

import requests
from werkzeug.test import TestResponse

from app.core.db import db
from app.people.models import RoleHeld, SignIn
from tests.signin.peers import path_of
from tests.support.client import Client


@dataclass
class Visit:
    """One browser: the client at the portal, the session at the sign-in server; it begins a sign-in and comes back."""

    client: Client
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.trust_env = False

    def leave_for(self, start: str = "/sign-in", **form: str) -> str:
        """The sign-in server's address the portal sends this browser to."""
        answer = self.client.fill(self.client.get(start), "Sign in", **form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def way_back(self, address: str, login: str = "") -> str:
        """Follow the sign-in server until it sends the browser back; its login page is filled in."""
        portal = self.client.application.extensions["settings"].public_url
        answer = self.browser.get(address, allow_redirects=False, timeout=10)
        while not (target := answer.headers.get("Location", "")).startswith(portal):
            if target:
                answer = self.browser.get(
                    requests.compat.urljoin(answer.url, target), allow_redirects=False, timeout=10
                )
            else:
                assert answer.ok, answer.text
                answer = self._log_in(answer.url, login)
        return path_of(target)

    def sign_in(self, login: str = "", start: str = "/sign-in", **form: str) -> TestResponse:
        """The portal's answer to the callback."""
        return self.client.get(self.way_back(self.leave_for(start, **form), login))

    def _log_in(self, address: str, login: str) -> requests.Response:
        form = {"prompt": "login", "login": login, "password": "any"}
        return self.browser.post(address, data=form, allow_redirects=False, timeout=10)


def sign_in_rows(client: Client) -> list[SignIn]:
    """Every sign-in there has been, oldest first, as it is now."""

    def read() -> list[SignIn]:
        rows = list(db.session.query(SignIn).order_by(SignIn.id))
        db.session.expunge_all()
        return rows

    found: list[SignIn] = client.outside(read)
    return found


def roles_held(client: Client) -> set[tuple[str, str]]:
    """Who holds which role now, by e-mail."""
    rows = client.outside(
        lambda: [(row.person.email, row.role.value) for row in db.session.query(RoleHeld).filter_by(ended_at=None)]
    )
    return set(rows)
