"""Cases found by the student's name or by number."""

from functools import cache
from html import escape
from typing import Any

from app.cases.search.rules import sought
from app.core.text import prefix_bounds
from bench.floor import driver
from bench.floor.frame import Who, page
from bench.floor.scope import PLACES
from bench.floor.words import tag, today

MOST = 25
CUT = """
SELECT c.id, c.number, c.status, c.student_id, t.legal_name, t.preferred_name, t.sort_key{more}
FROM {which} attendance_case c {joined} WHERE {where}
"""
CASES = """
SELECT c.number, c.status, c.legal_name, c.preferred_name, p.name,
    (SELECT max(e.year_level) FROM enrolment e WHERE e.student_id = c.student_id
        AND (e.to_on IS NULL OR e.to_on >= :today))
FROM ({cut}) c
LEFT JOIN case_person m ON m.case_id = c.id AND m.part = 'manager' AND m.until IS NULL
LEFT JOIN person p ON p.id = m.person_id
"""
SEEN = {
    "service": "c.service_id = :organisation",
    "school": """EXISTS (SELECT 1 FROM enrolment r WHERE r.student_id = c.student_id AND r.school_id = :organisation
        AND r.from_on <= :today AND (r.to_on IS NULL OR r.to_on >= :today)
        AND (c.status <> 'closed' OR c.school_id = :organisation OR r.from_on <= c.status_at))""",
}
HAVE = """SELECT o.student_id FROM student_name_word o
    WHERE o.organisation_id = :organisation AND o.word >= :low{place} AND o.word < :high{place}"""
STUDENT = "JOIN student t ON t.id = c.student_id"
ORDER = f"ORDER BY w.word, w.student_id, c.status = 'closed', c.id DESC LIMIT {MOST + 1}"
AS_CUT = "ORDER BY c.word, c.sort_key, c.student_id, c.status = 'closed', c.id DESC"
FORM = """<h1>Search</h1><form action="/search" role="search"><label for="find">Student’s name or case number</label>
<div>The beginning of a name is enough, in any order, with or without macrons.</div>
<input id="find" name="q" type="search" value="{typed}"><button>Search</button></form>"""
TABLE = """<table class="wh-list"><caption>Found for “{typed}”</caption><thead><tr><th scope="col">Student</th>
<th scope="col">Year</th><th scope="col">Status</th><th scope="col">Who has it</th></tr></thead><tbody>{rows}</tbody></table>"""
MORE = f"<p>These are {MOST} of them, and there are more: type more of the name.</p>"
NOBODY = """<p>Nobody found for “{typed}” who has a case that you may know of. Macrons, apostrophes and the order of names do
not matter; type less of the name, or only one of them.</p>"""
ASK = """<p>A student without a case is found when you <a href="/portal/referrals/new">ask for support with a student</a>.</p>"""


def found(who: Who, query: dict[str, list[str]]) -> str:
    text = query["q"][0]
    typed, wanted = escape(text), sought(text)
    values: dict[str, Any] = {"organisation": who.organisation, "today": today(), "number": wanted.number}
    for place, word in enumerate(wanted.words):
        values[f"low{place}"], values[f"high{place}"] = prefix_bounds(word)
    statement = _by_number(who.kind) if wanted.number else _by_name(who.kind, len(wanted.words))
    rows = driver.rows(statement, **values)
    who.log("search")
    if not rows:
        return page(who, "Search", f"{FORM.format(typed=typed)}{NOBODY.format(typed=typed)}{_ask(who)}")
    shown = "".join(_row(PLACES[who.kind], row) for row in rows[:MOST])
    more = MORE if len(rows) > MOST else ""
    return page(who, "Search", f"{FORM.format(typed=typed)}{TABLE.format(typed=typed, rows=shown)}{more}")


@cache
def _by_number(kind: str) -> str:
    cut = CUT.format(more="", which="", joined=STUDENT, where=f"c.number = :number AND {SEEN[kind]}")
    return CASES.format(cut=cut)


@cache
def _by_name(kind: str, count: int) -> str:
    """The words of one organisation in their order, the exact one first; each student by the first that begins so."""
    own = "SELECT 1 FROM student_name_word o WHERE o.student_id = w.student_id AND o.organisation_id = :organisation"
    clauses = [
        "w.organisation_id = :organisation AND w.word >= :low0 AND w.word < :high0",
        *(f"{driver.UNSOUGHT}w.student_id IN ({HAVE.format(place=place)})" for place in range(1, count)),
        f"NOT EXISTS ({own} AND o.word >= :low0 AND o.word < w.word)",
        SEEN[kind],
    ]
    which = f"student_name_word w {STUDENT.replace('c.student_id', 'w.student_id')} JOIN"
    joined = "ON c.student_id = w.student_id"
    cut = CUT.format(more=", w.word", which=which, joined=joined, where=" AND ".join(clauses))
    return f"{CASES.format(cut=f'{cut} {ORDER}')} {AS_CUT}"


def _row(start: str, row: Any) -> str:
    number, status, legal, preferred, manager, level = row
    name = preferred or legal
    formal = f"{escape(legal)}, " if name != legal else ""
    return (
        f'<tr><th scope="row"><a class="govuk-link" href="{start}{number}/">{escape(name)}</a>'
        f"<small>{formal}{number}</small></th><td>{'–' if level is None else f'Year {level}'}</td><td>{tag(status)}</td>"
        f"<td>{escape(manager or 'nobody yet')}</td></tr>"
    )


def _ask(who: Who) -> str:
    return ASK if who.kind == "school" else ""
