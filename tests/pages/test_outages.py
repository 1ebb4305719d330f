"""What cannot be kept just now: the words, and the form that can be sent again as it was."""

import sqlite3
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask, request
from psycopg import errors
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.web.answers import done
from app.core.web.guards import needs, open_to
from app.core.web.writes import Sent
from app.people.models import Person
from tests import make
from tests.support.client import Client

TYPED = "Kia ora <b>“all”</b>\r\n& a second line"
FULL = "There is no room left to save anything"
GONE = "The portal is busy or its database cannot be reached"
OFFERED = 'action="/breaks'
Cause = Callable[[], BaseException]


def full_sqlite() -> BaseException:
    """What SQLite itself raises when its file may not grow."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.execute("PRAGMA max_page_count = 1")
        connection.execute("CREATE TABLE t (a)")
    except sqlite3.OperationalError as error:
        return error
    finally:
        connection.close()
    raise AssertionError


class Breaks:
    """Whoever asks for /breaks first finds the database in this state; what came is noted, but for its line ends."""

    def __init__(self, app: Flask) -> None:
        self.sent: list[dict[str, str]] = []
        self._causes: list[BaseException] = []
        app.add_url_rule("/breaks", view_func=open_to()(self._view), methods=["GET", "POST"])

    def first(self, cause: BaseException) -> None:
        self._causes.append(cause)

    def _view(self) -> Response:
        sent = {**request.form.to_dict(), "query": request.query_string.decode()}
        self.sent.append({name: "\n".join(text.splitlines()) for name, text in sent.items()})
        if self._causes:
            raise OperationalError("INSERT", {}, self._causes.pop())
        return done("Kept", "/account")


@pytest.fixture
def breaks(app: Flask, client: Client) -> Breaks:
    client.sign_in(client.outside(lambda: make.world().tom.person_id))
    return Breaks(app)


@pytest.mark.parametrize(
    ("cause", "heading"), [(full_sqlite, FULL), (errors.DiskFull, FULL), (errors.AdminShutdown, GONE)]
)
def test_what_was_typed_stays_on_the_page_and_can_be_sent_again(
    client: Client, breaks: Breaks, cause: Cause, heading: str
) -> None:
    breaks.first(cause())
    answer = client.send("/breaks?from=here", body=TYPED)
    assert answer.status_code == 503
    assert heading in answer.text
    assert "What was saved before is safe." in answer.text
    assert "What you typed is kept on this page." in answer.text
    assert OFFERED in answer.text
    assert "<b>" not in answer.text
    again = client.fill(answer, "Send it again")
    assert (again.status_code, again.location) == (303, "/account")
    (first, second) = breaks.sent
    assert first == second
    assert TYPED.splitlines() == first["body"].splitlines()


def test_a_page_that_cannot_be_shown_offers_nothing_to_send(client: Client, breaks: Breaks) -> None:
    breaks.first(errors.AdminShutdown())
    answer = client.get("/breaks")
    assert answer.status_code == 503
    assert "Nothing that was saved is lost." in answer.text
    assert OFFERED not in answer.text


def test_a_part_that_cannot_be_kept_says_so_on_the_page_that_stays(client: Client, breaks: Breaks) -> None:
    breaks.first(full_sqlite())
    client.environ_base["HTTP_HX_REQUEST"] = "true"
    answer = client.send("/breaks", body=TYPED)
    assert answer.status_code == 503
    assert "no%20room%20left" in answer.headers["X-Tell"]
    assert answer.headers["HX-Reswap"] == "none"


def test_chosen_files_are_not_sent_again_without_their_person(app: Flask, client: Client) -> None:
    """They would be missing: the browser's way back keeps them."""
    client.sign_in(client.outside(lambda: make.world().tom.person_id))

    def can_break(_actor: object, _thing: object) -> bool:
        return True

    def view(_thing: object) -> Response:
        raise OperationalError("INSERT", {}, full_sqlite())

    rule = needs(can_break, on=lambda _actor: db.session.get(Person, 1), sent=Sent.FILES)
    app.add_url_rule("/breaks", view_func=rule(view), methods=["POST"])
    answer = client.send("/breaks", body=TYPED, files=(BytesIO(b"words"), "words.txt"))
    assert answer.status_code == 503
    assert "Look whether your files are still chosen" in answer.text
    assert OFFERED not in answer.text


def test_nobody_is_offered_what_carried_no_token(app: Flask, client: Client) -> None:
    def view() -> Response:
        raise OperationalError("SELECT", {}, errors.AdminShutdown())

    view.rule = "open to machines"  # type: ignore[attr-defined]
    app.add_url_rule("/breaks", view_func=view, methods=["POST"])
    answer = client.post("/breaks", data={"body": TYPED})
    assert answer.status_code == 503
    assert OFFERED not in answer.text
