"""Who waits for a lead, found by one statement, in the shape that the portal's own arithmetic asks for."""

from datetime import time
from itertools import groupby
from typing import NamedTuple

from app.cases.listing import PAGE as LINES
from app.cases.models import Status
from app.cases.queries import CaseHead
from app.cases.work.queries import YOUNGER, sixteen_on
from app.cases.work.rules import ToDo
from bench.floor import driver
from bench.floor.frame import Who
from bench.floor.words import now, today

HORIZON = "date(:today, '+14 days')" if driver.IS_SQLITE else "(:today::date + 14)"
UNREAD = """u.person_id = :person AND u.organisation_id = :organisation AND u.role = 'workflow_lead'
    AND u.made_at <= :now AND u.read_at IS NULL"""
DUE = f"k.organisation_id = :organisation AND k.ended_at IS NULL AND (k.due_on <= {HORIZON} OR k.remind_on <= :today)"
IN_FORCE = "n.person_id = :person AND n.since <= :now AND (n.until IS NULL OR n.until > :now)"
OWN = f"SELECT n.case_id FROM case_person n WHERE {IN_FORCE} AND n.organisation_id = :organisation AND n.part IN ('manager', 'cover')"
NOBODYS = f"""SELECT id FROM (SELECT id FROM attendance_case WHERE service_id = :organisation AND status = 'queue'
    ORDER BY urgency, due_on, id LIMIT {LINES + 1}) q"""
LEFT = f"""SELECT id FROM (SELECT id FROM attendance_case WHERE service_id = :organisation AND status IN ('open', 'transition')
    AND manager_id IS NULL ORDER BY urgency, due_on, id LIMIT {LINES + 1}) n"""
TOLD_OF = f"""SELECT case_id FROM (SELECT u.case_id FROM outbox u WHERE {UNREAD}
    AND u.event IN ('case.transfer_asked', 'sharing.missed_for_long') LIMIT 100) t"""
PAUSES = """SELECT p.case_id FROM pause p WHERE p.service_id = :organisation AND p.state = 'asked'
    UNION SELECT d.id FROM attendance_case d WHERE d.service_id = :organisation AND d.status = 'paused'
    AND d.pause_reason = 'other' AND d.pause_until <= :today"""
TO_SIGN = """SELECT g.case_id FROM letter g WHERE g.organisation_id = :organisation
    AND sign_asked_at IS NOT NULL AND made_at IS NULL AND not_signed_why = ''"""
ONE_LEAD = """(SELECT count(DISTINCT r.person_id) FROM role_held r WHERE r.organisation_id = :organisation
    AND r.role = 'workflow_lead' AND r.ended_at IS NULL) = 1"""
SHARED = """e.audience = 'shared' AND e.retracted_at IS NULL AND e.opens_at <= :now
    AND e.kind IN ('comment', 'letter', 'event', 'plan')
    AND EXISTS (SELECT 1 FROM organisation o WHERE o.id = e.organisation_id AND o.kind = 'service')"""
REVIEWS = """(SELECT min(s.review_by) FROM safety_note s WHERE s.case_id = c.id AND s.ended_at IS NULL AND s.review_by < :today),
    (SELECT l.review_on FROM plan l WHERE l.case_id = c.id ORDER BY l.number DESC LIMIT 1)"""
WORSE = """(SELECT max(b.told_on) FROM absence_statement b JOIN audit d ON d.thing_id = b.id WHERE c.status = 'transition'
    AND d.case_id = c.id AND d.event = 'transition.attendance_worse' AND d.at >= c.status_at
    AND NOT EXISTS (SELECT 1 FROM absence_statement x WHERE x.student_id = b.student_id AND x.school_id = b.school_id AND x.id > b.id)
    AND NOT EXISTS (SELECT 1 FROM audit x WHERE x.case_id = d.case_id AND x.event = 'case.end_expected' AND x.at > d.at))"""
TOGETHER = f"""(SELECT min(u.made_at) FROM outbox u JOIN case_person n ON n.since = u.made_at WHERE n.case_id = c.id
    AND n.part = 'manager' AND n.person_id = :person AND {UNREAD} AND u.case_id IS NULL AND u.event = 'cases.given'
    AND NOT EXISTS (SELECT 1 FROM view_log v WHERE v.case_id = n.case_id AND v.person_id = :person AND v.page = 'case'
        AND v.at >= n.since))"""
