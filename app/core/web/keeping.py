"""A form that arrives after its sender's sign-in has ended: kept for that person, and for nobody else
(`docs/decisions/0008`)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app, g, request, session
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser

from app.core import kept
from app.core.db import db
from app.core.figures import the_figures
from app.core.security import csrf_person
from app.core.web.bodies import TEXT_BYTES, Counted, patient
from app.core.web.echo import has_text
from app.core.web.guards import declared_sent
from app.core.web.writes import TECHNICAL, Sent, kept_keys, refuse_nul, texts

NOT_WORTH_KEEPING = ("/account/", "/kept/")


class Former(Protocol):
    """Whose sign-in it was that has ended."""

    @property
    def person_id(self) -> int: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def organisation_name(self) -> str: ...


LoadFormer = Callable[[str], Former | None]
Came = tuple[MultiDict[str, str], list[str]]


class Again(NamedTuple):
    """A form as it was sent, with its once-only key, and the names of its files."""

    address: str
    fields: list[tuple[str, str]]
    files: list[str]


def set_up(app: Flask, load_former: LoadFormer) -> None:
    app.extensions["load_former"] = load_former


def keep_sent() -> bool:
    """Is what was sent kept now? Only where the browser's cookie is of a sign-in that has ended and the form's own token
    of the same person. Files are read past, never kept."""
    former = _former()
    if former is None or request.path.startswith(NOT_WORTH_KEEPING):
        return False
    form, files = _sent()
    is_theirs = _token_owner(form) == former.person_id
    return is_theirs and has_text(form.items(multi=True)) and _keep(former, form, files)


def to_send_again() -> Again | None:
    """The form of whoever is unknown, where it stood on a page of ours: nothing is kept of it here, but it can be shown again
    in the browser that has just sent it. Its files have to be chosen again."""
    form, files = _sent()
    if _token_owner(form) is None or not has_text(form.items(multi=True)):
        return None
    return Again(request.full_path.rstrip("?"), list(form.items(multi=True)), files)


def came_from() -> str:
    """The page of ours that a form stood on, where it can be opened again."""
    page = urlsplit(request.headers.get("Referer", ""))
    adapter = current_app.create_url_adapter(request)
    is_own = f"{page.scheme}://{page.netloc}" == current_app.extensions["settings"].public_url
    if not is_own or adapter is None or not adapter.test(unquote(page.path), "GET"):
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


def _former() -> Former | None:
    token = session.get("token")
    found: Former | None = current_app.extensions["load_former"](token) if token else None
    return found


def _token_owner(form: MultiDict[str, str]) -> int | None:
    return csrf_person(_secret(), request.headers.get("X-CSRF-Token") or form.get("csrf_token", ""))


def _sent() -> Came:
    """What came, read once; nothing where it is too much, or no form."""
    if "unknown_sent" not in g:
        try:
            g.unknown_sent = _read()
        except HTTPException:
            g.unknown_sent = MultiDict(), []
    found: Came = g.unknown_sent
    refuse_nul(texts(found[0]))
    return found


def _read() -> Came:
    """The fields, and the names of the files that came with them."""
    if declared_sent().may_have_files:
        request.max_content_length = the_figures().largest_form + TEXT_BYTES
    passed: list[_Nowhere] = []
    parser = FormDataParser(
        stream_factory=lambda *_, **__: _begun(passed),
        max_form_memory_size=request.max_form_memory_size,
        max_form_parts=request.max_form_parts,
    )
    body: Any = Counted(request.stream, passed)
    with patient(request.environ):
        _, form, files = parser.parse(body, request.mimetype, request.content_length, request.mimetype_params)
    return form, [file.filename for _, file in files.items(multi=True) if file.filename]


def _keep(former: Former, form: MultiDict[str, str], files: list[str]) -> bool:
    typed = kept.Typed(
        organisation_id=former.organisation_id,
        organisation=former.organisation_name,
        fields=tuple(form.items(multi=True)),
        files=tuple(files),
        query=request.query_string.decode(errors="replace"),
        page=came_from(),
    )
    key, *others = kept_keys(form, declared_sent())
    whose = former.person_id
    try:
        return kept.keep(
            typed,
            person_id=whose,
            key=key,
            path=request.path,
            secret=_secret(),
            instead_of=others,
            unless=_perhaps_sent(form),
        )
    except DBAPIError:
        db.session.rollback()
        return False


def _perhaps_sent(form: MultiDict[str, str]) -> tuple[str, list[kept.Field]]:
    """What a page saves by itself is not kept where its button sent the same a moment before, word for word."""
    once = form.get("once", "")[:64]
    if declared_sent() is not Sent.REPEATS or form.get("page"):
        return "", []
    return once, [(name, text) for name, text in form.items(multi=True) if name not in TECHNICAL]


def _secret() -> str:
    secret: str = current_app.extensions["settings"].secret_key
    return secret


class _Nowhere(BytesIO):
    """Where the bytes of a file go that is not kept."""

    size = 0

    def write(self, data: Any, /) -> int:
        self.size += len(data)
        return len(data)


def _begun(passed: list[_Nowhere]) -> _Nowhere:
    passed.append(_Nowhere())
    return passed[-1]
