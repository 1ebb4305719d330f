"""What the people of the load send is what a browser would send of the same form."""

from io import BytesIO

from werkzeug.formparser import parse_form_data

from bench.visitor import Form, Page

PAGE = """
<form method="post" action="/sign-out"><input type="hidden" name="csrf_token" value="other"></form>
<form method="post" action="/cases/1/comments" enctype="multipart/form-data" data-saves="/cases/1/comments/unsent" id="note">
<input type="hidden" name="once" value="a&amp;b"><input type="checkbox" name="urgent" value="y">
<input type="checkbox" name="shared" value="y" checked><input type="radio" name="who" value="1">
<textarea name="body">
Kua tae mai.
</textarea><input type="file" name="files"><select name="year"><option value="1">1</option><option value="2" selected>2</option>
</select><button name="audience" value="shared">Add</button></form><p>after</p>
"""
SENT = {"once": "a&b", "shared": "y", "body": "Kua tae mai.\n", "year": "2"}


def form() -> Form:
    (found,) = Page("/cases/1/", PAGE).forms("/cases/1/comments")
    return found


def test_a_form_has_what_a_browser_would_send_of_it() -> None:
    assert form() == Form("/cases/1/comments", "/cases/1/comments/unsent", SENT, has_files=True)


def test_what_is_sent_is_read_as_it_was_meant() -> None:
    for has_files in (True, False):
        kind, body = Form("", "", {**SENT, "name": "Māui & “Ng”"}, has_files).body()
        assert _read(kind, body.encode()) == {**SENT, "name": "Māui & “Ng”"}, kind


def _read(kind: str, body: bytes) -> dict[str, str]:
    environ = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    return parse_form_data({**environ, "REQUEST_METHOD": "POST"})[1].to_dict()
