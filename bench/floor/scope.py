"""Which cases a page lists, by hand: of each status the first of its index for a service, and the roll's for a school."""

from collections.abc import Sequence
from functools import cache

PAGE = 25
STATUSES = ("triage", "queue", "open", "transition", "paused", "closed")
NOT_CLOSED = STATUSES[:-1]
LISTED = """
SELECT c.id, c.number, c.status, c.urgency, c.urgent_why, c.service_started_on, c.region, c.due_on,
    coalesce(nullif(t.preferred_name, ''), t.legal_name), t.born_on, s.name, p.name, q.name
FROM attendance_case c
JOIN student t ON t.id = c.student_id
JOIN organisation s ON s.id = c.school_id
LEFT JOIN case_person m ON m.case_id = c.id AND m.part = 'manager' AND m.until IS NULL
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN case_person k ON k.case_id = c.id AND k.part = 'primary_contact' AND k.until IS NULL
LEFT JOIN person q ON q.id = k.person_id
"""
KEYS = "SELECT c.id, c.urgency, c.due_on FROM attendance_case c"
ORDERED = f"ORDER BY c.urgency, c.due_on, c.id LIMIT {PAGE + 1}"
ON_ROLL = """SELECT e.student_id FROM enrolment e WHERE e.school_id = :organisation AND e.from_on <= :today
    AND (e.to_on IS NULL OR e.to_on >= :today)"""
AT_SERVICE = "c.service_id = :organisation"
WAS_THEIRS = """(c.status <> 'closed' OR c.school_id = :organisation OR EXISTS (SELECT 1 FROM enrolment v
    WHERE v.student_id = c.student_id AND v.school_id = :organisation AND v.from_on <= c.status_at))"""
"""What had closed before the student came is for the school that had it then."""
AT_SCHOOL = f"c.student_id IN ({ON_ROLL}) AND {WAS_THEIRS}"
PLACES = {"service": "/workspace/cases/", "school": "/portal/cases/"}
IN_ORDER = ("open", "transition", "paused", "queue", "triage", "closed")
_WHEN = " ".join(f"WHEN '{status}' THEN {rank}" for rank, status in enumerate(IN_ORDER))
RANK = f"CASE c.status {_WHEN} END"
"""A school's list goes by status."""
SEEN = {"service": AT_SERVICE, "school": AT_SCHOOL}
COUNTS = {
    "service": "SELECT status, cases FROM status_count WHERE organisation_id = :organisation",
    "school": f"SELECT c.status, count(*) FROM attendance_case c WHERE {AT_SCHOOL} GROUP BY c.status",
}


@cache
def listed(kind: str, statuses: Sequence[str], *, has_after: bool, by_status: bool = False) -> str:
    """One statement for a page of these, and one more; cut before anything is looked up for them."""
    if by_status:
        return _by_status(statuses, has_after=has_after)
    after = f"AND (c.urgency, c.due_on, c.id) > ({_last(kind)})" if has_after else ""
    if kind == "school":
        cut = f"{KEYS} WHERE {AT_SCHOOL} AND c.status IN ({_quoted(statuses)}) {after} {ORDERED}"
    else:
        each = " UNION ALL ".join(_first(status, after) for status in statuses)
        cut = f"SELECT c.id FROM ({each}) AS c {ORDERED}"
    return f"{LISTED} WHERE c.id IN (SELECT id FROM ({cut}) AS cut) ORDER BY c.urgency, c.due_on, c.id"


def _by_status(statuses: Sequence[str], *, has_after: bool) -> str:
    keys = f"{RANK}, c.urgency, c.due_on, c.id"
    last = f"SELECT {keys} FROM attendance_case c WHERE c.number = :after AND {AT_SCHOOL}"
    after = f"AND ({keys}) > ({last})" if has_after else ""
    among = f"{AT_SCHOOL} AND c.status IN ({_quoted(statuses)}) {after}"
    cut = f"SELECT c.id FROM attendance_case c WHERE {among} ORDER BY {keys} LIMIT {PAGE + 1}"
    return f"{LISTED} WHERE c.id IN ({cut}) ORDER BY {keys}"


def _first(status: str, after: str) -> str:
    """The first of one status, from its index alone."""
    first = f"{KEYS} WHERE {AT_SERVICE} AND c.status = '{status}' {after} {ORDERED}"
    return f"SELECT * FROM ({first}) AS of_{status}"


def _last(kind: str) -> str:
    """Where the page before ended."""
    return f"SELECT c.urgency, c.due_on, c.id FROM attendance_case c WHERE c.number = :after AND {SEEN[kind]}"


def _quoted(statuses: Sequence[str]) -> str:
    return ", ".join(f"'{status}'" for status in statuses)
