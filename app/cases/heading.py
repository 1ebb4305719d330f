"""What rooms above show in the header of a case at a service: a column each, which costs no statement of its own."""

from typing import Any

from app.people.models import Kind
from app.people.queries import Actor

_columns: list[Any] = []


def shows_also(column: Any) -> None:
    """A room above registers a column about the Case."""
    _columns.append(column)


def shown_also(actor: Actor) -> list[Any]:
    return _columns if actor.organisation_kind is Kind.SERVICE else []
