"""The checks that every page goes through find what they are for; what is dear is done once."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from tests.support import groups
from tests.support.client import outline
from tests.support.groups import group_of
from tests.support.markup import forms, page_problems, part_problems
from tests.support.settings import closed, settings_for

PAGE = """<!doctype html><html lang="en"><head><title>T</title><meta name="csrf" content="x"></head><body><main><h1>H</h1>{}</main>
</body></html>"""
SPOILT = {
    "<h1>Another</h1>": "2 <h1>, should be one",
    "<p id=a></p><p id=a></p>": "id a is there twice",
    "<input name=b>": "no label for <input b>",
    "<label for=c></label><input id=c name=c>": "no label for <input c>",
    "<form method=post action=/x></form>": "no csrf_token in the form to /x",
    "<p style='color:red'></p>": "<p> has style",
    "<button onclick='x()'></button>": "<button> has onclick",
    "<script>x()</script>": "inline <script>",
    "<style></style>": "inline <style>",
    "<a href='javascript:x()'></a>": "href=javascript:x()",
    "<img src=x>": "<img x> has no alt",
    "<div><p></div>": "</div> closes nothing that is open",
    "<div id=a class=b id=c></div>": "<div> has id twice",
}
FORM = """<form action="/there" method="post"><input type="hidden" name="once" value="k"><input name="name" value="Aroha">
<input type="checkbox" name="urgent" checked><input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
<textarea name="note">
Kia ora &amp; hello</textarea><select name="year"><option value="7">Seven<option value="8" selected>Eight</select>
<button name="do" value="save">Save  it</button></form>"""


def test_a_page_in_order_passes() -> None:
    assert not page_problems(PAGE.format("<label for=d>Name</label><input id=d name=d>"))


@pytest.mark.parametrize("spoilt", SPOILT)
def test_page_check_finds(spoilt: str) -> None:
    assert SPOILT[spoilt] in page_problems(PAGE.format(spoilt))


def test_a_page_like_one_in_order_is_in_order() -> None:
    """Each differently outlined page is looked at once: what is looked for is in the outline."""
    in_order = '<h1>H</h1><a href="/cases/10">Grace</a><label for="d1">D</label><input id="d1" name="d" value="one">'
    handed_on = ("/10", "/10?from=%2Fcases%2F"), ("/10", "/10?from=/portal/")
    assert len({outline(in_order.replace(*each)) for each in handed_on}) == 1
    for was, becomes in (("Grace", "Hēmi"), ("/10", "/11"), ('value="one"', 'value="two"')):
        assert outline(in_order.replace(was, becomes)) == outline(in_order)
    for was, becomes in (
        ("H<", "<"),
        (">D<", "> <"),
        ('for="d1"', 'for="d2"'),
        ("/cases/10", "javascript:x()"),
        ("/cases/10", "javascript:x=1"),
        ('value="one"', 'value="javascript:x()"'),
        ('value="one"', 'value=""'),
        ("Grace", "<script>x()</script>"),
    ):
        assert outline(in_order.replace(was, becomes)) != outline(in_order)


def test_part_is_not_a_page() -> None:
    assert not part_problems("<section id=x><p>Here</p></section>")
    assert "a part holds <main>" in part_problems("<main></main>")


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    (form,) = forms(FORM)
    assert (form.action, form.method) == ("/there", "post")
    assert form.values == {
        "once": ["k"],
        "name": ["Aroha"],
        "urgent": ["on"],
        "way": ["b"],
        "note": ["Kia ora & hello"],
        "year": ["8"],
    }
    assert form.buttons == [("Save it", "do", "save")]


def test_journeys_of_one_database_go_to_one_worker_and_other_tests_to_any() -> None:
    wide, narrow = "on-1280-sqlite", "off-360-postgresql"
    assert group_of(f"tests/journeys/test_a.py::test_a[{wide}]") == group_of(
        f"tests/journeys/test_b.py::test_b[{wide}]"
    )
    assert group_of(f"tests/journeys/test_a.py::test_a[{wide}]") != group_of(
        f"tests/journeys/test_a.py::test_a[{narrow}]"
    )
    assert group_of("tests/pages/test_a.py::test_a[sqlite]") != group_of("tests/pages/test_a.py::test_b[sqlite]")


def test_tests_are_shared_out_by_these_groups(pytestconfig: pytest.Config) -> None:
    asked = pytestconfig.hook.pytest_xdist_make_scheduler.get_hookimpls()
    assert groups.pytest_xdist_make_scheduler in [each.function for each in asked]


def test_templates_and_addresses_are_compiled_once_for_all_apps(tmp_path: Path) -> None:
    with ExitStack() as stack:
        apps = [stack.enter_context(closed(create_app(settings_for("sqlite://", tmp_path)))) for _ in range(2)]
    templates = [app.jinja_env.get_template("base.html").root_render_func for app in apps]
    builders: list[Any] = [next(app.url_map.iter_rules("portal.home"))._build for app in apps]
    assert templates[0].__code__ is templates[1].__code__
    assert builders[0].__func__ is builders[1].__func__
