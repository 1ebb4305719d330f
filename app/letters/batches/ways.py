"""What batches of a service's letters and of a school's do each in their own way."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from app.letters.batches import of_cases, of_students
from app.letters.batches.models import Whom
from app.letters.batches.rules import PURPOSES_OF_CASES, Rule
from app.letters.facts import Facts
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.readiness import Readiness
from app.people.queries import Actor


class Way(Protocol):
    """One of two modules; what a letter rests on is a `Dossier` or a `SchoolDossier`."""

    def candidates(self, actor: Actor, purpose: Purpose, rule: Rule, ticked: Sequence[str], /) -> Iterator[Any]: ...
    def known(
        self, actor: Actor, purpose: Purpose, those: Collection[Whom], /
    ) -> tuple[Mapping[Whom, Any], Mapping[Whom, str]]: ...
    def hold(self, those: Collection[Whom], /) -> None: ...
    def whom_of(self, dossier: Any, /) -> Whom: ...
    def student_of(self, dossier: Any, /) -> int | None: ...
    def order_of(self, dossier: Any, /) -> tuple[object, ...]: ...
    def readiness(self, dossier: Any, today: date, /) -> Readiness: ...
    def gathered(self, dossier: Any, today: date, /) -> Facts: ...
    def preview_letter(self, dossier: Any, /, *, by: Actor) -> Letter: ...


def way_of(purpose: Purpose) -> Way:
    return of_cases if purpose in PURPOSES_OF_CASES else of_students
