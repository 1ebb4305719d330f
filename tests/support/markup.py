"""What must be true of every page and part, whatever is on it; and the forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

from werkzeug.test import TestResponse

EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TYPED_IN = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}


@dataclass(eq=False)
class Element:
    """An element with its attributes, what encloses it (outermost first) and its text."""

    tag: str
    attributes: dict[str, str]
    within: tuple["Element", ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def is_within(self, tag: str) -> bool:
        return any(element.tag == tag for element in self.within)


@dataclass
class Form:
    """A form and what a browser would send if its button were pressed now."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # words, name, value


class Markup(HTMLParser):
    """A parsed page: its elements in order, and what is wrong with how they are nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.problems: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.problems += [f"<{element.tag}> is never closed" for element in self._open if element.tag != "p"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.problems += [
            f"<{tag}> has {name} twice" for name in {n for n, _ in attrs} if [n for n, _ in attrs].count(name) > 1
        ]
        self.elements.append(element)
        if tag not in EMPTY:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes nothing that is open")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def own(self, *tags: str) -> list[Element]:
        """Of the page itself: a picture in it has a title too."""
        return [element for element in self.all(*tags) if not element.is_within("svg")]


@lru_cache(maxsize=8)
def parsed(html: str) -> Markup:
    """Each page is asked for its problems, its shape and its forms, and parsed once."""
    return Markup(html)


def page_problems(html: str) -> list[str]:
    """Of a whole page."""
    markup = parsed(html)
    found = markup.problems + _part_problems(markup)
    found += [
        f"{len(markup.own(tag))} <{tag}>, should be one" for tag in ("h1", "title", "main") if len(markup.own(tag)) != 1
    ]
    found += [f"empty <{element.tag}>" for element in markup.all("h1", "title") if not element.text.strip()]
    found += ["<html> has no lang"] if not any(element.get("lang") for element in markup.all("html")) else []
    return found


def part_problems(html: str) -> list[str]:
    """Of a part that htmx asked for: a piece of a page, never a whole one."""
    markup = parsed(html)
    found = markup.problems + _part_problems(markup)
    return found + [f"a part holds <{element.tag}>" for element in markup.own("html", "title", "main")]


def forms(html: str) -> list[Form]:
    """Every form of the page with its present values, buttons apart."""
    found: list[Form] = []
    markup = parsed(html)
    for form in markup.all("form"):
        found.append(Form(form.get("action"), form.get("method").lower() or "get"))
        inside = [
            e for e in markup.elements if form in e.within or (form.get("id") and e.get("form") == form.get("id"))
        ]
        for element in inside:
            _fill(found[-1], element, markup)
    return found


def _fill(form: Form, element: Element, markup: Markup) -> None:
    name, kind = element.get("name"), element.get("type").lower()
    if element.tag == "button" and kind in {"", "submit"}:
        form.buttons.append((" ".join(element.text.split()), name, element.get("value")))
    elif not name or "disabled" in element.attributes:
        return
    elif element.tag == "input" and (kind not in {"checkbox", "radio"} or "checked" in element.attributes):
        form.values.setdefault(name, []).append(
            element.attributes.get("value", "on" if kind in {"checkbox", "radio"} else "")
        )
    elif element.tag == "textarea":
        form.values.setdefault(name, []).append(element.text.removeprefix("\n"))
    elif element.tag == "select":
        options = [option for option in markup.all("option") if element in option.within]
        chosen = [option for option in options if "selected" in option.attributes] or options[:1]
        form.values.setdefault(name, []).extend(option.attributes.get("value", option.text) for option in chosen)


def _part_problems(markup: Markup) -> list[str]:
    ids = [element.get("id") for element in markup.elements if element.get("id")]
    found = [f"id {each} is there twice" for each in sorted({each for each in ids if ids.count(each) > 1})]
    found += [problem for element in markup.elements for problem in _inline_problems(element)]
    found += [f"no label for {_named(field)}" for field in markup.all(*TYPED_IN) if not _has_label(field, markup)]
    found += _unsigned_forms(markup)
    return found + [
        f"<img {element.get('src')}> has no alt" for element in markup.all("img") if "alt" not in element.attributes
    ]


def _inline_problems(element: Element) -> list[str]:
    """What the content security policy forbids."""
    found = [
        f"<{element.tag}> has {name}"
        for name in element.attributes
        if name == "style" or name.startswith(("on", "hx-on"))
    ]
    if element.tag == "style" or (element.tag == "script" and "src" not in element.attributes):
        found.append(f"inline <{element.tag}>")
    return found + [
        f"{name}={value}"
        for name, value in element.attributes.items()
        if value.strip().lower().startswith(("javascript:", "js:"))
    ]


def _has_label(field: Element, markup: Markup) -> bool:
    if field.get("type").lower() in NEEDS_NO_LABEL or field.get("aria-label") or field.get("aria-labelledby"):
        return True
    return field.is_within("label") or (
        bool(field.get("id"))
        and any(label.get("for") == field.get("id") and label.text.strip() for label in markup.all("label"))
    )


def _unsigned_forms(markup: Markup) -> list[str]:
    """Who is signed in sends the token with each form; before signing in there is no person it could belong to."""
    signed_in = any(meta.get("name") == "csrf" for meta in markup.all("meta"))
    posts = [form for form in markup.all("form") if form.get("method").lower() == "post"]
    tokens = [field for field in markup.all("input") if field.get("name") == "csrf_token" and field.get("value")]
    return [
        f"no csrf_token in the form to {form.get('action') or 'here'}"
        for form in posts
        if signed_in and not any(form in token.within for token in tokens)
    ]


def _named(field: Element) -> str:
    return f"<{field.tag} {field.get('name') or field.get('id')}>"


def words(page: TestResponse) -> str:
    """A page with its entities as letters, and what is isolated from its neighbours as it stands beside them."""
    return unescape(page.text.replace("<bdi>", "").replace("</bdi>", ""))
