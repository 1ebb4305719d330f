"""A comment that is shared: the rows that the portal writes, in one transaction."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from bench.floor import driver
from bench.floor.frame import Who
from bench.floor.scope import PLACES, SEEN
from bench.floor.told import told_of
from bench.floor.words import now, today

WAITS = timedelta(minutes=5)
"""Until others may read it (SHARE-2), and how long the same text is asked about."""
ONCE = """
INSERT INTO once_key (key, person_id, content, answer, used_at) VALUES (:key, :person, :content, :answer, :now)
ON CONFLICT DO NOTHING RETURNING key
"""
FOUND = """
SELECT c.id, c.status, c.school_id, c.service_id,
    EXISTS (SELECT 1 FROM entry e WHERE e.case_id = c.id AND e.happened_at > :lately AND e.kind = 'comment'
        AND e.author_id = :person AND e.organisation_id = :organisation AND e.audience = 'shared' AND e.body = :body
        AND e.retracted_at IS NULL)
FROM attendance_case c WHERE c.number = :number AND {}
"""
FOUND_BY = {kind: FOUND.format(clause) for kind, clause in SEEN.items()}
ENTRY = """
INSERT INTO entry (public_id, case_id, kind, happened_at, recorded_at, opens_at, author_id, organisation_id, audience, body)
VALUES (:public_id, :case, 'comment', :now, :now, :opens_at, :person, :organisation, 'shared', :body) RETURNING id
"""
AUDIT = """
INSERT INTO audit (at, event, person_id, role, organisation_id, case_id, thing, thing_id)
VALUES (:now, 'comment.added', :person, :role, :organisation, :case, 'entry', :entry)
"""
TELL = """
INSERT INTO outbox (made_at, event, person_id, role, organisation_id, case_id, thing, thing_id, channel, attempts,
    next_try_at, last_error, done_at, result)
VALUES (:opens_at, 'comment.added', :told, :told_role, :told_at, :case, 'entry', :entry, :channel, 0, :opens_at, '',
    :done_at, :result)
"""


def add(who: Who, number: str, form: dict[str, list[str]]) -> str:
    """Where it leads to."""
    answer, body, at = f"{PLACES[who.kind]}{number}/", form["body"][0], now()
    values: dict[str, Any] = {"organisation": who.organisation, "person": who.person, "role": who.role, "now": at}
    content = hashlib.sha256(repr((number, sorted(form.items()))).encode()).hexdigest()
    with driver.writing():
        if not driver.rows(ONCE, key=form["once"][0], content=content, answer=answer, **values):
            raise ValueError("sent before")
        asked = {"number": number, "body": body, "today": today(), "lately": at - WAITS}
        case, status, school, service, is_again = driver.rows(FOUND_BY[who.kind], **asked, **values)[0]
        if is_again or (status == "closed" and who.kind == "school"):
            raise ValueError("not added")
        values |= {"case": case, "school": school, "service": service, "opens_at": at + WAITS, "body": body}
        values["entry"] = driver.rows(ENTRY, public_id=secrets.token_urlsafe(9), **values)[0][0]
        driver.write(AUDIT, **values)
        driver.write_all(TELL, [{**values, **_told(at, *each)} for each in told_of(who, status, values)])
        who.touch()
    return answer


def _told(at: datetime, told: int, role: str, organisation: int, channel: str) -> dict[str, Any]:
    is_mail = channel == "app+email"
    done = {"done_at": None, "result": ""} if is_mail else {"done_at": at + WAITS, "result": "in the app"}
    return {"told": told, "told_role": role, "told_at": organisation, "channel": channel, **done}
