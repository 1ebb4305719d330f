"""What is said of giving cases out, without asking the database (CASE-9)."""

from dataclasses import dataclass, field

from app.core.figures import counted

GIVEN, TAKEN = "cases.given", "cases.taken"
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Given:
    """A case has another manager."""

    tasks: int
    """So many were to be done by somebody who works it no more, and are for whoever has it now."""


@dataclass
class Outcome:
    """What became of several cases that were to be given to somebody: their numbers."""

    given: list[str] = field(default_factory=list)
    case_ids: list[int] = field(default_factory=list)
    """Of those."""
    theirs: list[str] = field(default_factory=list)
    """They had them already."""
    gone: list[str] = field(default_factory=list)
    """Closed, elsewhere, or with somebody else meanwhile."""

    def said(self, name: str) -> str:
        """In sentences, for whoever gave them."""
        told = [f"{name} has {counted(len(self.given), 'case')} more now, and is told once."] if self.given else []
        if self.theirs:
            told.append(f"{name} had {_listed(self.theirs)} already.")
        if self.gone:
            told.append(f"Not given: {_listed(self.gone)}. Somebody else has it, or it is not in your service’s hands.")
        return " ".join(told) or "Nothing was given."


@dataclass(frozen=True)
class Load:
    """What somebody has: open, in transition and paused cases."""

    open: int
    transition: int
    paused: int

    def __str__(self) -> str:
        more = [f"{self.transition} in transition"] if self.transition else []
        more += [f"{self.paused} on hold"] if self.paused else []
        return ", ".join([f"{self.open} open", *more])


def _listed(numbers: list[str]) -> str:
    return ", ".join(numbers)
