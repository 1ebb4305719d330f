"""How long a year's half of a large school takes from its file to its sums, through the real worker; and how long others wait for a
case meanwhile."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import insert, select

from app.attendance.marks.actions import bring, keep_import
from app.attendance.marks.models import ImportState, MarkImport
from app.attendance.tallies.models import TallyDue
from app.core import clock
from app.core.db import begin_write, db
from app.core.files.lines import MOST_BYTES, keep_table
from app.core.files.pictures import Allowance
from app.core.files.spool import PIECE, Spool
from app.core.files.stored import Scan
from app.people.queries import Actor, actor_for
from app.students.models import Enrolment, EnrolmentSource, EnrolmentType, Student
from bench import mark_files, report
from bench.browser import Browser
from bench.memory import proportional
from bench.pages import CASES, DATABASES
from bench.questions import Asker, askers
from bench.serving import Site, served
from scripts.portal import NotStarted

STUDENTS = int(os.environ.get("STUDENTS", "5000"))
WEEKS = int(os.environ.get("WEEKS", "20"))
ENDINGS = os.environ.get("ENDINGS", "csv xlsx").split()
IDLE = 200
"""Cases that are asked for before anything is brought."""
PATIENCE = 600.0
STEPS = {ImportState.REVIEW: "read_s", ImportState.KEPT: "kept_s"}


def measure() -> None:
    for kind in DATABASES:
        report.say(f"marks: {STUDENTS} students, {WEEKS} weeks, beside {CASES} cases on {kind}")
        with served(kind, CASES) as site:
            lead, school = askers(site)
            _add_students(site, school)
            for turn, ending in enumerate(ENDINGS):
                _import(site, kind, (lead, school), turn, ending)


def _add_students(site: Site, school: Asker) -> None:
    """On the roll of this school for two years, with numbers of their own."""
    now, since = clock.now(), clock.today() - timedelta(days=730)
    students = [_student(n, since) for n in range(STUDENTS)]
    at = {"school_id": school.signed_in.organisation_id, "from_on": since, "year_level": 10, "as_of": now}
    known = {**at, "type": EnrolmentType.REGULAR, "source": EnrolmentSource.ROLL}
    with site.app.app_context():
        begin_write()
        made = db.session.scalars(insert(Student).returning(Student.id), students).all()
        db.session.execute(insert(Enrolment), [{**known, "student_id": student_id} for student_id in made])
        db.session.commit()


def _student(number: int, born_on: date) -> dict[str, object]:
    nsn, name = mark_files.number_of(number), f"Ākonga {number}"
    return {
        "public_id": f"bench{nsn}",
        "legal_name": name,
        "sort_key": name,
        "born_on": born_on,
        "national_number": nsn,
    }


def _import(site: Site, kind: str, people: Sequence[Asker], turn: int, ending: str) -> None:
    """The lead asks for cases all the while; the school brings a file, and keeps it."""
    lead, school = people
    worker = _worker(site)
    with (
        Browser(site.port, site.url, lead.signed_in.cookie) as browser,
        NamedTemporaryFile(suffix=f".{ending}") as file,
    ):
        mark_files.write(Path(file.name), ending, STUDENTS, WEEKS, turn)
        ask = _asking(browser, lead)
        ask(lambda number: number < IDLE)
        idle = ask(lambda number: number < IDLE)
        _forget_peak(worker)
        before = _peak(worker)
        figures, waited = _carried_through(site, school, Path(file.name), ask)
        size = round(Path(file.name).stat().st_size / 1024**2, 1)
    report.line(
        "marks",
        file=ending,
        mb=size,
        db=kind,
        cases=CASES,
        **figures,
        worker_mb=_peak(worker),
        worker_mb_before=before,
        web_mb=max(map(proportional, site.web_workers())),
        case_p50_ms_idle=report.middle(idle),
        case_p95_ms_idle=report.nearly_all(idle),
        case_p50_ms=report.middle(waited),
        case_p95_ms=report.nearly_all(waited),
        ratio=round(report.nearly_all(waited) / report.nearly_all(idle), 2),
    )


Ask = Callable[[Callable[[int], bool]], list[float]]


def _asking(browser: Browser, lead: Asker) -> Ask:
    """Cases one after the other as long as something holds; how many milliseconds each took."""
    questions = lead.questions("case", 40)

    def ask(while_: Callable[[int], bool]) -> list[float]:
        waited: list[float] = []
        while while_(len(waited)):
            answer = browser.ask(questions[len(waited) % len(questions)])
            if answer.status != 200:
                raise RuntimeError(f"a case answered {answer.status}")
            waited.append(answer.seconds * 1000)
            time.sleep(0.02)
        return waited

    return ask


def _carried_through(site: Site, school: Asker, path: Path, ask: Ask) -> tuple[dict[str, float], list[float]]:
    """Read, kept and counted: how long each took; and how long cases took meanwhile."""
    figures, waited = {}, []
    with site.app.app_context():
        began = time.perf_counter()
        import_id = _bring(school, path)
        for state, name in STEPS.items():
            site.app.extensions["jobs"].wake()
            waited += ask(_until(lambda state=state: _state(import_id) is state, began))  # type: ignore[misc]
            figures[name] = since(began)
            if state is ImportState.REVIEW:
                begin_write()
                keep_import(import_id, by=_actor(school))
                db.session.commit()
        waited += ask(_until(lambda: _is_counted(school.signed_in.organisation_id), began))
        figures["counted_s"] = since(began)
        brought = db.session.get_one(MarkImport, import_id, populate_existing=True)
        figures |= {"rows": brought.rows, "new": brought.new, "changed": brought.changed, "refused": brought.refused}
        db.session.rollback()
    return figures, waited


def _bring(school: Asker, path: Path) -> int:
    """As the page does it, without the way there."""
    with Spool(largest=MOST_BYTES) as spool, path.open("rb") as file:
        while piece := file.read(PIECE):
            spool.write(piece)
        kept = keep_table(spool, path.name, Allowance())
    begin_write()
    brought = bring(kept, scan=Scan.NOT_SCANNED, by=_actor(school))
    import_id = brought.id
    db.session.commit()
    return import_id


def _actor(school: Asker) -> Actor:
    actor = actor_for(school.signed_in.token)
    if actor is None:
        raise RuntimeError("the sign-in has ended")
    return actor


def _until(is_so: Callable[[], bool], began: float) -> Callable[[int], bool]:
    def goes_on(number: int) -> bool:
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError("the worker did not come to an end")
        return number % 5 > 0 or not is_so()

    return goes_on


def _state(import_id: int) -> ImportState | None:
    found = db.session.execute(select(MarkImport.state, MarkImport.fault).where(MarkImport.id == import_id)).one()
    db.session.rollback()
    if found.state is ImportState.REFUSED:
        raise RuntimeError(found.fault)
    state: ImportState = found.state
    return state


def _is_counted(school_id: int) -> bool:
    due = db.session.scalar(select(TallyDue.school_id).where(TallyDue.school_id == school_id))
    db.session.rollback()
    return due is None


def since(began: float) -> float:
    return round(time.perf_counter() - began, 1)


def _worker(site: Site) -> int:
    """Its process."""
    below = Path(f"/proc/{site.parts.running['serve'].pid}/task/{site.parts.running['serve'].pid}/children").read_text()
    for pid in below.split():
        if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            return int(pid)
    raise NotStarted("there is no worker")


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _peak(pid: int) -> int:
    """Megabytes: the most since it was forgotten. The program that reads a sheet is another process, with a limit of its own."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) // 1024