TOLD_AT = f"(SELECT min(u.made_at) FROM outbox u WHERE {UNREAD} AND u.case_id = c.id AND u.event IN ({{}}))"
ALSO_TOLD = ", ".join(
    TOLD_AT.format(events)
    for events in (
        "'comment.added', 'referral.joined', 'safety_note.added'",
        "'case.transfer_asked', 'case.transfer_refused'",
        "'sharing.missed_for_long'",
    )
)
WORK = f"""
SELECT c.id, c.number, c.status, c.urgency, c.region, c.service_started_on, c.due_on, c.status_at, c.met_school_on, c.engaged_on,
    {REVIEWS}, {
    WORSE
}, c.expected_end_on, c.pause_until, c.pause_reason, (SELECT s.asked_at FROM pause s WHERE s.case_id = c.id
        AND s.service_id = :organisation AND s.state = 'asked' AND (s.asked_by_id <> :person OR {
    ONE_LEAD
})), t.born_on, (SELECT max(l.made_at) FROM plan l
        WHERE l.case_id = c.id AND t.born_on BETWEEN :sixteen AND :later), coalesce(nullif(t.preferred_name, ''), t.legal_name), p.name, c.id IN ({
    OWN
}),
    (SELECT min(v.cases_from) FROM enrolment v WHERE v.student_id = c.student_id AND v.cases_from > :today
        AND (v.to_on IS NULL OR v.to_on >= :today)),
    (SELECT max(e.opens_at) FROM entry e WHERE e.case_id = c.id AND {SHARED}),
    (SELECT min(a.asked_at) FROM update_request a WHERE a.case_id = c.id AND a.answered_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.case_id = a.case_id AND e.opens_at > a.asked_at AND {SHARED})),
    coalesce({TOLD_AT.format("'case.assigned'")}, {TOGETHER}), {ALSO_TOLD},
    (SELECT min(g.sign_asked_at) FROM letter g WHERE g.case_id = c.id AND g.organisation_id = :organisation AND g.made_at IS NULL
        AND g.not_signed_why = '' AND ((g.asked_by_id <> :person AND g.sign_asked_by_id <> :person) OR {ONE_LEAD})),
    k.public_id, k.what, k.due_on, k.due_at, k.remind_on, k.person_id, kp.name
FROM attendance_case c
JOIN student t ON t.id = c.student_id
LEFT JOIN case_person m ON m.case_id = c.id AND m.part = 'manager' AND m.until IS NULL
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN task k ON k.case_id = c.id AND {DUE}
LEFT JOIN person kp ON kp.id = k.person_id
WHERE c.id IN ({OWN} UNION SELECT k.case_id FROM task k WHERE k.person_id = :person AND {DUE} UNION {PAUSES} UNION {
    TO_SIGN
} UNION {TOLD_OF} UNION {NOBODYS} UNION {LEFT})
    AND c.service_id = :organisation AND c.status <> 'closed'
ORDER BY c.id, k.id
"""


class Row(NamedTuple):
    """A case as the arithmetic asks for it."""

    case_id: int
    number: str
    status: Status
    urgency: int
    region: str
    service_started_on: object
    due_on: object
    status_at: object
    met_school_on: object
    engaged_on: object
    safety_review_on: object
    plan_review_on: object
    worse_told_on: object
    expected_end_on: object
    pause_until: object
    pause_reason: str
    pause_asked_at: object
    born_on: object
    planned_at: object
    preferred_name: str
    manager_name: str | None
    is_own: bool
    new_school_from: object
    shared_at: object
    update_wanted_at: object
    given_at: object
    added_at: object
    transfer_asked_at: object
    long_silent_at: object
    signing_asked_at: object


DATES = (
    "service_started_on",
    "due_on",
    "met_school_on",
    "engaged_on",
    "safety_review_on",
    "plan_review_on",
    "worse_told_on",
    "expected_end_on",
    "pause_until",
    "born_on",
    "new_school_from",
)
TIMES = tuple(name for name in Row._fields if name.endswith("_at"))
WIDTH = len(Row._fields)


def waiting(who: Who) -> list[tuple[CaseHead, list[ToDo]]]:
    """Each case with its tasks."""
    who_asks = {"person": who.person, "organisation": who.organisation, "today": today(), "now": now()}
    rows = driver.rows(WORK, **who_asks, sixteen=sixteen_on(today()), later=today() - YOUNGER)
    return [_of_case(list(some)) for _, some in groupby(rows, key=lambda row: row[0])]


def _of_case(rows: list[tuple[object, ...]]) -> tuple[CaseHead, list[ToDo]]:
    case = Row(*rows[0][:WIDTH])  # type: ignore[arg-type]
    kept = {name: driver.day(getattr(case, name)) for name in DATES if getattr(case, name)}
    kept |= {name: driver.instant(getattr(case, name)) for name in TIMES if getattr(case, name)}
    head = CaseHead(case._replace(status=Status(case.status), **kept))  # type: ignore[arg-type]
    return head, [_to_do(row[WIDTH:]) for row in rows if row[WIDTH]]


def _to_do(values: tuple[object, ...]) -> ToDo:
    public_id, what, due_on, due_at, remind_on, *whose = values
    at = time.fromisoformat(due_at) if isinstance(due_at, str) else due_at
    return ToDo(public_id, what, driver.day(due_on), at, remind_on and driver.day(remind_on), *whose)  # type: ignore[arg-type]
