"""Sign-ins under way: each once, a few at a time, not for ever; and only own addresses to return to."""

from typing import Any

import pytest

from app.core.web.parts import own_path
from app.signin.attempts import AT_ONCE, begin, take


def test_an_attempt_is_taken_once():
    session: dict[str, Any] = {}
    begun = begin(session, next_path="/portal/", is_shared=True)
    assert take(session, begun.state) == begun
    assert take(session, begun.state) is None


def test_an_unknown_or_empty_state_takes_nothing():
    session: dict[str, Any] = {}
    begin(session, next_path="", is_shared=False)
    assert take(session, "") is None
    assert take(session, "another") is None
    assert take({}, "") is None


def test_two_windows_each_have_their_own():
    session: dict[str, Any] = {}
    one, other = (begin(session, next_path=path, is_shared=False) for path in ("/a", "/b"))
    assert take(session, other.state) == other
    assert take(session, one.state) == one


def test_only_the_latest_few_are_kept():
    session: dict[str, Any] = {}
    begun = [begin(session, next_path="", is_shared=False) for _ in range(AT_ONCE + 1)]
    assert take(session, begun[0].state) is None
    assert take(session, begun[1].state) == begun[1]


def test_an_attempt_lasts_a_quarter_of_an_hour(clock):
    session: dict[str, Any] = {}
    one, other = (begin(session, next_path="", is_shared=False) for _ in range(2))
    clock.shift(900)
    assert take(session, one.state) == one
    clock.shift(1)
    assert take(session, other.state) is None


@pytest.mark.parametrize(
    "path", ["/portal/", "/workspace/cases/26-004217-7?page=2", "/a//b", "/?next=http://x.example"]
)
def test_own_paths_are_kept(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "portal",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\tx",
        "/\n/evil.example",
        " /portal/",
        "/" + "a" * 300,
    ],
)
def test_other_addresses_are_dropped(path):
    assert own_path(path) == ""
