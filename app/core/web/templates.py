"""The environment of the templates."""

from collections.abc import MutableMapping
from typing import Any

from flask import templating


class Environment(templating.Environment):
    """Jinja looks what all templates know up in two places, at each import of a macro and for each name. Here nothing is
    added once the portal has been put together, so each template has it in one place."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}
