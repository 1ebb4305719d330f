"""What rooms above show in the header of a case at a service: a column each, which costs no statement of its own."""

from typing import Any

from app.people.models import Kind
from app.people.queries import Actor

_columns: list[Any] = []


def readers_of(head: Any) -> str:
    """Who reads what a service shares on this case: every school that sees it, by name (SHARE-1). Where none does by now, the
    one that asked, or whichever comes."""
    *others, last = sorted((head.reading_schools or head.school_name).split("\n"))
    return f"{', '.join(others)} and {last}" if others else last


def shows_also(column: Any) -> None:
    """A room above registers a column about the Case."""
    _columns.append(column)


def shown_also(actor: Actor) -> list[Any]:
    return _columns if actor.organisation_kind is Kind.SERVICE else []
