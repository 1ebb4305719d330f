"""A form that arrives after its sender's sign-in has ended: who sends it, and what is kept of it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core.db import db
from app.core.kept import KeptForm
from app.core.security import csrf_token, random_token
from app.people import actions
from tests.support.client import Client

WORDS = "We rang on Monday: nobody home, the dog was in."
ORIGIN = {"Origin": "http://localhost:8000"}
BY_SCRIPT = {**ORIGIN, "HX-Request": "true"}


def signed_out(client: Client, person: Any) -> Client:
    """This person was signed in in this browser, which still has its cookie, and the sign-in has ended."""
    client.sign_in(person.person_id)
    client.outside(actions.end_sign_ins_of, person.person_id)
    return client


def token_of(client: Client, person: Any) -> str:
    return csrf_token(client.application.extensions["settings"].secret_key, person.person_id)


def rows(client: Client) -> list[KeptForm]:
    def read() -> list[KeptForm]:
        found = list(db.session.scalars(select(KeptForm).order_by(KeptForm.id)))
        db.session.expunge_all()
        return found

    made: list[KeptForm] = client.outside(read)
    return made


def changed(client: Client, change: Callable[[KeptForm], None]) -> None:
    """Somebody changes the row in the database."""
    client.outside(lambda: change(db.session.scalars(select(KeptForm)).one()))


def sent(client: Client, path: str, person: Any, **values: str) -> TestResponse:
    """The form of a page of this person arrives."""
    headers = {**ORIGIN, "Referer": f"http://localhost:8000{path.removesuffix('comments')}"}
    form = {"csrf_token": token_of(client, person), "once": random_token(), "body": WORDS, **values}
    return client.post(path, data=form, headers=headers)


def told(answer: TestResponse) -> str:
    return unquote(answer.headers["X-Tell"])
