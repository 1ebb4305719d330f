"""Whom a shared comment tells, each once, by the stronger channel (app/cases/lists/notifications.csv)."""

from typing import Any

from bench.floor import driver
from bench.floor.frame import Who

HELD = """
SELECT h.person_id, h.role, h.organisation_id, '{channel}' AS channel
FROM {which} JOIN person p ON p.id = h.person_id
WHERE {where} AND h.ended_at IS NULL AND h.role <> 'delegated_authoriser' AND p.ended_at IS NULL AND p.id <> :person
"""
NAMED = "case_person n JOIN role_held h ON h.person_id = n.person_id AND h.organisation_id = n.organisation_id"
OF_CASE = "n.case_id = :case AND n.part IN ({}) AND n.since <= :now AND (n.until IS NULL OR n.until > :now)"
CONTACTS = HELD.format(channel="app+email", which=NAMED, where=OF_CASE.format("'primary_contact', 'secondary_contact'"))
MANAGERS = HELD.format(channel="app", which=NAMED, where=OF_CASE.format("'manager', 'cover'"))
SCHOOL_LEADS = HELD.format(
    channel="app", which="role_held h", where="h.organisation_id = :school AND h.role = 'attendance_lead'"
)
LEADS = HELD.format(
    channel="app", which="role_held h", where="h.organisation_id = :service AND h.role = 'workflow_lead'"
)


def told_of(who: Who, status: str, values: dict[str, Any]) -> driver.Rows:
    if who.kind == "service":
        found = driver.rows(f"{CONTACTS} UNION ALL {SCHOOL_LEADS}", **values)
    else:
        found = driver.rows(LEADS if status == "queue" else MANAGERS, **values)
    stronger = sorted(found, key=lambda row: row[3])
    return list({row[0]: row for row in stronger}.values())
