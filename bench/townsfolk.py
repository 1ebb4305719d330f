"""Who comes to work: people with something to do, from organisations all over the country, each signed in."""

from collections import Counter
from typing import Any

from sqlalchemy import exists, select

from app.cases.models import Case, CasePerson, Part, Status
from app.core.db import db
from app.people.models import Role, RoleHeld
from bench.serving import SignedIn, Site

SHARES = {Role.ATTENDANCE_LEAD: 0.6, Role.CASE_MANAGER: 0.3, Role.WORKFLOW_LEAD: 0.1}
IN_HAND = (Status.OPEN, Status.TRANSITION)
HAS_WORK = {
    Role.ATTENDANCE_LEAD: exists().where(Case.school_id == RoleHeld.organisation_id, Case.status.in_(IN_HAND)),
    Role.CASE_MANAGER: exists().where(
        CasePerson.person_id == RoleHeld.person_id,
        CasePerson.part == Part.MANAGER,
        CasePerson.until.is_(None),
        Case.id == CasePerson.case_id,
        Case.service_id == RoleHeld.organisation_id,
        Case.status == Status.OPEN,
    ),
    Role.WORKFLOW_LEAD: exists().where(Case.service_id == RoleHeld.organisation_id, Case.status == Status.QUEUE),
}


def people_at(site: Site, count: int) -> list[dict[str, Any]]:
    """So many; of those who see the same lists each knows their place among them."""
    with site.app.app_context():
        found = [(role, site.sign_in(held)) for role, share in SHARES.items() for held in _holders(role, count * share)]
    together = Counter(map(_group, found))
    places = Counter[tuple[Role, int]]()
    people = []
    for role, who in found:
        group = _group((role, who))
        people.append({"role": role, "cookie": who.cookie, "place": places[group], "places": together[group]})
        places[group] += 1
    return people


def _holders(role: Role, wanted: float) -> list[RoleHeld]:
    """Evenly over the country; fewer where there are not so many."""
    having = select(RoleHeld).where(RoleHeld.role == role, RoleHeld.ended_at.is_(None), HAS_WORK[role])
    held = list(db.session.scalars(having.order_by(RoleHeld.organisation_id, RoleHeld.id)))
    step = max(1, int(len(held) / max(1, wanted)))
    return held[::step][: max(1, round(wanted))]


def _group(found: tuple[Role, SignedIn]) -> tuple[Role, int]:
    return found[0], found[1].organisation_id
