"""Students who wait for an answer at a step of days absent, and what was done about it: without asking the database (ATT-5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby

from app.attendance.star.codes import NO_ACTION, label_of
from app.attendance.tallying import STEPS, Tally
from app.calendars.school_terms import term_words
from app.core.days import in_words

STEP_DAYS = tuple(sorted(days for days, _ in STEPS))
AS_ACTION = 200
"""Characters of a step in a support request."""
NO_TUTOR = "No tutor group"
NOTHING = "-"
"""Of a line, where nothing was done yet."""


@dataclass(frozen=True)
class Done:
    """One thing that the school did, as it is shown."""

    public_id: str
    step: int
    kind: str
    done_on: date | None
    about_when: str
    by_whom: str
    note: str
    at: datetime

    @property
    def words(self) -> str:
        return label_of(self.kind)

    @property
    def when(self) -> str:
        return in_words(self.done_on) if self.done_on else self.about_when

    @property
    def in_words(self) -> str:
        """Rang home, 3 March 2026 (Priya Nair): no answer."""
        said = ": ".join(filter(None, [f"{self.words}, {self.when}{self._who}", self.note]))
        return f"{said} (step of {self.step} days)"

    @property
    def as_action(self) -> str:
        """As a support request says what was done; its day stands beside it."""
        return ": ".join(filter(None, [f"{self.words}{self._who}", self.note]))[:AS_ACTION]

    @property
    def _who(self) -> str:
        return f" ({self.by_whom})" if self.by_whom else ""


def actions_from(done: Sequence[Done], most: int) -> list[tuple[str, str]]:
    """For a support request: what was done and when, the oldest first; of more than fit the newest. To have done nothing is no
    action."""
    acts = [each for each in done if each.kind != NO_ACTION]
    acts.sort(key=lambda each: (each.done_on or each.at.date(), each.at))
    return [(each.as_action, each.when) for each in acts[-most:]]


@dataclass(frozen=True)
class Line:
    """A student of the school's roll with what is counted of the term, and what was done about it."""

    student_id: int
    public_id: str
    name: str
    year_level: int
    tutor: str
    term: int
    tally: Tally
    done: Sequence[Done] = field(default=())

    @property
    def step(self) -> int:
        return self.tally.step

    @property
    def answered(self) -> int:
        """The highest step that was answered in this term, however many days are counted now."""
        return max((each.step for each in self.done), default=0)

    @property
    def is_open(self) -> bool:
        return self.step > self.answered

    @property
    def place(self) -> str:
        """Where it stands in the list: behind it the next page begins, also where it has gone meanwhile."""
        return f"{self.tally.absent}.{self.public_id}"

    @property
    def version(self) -> str:
        """What an answer rests on: the term, the step, and the newest of what was done."""
        return f"{self.term}.{self.step}.{self.done[-1].public_id if self.done else NOTHING}"

    @property
    def passed_again(self) -> str:
        """Of a step that was answered, and that corrected marks took away again."""
        return f"no longer past {self.answered} days" if self.answered > self.step else ""


@dataclass(frozen=True)
class Wanted:
    """What the list is asked for."""

    tutor: str = ""
    year: int | None = None
    step: int = 0
    """Those whose highest step this is; 0: any."""
    has_answered: bool = False
    """Those that are answered, too."""


@dataclass(frozen=True)
class Group:
    """A tutor group in a year level, and how many of it wait."""

    tutor: str
    year: int
    waiting: int


@dataclass(frozen=True)
class Watch:
    """What the list as a whole rests on."""

    groups: Sequence[Group]
    term: int | None
    """20264 is term 4 of 2026; none where there are no marks lately."""
    as_of: date | None
    """The last day that is counted."""
    is_confirmed: bool
    is_being_counted: bool

    @property
    def waiting(self) -> int:
        return sum(group.waiting for group in self.groups)

    @property
    def term_words(self) -> str:
        return term_words(self.term) if self.term else "this term"

    @property
    def tutors(self) -> Mapping[str, int]:
        """Each tutor group, in order, with how many wait."""
        found: dict[str, int] = {}
        for group in sorted(self.groups, key=lambda each: (each.year, each.tutor)):
            if group.tutor:
                found[group.tutor] = found.get(group.tutor, 0) + group.waiting
        return found

    @property
    def years(self) -> list[int]:
        return sorted({group.year for group in self.groups})


def by_tutor(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """By year level and tutor group, each in the order of the list; without a group at the end."""
    grouped = sorted(lines, key=lambda line: (not line.tutor, line.year_level, line.tutor))
    tutors = sorted({line.tutor for line in grouped}, key=[line.tutor for line in grouped].index)
    for tutor in tutors:
        yield tutor or NO_TUTOR, [line for line in lines if line.tutor == tutor]


def place_from(text: str) -> tuple[int, str] | None:
    """Half-days absent and the student of a `Line.place`; of anything else none."""
    absent, _, public_id = text.partition(".")
    return (int(absent), public_id) if absent.isascii() and absent.isdigit() and len(absent) < 5 else None


def lines_from(rows: Sequence[tuple[Line, Done | None]]) -> list[Line]:
    """Of rows of a line and something that was done about it, or nothing."""
    found = []
    for _, some in groupby(rows, key=lambda row: row[0].student_id):
        pairs = list(some)
        line = pairs[0][0]
        found.append(replace(line, done=[done for _, done in pairs if done]))
    return found
