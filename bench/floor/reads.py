"""What the page of a case reads, by hand."""

from bench.floor import driver
from bench.floor.scope import SEEN

HEAD = """
SELECT c.id, c.number, c.status, c.urgency, c.urgent_why, c.service_started_on, c.region, c.due_on,
    coalesce(nullif(t.preferred_name, ''), t.legal_name), t.born_on, s.name, v.name, v.phone, p.id, p.name, p.phone,
    q.name, q.phone, c.engaged_on,
    (SELECT max(e.year_level) FROM enrolment e WHERE e.student_id = c.student_id
        AND (e.to_on IS NULL OR e.to_on >= :today))
FROM attendance_case c
JOIN student t ON t.id = c.student_id
JOIN organisation s ON s.id = c.school_id
LEFT JOIN organisation v ON v.id = c.service_id
LEFT JOIN case_person m ON m.case_id = c.id AND m.part = 'manager' AND m.until IS NULL
LEFT JOIN person p ON p.id = m.person_id
LEFT JOIN case_person n ON n.case_id = c.id AND n.part = 'primary_contact' AND n.until IS NULL
LEFT JOIN person q ON q.id = n.person_id
WHERE c.number = :number AND {seen}
"""
HEADS = {kind: HEAD.format(seen=seen) for kind, seen in SEEN.items()}
NOTES = """
SELECT n.kind, n.fact, o.name, n.added_at, n.review_by FROM safety_note n JOIN organisation o ON o.id = n.organisation_id
WHERE n.case_id = :case ORDER BY n.id
"""
REACHED = """(e.organisation_id = :organisation
    OR (e.opens_at <= :now AND (e.retracted_at IS NULL OR e.retracted_at >= e.opens_at)))"""
ENTRIES = """
SELECT e.id, e.public_id, e.kind, e.happened_at, e.audience, e.opens_at, e.retracted_at,
    CASE WHEN e.organisation_id = :organisation OR e.edited_at >= e.opens_at THEN e.edited_at END,
    CASE WHEN e.retracted_at IS NULL THEN e.body END,
    e.author_id = :person AND e.organisation_id = :organisation AND e.kind = 'comment',
    p.name, o.name, o.kind,
    e.author_id <> :person AND CASE WHEN e.organisation_id = :organisation THEN e.recorded_at ELSE e.opens_at END > (
        SELECT max(w.at) FROM view_log w WHERE w.case_id = :case AND w.page = 'case' AND w.person_id = :person
            AND w.organisation_id = :organisation)
FROM entry e JOIN person p ON p.id = e.author_id JOIN organisation o ON o.id = e.organisation_id
WHERE e.case_id = :case AND {audience} AND {reached}
ORDER BY e.happened_at DESC, e.id DESC LIMIT 41
"""
READ_BY = {
    "service": "1 = 1",
    "school": "e.audience = 'shared' AND (e.kind <> 'request' OR e.organisation_id = :organisation)",
}
TIMELINES = {kind: ENTRIES.format(audience=clause, reached=REACHED) for kind, clause in READ_BY.items()}
UNSENT = """
SELECT u.page, u.body, f.public_id, f.name FROM unsent u
LEFT JOIN unsent_file h ON h.unsent_id = u.id LEFT JOIN stored_file f ON f.id = h.file_id
WHERE u.case_id = :case AND u.person_id = :person AND u.organisation_id = :organisation AND u.entry_id IS NULL
ORDER BY u.at, u.id, f.id
"""
FILES = f"""
SELECT h.entry_id, f.public_id, f.name FROM entry_file h JOIN stored_file f ON f.id = h.file_id
WHERE h.entry_id {driver.AMONG} ORDER BY f.id
"""
