"""What happens to one case, as plain data: who does what, when. `rows` makes rows of it; a test plays it by the portal's
own actions and compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.cases.entries import Audience
from app.cases.models import Status
from demo.country.places import School
from demo.country.staff import Member
from demo.country.students import Pupil


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody does something."""

    at: datetime
    by: Member


@dataclass(frozen=True, slots=True)
class Asked(Step):
    """A draft is begun with what the roll knows, and filled in."""

    known: Mapping[str, str]
    typed: Mapping[str, str]
    contact: Member


@dataclass(frozen=True, slots=True)
class Sent(Step):
    """The request is sent, and the case is there."""


@dataclass(frozen=True, slots=True)
class Given(Step):
    """A lead gives the case to a case manager, or to another one."""

    to: Member


@dataclass(frozen=True, slots=True)
class Became(Step):
    """Another status."""

    status: Status
    why: str


@dataclass(frozen=True, slots=True)
class Wrote(Step):
    """A comment."""

    text: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class OfComment(Step):
    """Something happens to an earlier comment: the how-manieth, from 0."""

    of: int


@dataclass(frozen=True, slots=True)
class Edited(OfComment):
    """It says something else."""

    text: str


@dataclass(frozen=True, slots=True)
class Retracted(OfComment):
    """It is nobody's to read any more."""


@dataclass(frozen=True, slots=True)
class Undone(OfComment):
    """It is taken back before others could read it."""


@dataclass(frozen=True, slots=True)
class SharedNow(OfComment):
    """Others may read it at once."""


@dataclass(frozen=True, slots=True)
class Readdressed(OfComment):
    """Another audience."""

    audience: Audience


@dataclass(frozen=True, slots=True)
class Plan:
    """One case: the how-manieth, of whom (a student may have had one before), from which school, and all steps in the order
    of time."""

    number: int
    pupil: Pupil
    is_first: bool
    school: School
    steps: tuple[Step, ...]
