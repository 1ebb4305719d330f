"""Who may read a report of a problem, and its screenshot (`permissions.md`, Everybody)."""

from typing import Protocol

from sqlalchemy import ColumnElement, true

from app.people.models import Role
from app.people.queries import Actor
from app.problems.models import ProblemReport


class SeenReport(Protocol):
    """What a rule needs to know of a report that was loaded through `visible`."""

    @property
    def person_id(self) -> int: ...
    @property
    def operator_may_open(self) -> bool: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on ProblemReport: one's own, and all for whoever runs the portal."""
    return true() if actor.role is Role.OPERATOR else ProblemReport.person_id == actor.person_id


def can_report(actor: Actor, reporter: Actor) -> bool:
    """Everybody may report a problem."""
    return True


def can_read(actor: Actor, report: SeenReport) -> bool:
    """Whoever could load it through `visible` may read it."""
    return True


def can_open_screenshot(actor: Actor, report: SeenReport) -> bool:
    """The screenshot is for its sender; whoever runs the portal opens it only where the sender ticked so."""
    return report.person_id == actor.person_id or report.operator_may_open


def can_close(actor: Actor, report: SeenReport) -> bool:
    """Only whoever runs the portal says that a problem is dealt with."""
    return actor.role is Role.OPERATOR
