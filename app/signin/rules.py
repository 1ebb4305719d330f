"""roles.toml: which value of which claim gives which role where. A fault names its line and the remedy."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.people.models import Role
from app.settings import UnsafeSettings
from app.signin.places import line_of

OPERATORS = ("equals", "prefix", "has")
KEYS = {"claim", "organisation", "role", *OPERATORS}
REST = "{rest}"
NUMBER_AND_ROLE = ("{number}", "{role}")


class RolesFileFault(UnsafeSettings):
    """roles.toml cannot be used; each line of the text names one fault, its line and the remedy."""


@dataclass(frozen=True)
class Rule:
    """One rule. `operator` is equals (the claim is this text), has (its list holds it) or prefix (it begins so)."""

    claim: str
    operator: str
    text: str
    organisation: str
    role: str

    def given(self, value: str) -> tuple[str, str] | None:
        """Organisation number and role code that this value gives, or None."""
        if self.operator != "prefix":
            return (self.organisation, self.role) if value == self.text else None
        if not value.startswith(self.text):
            return None
        rest = value.removeprefix(self.text)
        if self.organisation == NUMBER_AND_ROLE[0]:
            number, _, role = rest.partition("/")
            return number, role
        return (rest if self.organisation == REST else self.organisation), self.role

    def could_give(self, number: str, role: str) -> bool:
        return self.organisation in {number, REST, NUMBER_AND_ROLE[0]} and self.role in {role, NUMBER_AND_ROLE[1]}


@dataclass(frozen=True)
class Claimed:
    """What a sign-in's claims say: the roles given, and which claims of the rules were not there at all."""

    roles: tuple[tuple[str, str], ...]
    absent: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """The rules of one roles.toml."""

    rules: tuple[Rule, ...]

    @property
    def claims(self) -> frozenset[str]:
        return frozenset(rule.claim for rule in self.rules)

    def read(self, claims: Mapping[str, Any]) -> Claimed:
        """The roles these claims give; a claim that is there and empty gives none, one that is absent says nothing."""
        given = [found for rule in self.rules for value in _values(rule, claims) if (found := rule.given(value))]
        return Claimed(tuple(dict.fromkeys(given)), frozenset(self.claims - claims.keys()))

    def is_silent_on(self, number: str, role: str, claimed: Claimed) -> bool:
        """Could an absent claim have given this role? Then it stays as it was."""
        return any(rule.claim in claimed.absent and rule.could_give(number, role) for rule in self.rules)


def read_rules(path: Path) -> Rules:
    """Raises `RolesFileFault` with every fault found."""
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = str(error).replace("at end of document", f"at line {len(text.splitlines())}, the last")
        raise RolesFileFault(f"{path.name}: not TOML: {told}.") from error
    faults = [f"line 1: “{key}” is not known here; write [[rule]]" for key in content if key != "rule"]
    entries = content.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        faults, entries = [*faults, "line 1: write each rule under its own [[rule]]"], []
    for number, entry in enumerate(entries):
        faults += [f"line {line_of(text, number, key)}: {fault}" for key, fault in _faults(entry)]
    if faults:
        raise RolesFileFault("\n".join(f"{path.name} {fault}." for fault in faults))
    return Rules(tuple(_rule(entry) for entry in entries))


def _faults(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs of the key at fault ("" for the rule as a whole) and what is wrong with it."""
    operators = [name for name in OPERATORS if name in entry]
    found = [(key, f"“{key}” is not known; a rule has {', '.join(sorted(KEYS))}") for key in entry if key not in KEYS]
    found += [(key, f"“{key}” must be text") for key in entry if key in KEYS and not isinstance(entry[key], str)]
    found += [("", f"“{key}” is missing") for key in ("claim", "organisation", "role") if key not in entry]
    if len(operators) > 1:
        found.append((operators[1], f"{' and '.join(operators)} in one rule; keep one of them"))
    if not operators:
        found.append(("", f"one of {', '.join(OPERATORS)} is missing"))
    return found or _faults_of_meaning(entry, operators[0])


def _faults_of_meaning(entry: dict[str, Any], operator: str) -> list[tuple[str, str]]:
    organisation, role = entry["organisation"], entry["role"]
    found = [(key, f"“{key}” is empty") for key in ("claim", "organisation", "role") if not entry[key]]
    if operator != "prefix" and not entry[operator]:
        found.append((operator, f"“{operator}” is empty"))
    if (organisation == NUMBER_AND_ROLE[0]) != (role == NUMBER_AND_ROLE[1]):
        found.append(("role", "{number} and {role} only go together"))
    elif role != NUMBER_AND_ROLE[1] and role not in set(Role):
        found.append(("role", f"“{role}” is no role; there are {', '.join(Role)}"))
    if operator != "prefix" and "{" in organisation:
        found.append(("organisation", f"{organisation} needs prefix, not {operator}"))
    return found


def _rule(entry: dict[str, str]) -> Rule:
    operator = next(name for name in OPERATORS if name in entry)
    return Rule(entry["claim"], operator, entry[operator], entry["organisation"], entry["role"])


def _values(rule: Rule, claims: Mapping[str, Any]) -> list[str]:
    """The claim's texts: `equals` asks a single text, `has` a list, `prefix` either; what is no text gives nothing."""
    value = claims.get(rule.claim)
    if isinstance(value, str):
        return [value] if rule.operator != "has" else []
    if isinstance(value, list) and rule.operator != "equals":
        return [item for item in value if isinstance(item, str)]
    return []
