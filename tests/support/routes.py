"""Every app has the same addresses: the map of them, and what finds and builds each, is made once in this process, not once for
each app."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from flask import Flask
from werkzeug.routing import Map, Rule, RuleFactory
from werkzeug.routing.rules import RulePart

_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_maps: dict[tuple[Any, ...], Map] = {}
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


class KnownMap(Map):
    """Only notes what is added. Where an address is looked up first, the map of an app that had the same is taken, if there
    was one."""

    def __init__(self, *positional: Any, **options: Any) -> None:
        self._noted: list[Rule] = []
        super().__init__(*positional, **options)

    def add(self, rulefactory: RuleFactory) -> None:
        self._noted += rulefactory.get_rules(self)
        self.__dict__.pop("known", None)

    @cached_property
    def known(self) -> Map:
        key = tuple(
            (rule.rule, rule.endpoint, frozenset(rule.methods or ()), str(rule.defaults)) for rule in self._noted
        )
        if key not in _maps:
            _maps[key] = Map(host_matching=self.host_matching)
            for rule in self._noted:
                _maps[key].add(_unbound(rule))
        return _maps[key]

    def update(self) -> None:
        self.known.update()

    _matcher = property(lambda self: self.known._matcher, lambda self, _empty: None)
    _rules_by_endpoint = property(lambda self: self.known._rules_by_endpoint, lambda self, _empty: None)


def _unbound(rule: Rule) -> Rule:
    """As Flask made it."""
    again = rule.empty()
    again.provide_automatic_options = rule.provide_automatic_options  # type: ignore[attr-defined]
    return again


Flask.url_map_class = KnownMap
Flask.url_rule_class = KnownRule
