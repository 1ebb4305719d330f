"""A floor that shows something else than the portal measures nothing."""

import pytest

from bench import report
from bench.alike import Different, same_page
from bench.browser import Answer, Question

QUESTION = Question("/workspace/cases/?status=open")
ROW = '<tr><th><a href="/workspace/cases/26-00000{}-{}/">{}</a></th></tr>'


def test_same_cases_in_the_same_order_are_alike() -> None:
    same_page(QUESTION, _list(1, 2), _list(1, 2))


def test_another_order_is_not() -> None:
    with pytest.raises(Different, match="other cases"):
        same_page(QUESTION, _list(1, 2), _list(2, 1))


def test_another_next_page_is_not() -> None:
    with pytest.raises(Different, match="other cases"):
        same_page(QUESTION, _list(1, after="26-000001-5"), _list(1, after="26-000002-3"))


def test_another_entry_is_not() -> None:
    with pytest.raises(Different, match="other entries"):
        same_page(QUESTION, _page(_entry("Home visit")), _page(_entry("A call")))


def test_a_page_that_is_not_there_is_not() -> None:
    with pytest.raises(Different, match="answers 500"):
        same_page(QUESTION, _list(1), Answer(0.1, 500, b"", is_compressed=False))


def test_other_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    same_page(Question("/told"), _page("<p>12 cases</p>"), _page("<p>13 cases</p>"))
    assert "lacks “12”, has “13” beyond" in capsys.readouterr().err


def test_nearly_all_is_what_95_of_100_are_no_more_than() -> None:
    assert report.nearly_all([*range(1, 101)]) == 95


def _list(*cases: int, after: str = "") -> Answer:
    older = f'<nav><a href="/workspace/cases/?status=open&amp;after={after}">Older</a></nav>' if after else ""
    return _page("".join(ROW.format(case, case, case) for case in cases) + older)


def _entry(body: str) -> str:
    return f'<ol><li class="wh-entry"><header><b>Note</b></header><p class="wh-said">{body}</p><ul></ul></li></ol>'


def _page(main: str) -> Answer:
    return Answer(0.1, 200, f"<html><main>{main}</main></html>".encode(), is_compressed=False)
