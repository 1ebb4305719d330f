"""Every app has the same addresses: what finds and builds each of them is made once in this process, not once for each app."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart

_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_parsed: dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]] = {}


class KnownRule(Rule):
    """Both are most of what an app costs to make. Were they done by other names in werkzeug, this would only be slow."""

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        if rule not in _parsed:
            begun = len(self._trace)
            _parsed[rule] = list(super()._parse_rule(rule)), self._trace[begun:], dict(self._converters)
            return _parsed[rule][0]
        parts, trace, converters = _parsed[rule]
        self._trace += trace
        self._converters |= converters
        self.arguments |= set(converters)
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


Flask.url_rule_class = KnownRule
