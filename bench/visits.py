"""The pages whose weight and paint are measured: addresses, and who looks. The lead of the busiest service, and for the
form of a request, which they have just begun, the attendance lead of the school with the most cases."""

from dataclasses import dataclass

from app.cases.models import Status
from bench import report
from bench.questions import Asker, askers
from bench.serving import Site
from bench.visitor import Unexpected, Visitor

FIND, START = "/portal/referrals/new?q={}", "/portal/referrals/"


@dataclass(frozen=True)
class Visit:
    page: str
    path: str
    cookie: str


def visits(site: Site) -> list[Visit]:
    """Those that are there."""
    lead, school = askers(site)
    number, words = _case(lead)
    named = {
        "home": "/workspace/",
        "queue": "/workspace/queue/",
        "list": "/workspace/cases/",
        "case": f"/workspace/cases/{number}/",
        "search": f"/search?q={words}",
        "letters": f"/workspace/cases/{number}/letters/",
    }
    seen = [Visit(page, path, lead.signed_in.cookie) for page, path in named.items()]
    seen.append(Visit("draft", _draft(site, school), school.signed_in.cookie))
    return [visit for visit in seen if _is_there(site, visit)]


def _case(lead: Asker) -> tuple[str, str]:
    """The number of one that is worked on, and the beginning of its student's name."""
    case = next(case for case in lead.cases if case.status is Status.OPEN)
    return case.number, case.legal_name[:2].lower()


def _draft(site: Site, school: Asker) -> str:
    """For a student on the roll whose name begins with one of these."""
    visitor = Visitor(site.port, school.signed_in.cookie)
    pages = (visitor.read("find", FIND.format(letter)) for letter in "atmslj")
    form = next(form for page in pages for form in page.forms(START))
    return visitor.send("start", form).path


def _is_there(site: Site, visit: Visit) -> bool:
    try:
        Visitor(site.port, visit.cookie).read(visit.page, visit.path)
    except Unexpected as fault:
        report.say(f"{visit.page}: left out, {fault}")
        return False
    return True
