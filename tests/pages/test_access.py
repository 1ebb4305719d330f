"""Every cell of the table (`tests/access.py`) asked of the running app, with a look at what was written."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, current_app
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.announcements.rules import texts_of
from app.attendance.calendars.actions import close_days
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.queries import own_calendar
from app.attendance.calendars.rules import ClosureFacts
from app.attendance.marks.models import ImportState
from app.attendance.star.models import StarResponse
from app.attendance.tallies.models import ConfirmedTerm
from app.cases.agencies.rules import facts_of as facts_of_agency
from app.cases.arrivals.actions import add_newcomer
from app.cases.arrivals.rules import Newcomer
from app.cases.barriers.rules import facts_of as facts_of_barrier
from app.cases.diary.actions import make_feed
from app.cases.entries import Audience
from app.cases.files.queries import files_for
from app.cases.migrated.models import MigratedCase
from app.cases.models import Case, CaseKind, SafetyNote
from app.cases.safety.rules import mark_of as mark_of_note
from app.cases.student.actions import link_sibling, record_enrolment
from app.cases.student.rules import Elsewhere
from app.core import clock
from app.core.db import Base, db
from app.core.events import Outbox
from app.core.kept import KeptForm, Typed, keep
from app.core.security import link_code, random_token
from app.core.versions import version_of
from app.initiatives.rules import facts_of as facts_of_initiative
from app.letters.batches.actions import choose
from app.letters.batches.models import BatchLine, BatchState, LetterBatch, LineState
from app.letters.batches.rules import Rule
from app.letters.emails.actions import send_by_email
from app.letters.letterheads.queries import letterhead_for
from app.letters.letterheads.rules import LetterheadTexts
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.wordings.actions import save_text, use_text
from app.letters.wordings.queries import VersionHere, text_for, version_for
from app.people.actions import add_person
from app.people.models import Catchment, Kind, Organisation, Role, RoleHeld, School
from app.people.queries import Actor
from app.people.role_requests.actions import ask_for_role
from app.people.role_requests.rules import Applicant
from app.referrals.actions import submit
from app.referrals.drafts.actions import discard
from app.referrals.duplicates.actions import confirm_merge, propose_merge
from app.referrals.duplicates.queries import merge_for, pair_for
from app.referrals.models import LikelyMatch
from app.settings import Settings
from app.students.caregivers.rules import mark_of as mark_of_detail
from app.students.models import Student
from app.students.particulars.rules import facts_of as facts_of_student
from app.students.rules import facts_of
from app.students.siblings.models import Sibling
from tests import make
from tests.access import ALONE, DOCUMENT, HAVE_DAYS, NOBODY, SIGN_IN, TABLE, VISITORS, Route, document
from tests.attendance import exports, marked
from tests.attendance.marks_rows import prompt as prompt_of
from tests.letters import school
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.client import Client
from tests.support.databases import Database, restorable
from tests.support.settings import settings_for

NOT_COUNTED = {"sign_in", "view_log", "once_key", "heartbeat", "case_serial"}
TABLES = [table for table in Base.metadata.sorted_tables if table.name not in NOT_COUNTED]
PARTS = 4
STATED = {"NEN": "{last_attended_on}, {school_days_since}", "holiday": "{holiday_from}, {holiday_to}"}
PLACES = {id(route): place for place, route in enumerate(TABLE)}
COUNTS = select(*[select(func.count()).select_from(table).scalar_subquery() for table in TABLES])


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """A sign-in server that nobody answers at."""
    return settings_for(database.url, tmp_path, OIDC_ISSUER="http://localhost:9")


class Asker:
    """Everybody of the world with a browser each, and the things that are asked about; what a form used up is brought back."""

    def __init__(self, client: Client, another: Callable[[], Client], until: ExitStack, database: Database) -> None:
        self.client = client
        self.world: make.World = client.outside(make.world)
        self.browsers = {who: another() for who in VISITORS}
        self.things: dict[str, str] = client.outside(_things, self.world)
        self.set_so: tuple[bool, bool] | None = None
        self.led: set[tuple[str, str, str]] = set()
        for who in set(VISITORS) - {NOBODY}:
            self.browsers[who].sign_in(self.person(who).person_id)
        self.cookies = {who: self._session(who) for who in VISITORS}
        self.before = self._written()
        self.is_sqlite = database.kind == "sqlite"
        self._restore = until.enter_context(restorable(database, lambda: client.outside(_hang_up)))

    def person(self, who: str) -> Any:
        return self.world.people[who.removesuffix("_on").removesuffix("_alone")]

    def asks(self, route: Route, who: str) -> bool:
        """On PostgreSQL all but what writes (bringing everything back took longer there than all other cells, and each form is
        sent on both by the tests of its page), and of refusals every third, in turn: each address refuses some of its
        strangers there, and each stranger is refused by some of the addresses."""
        if self.is_sqlite:
            return True
        if route.cells[who] == route.answer:
            return not route.writes
        return (PLACES[id(route)] + list(VISITORS).index(who)) % 3 == 0

    def ask(self, route: Route, who: str) -> str:
        """What is wrong with this cell, or nothing."""
        self._set(is_on=who.endswith("_on"), is_alone=who == ALONE)
        answer = self._sent(route, who)
        wrote = route.method == "POST" and self._written() != self.before
        expected = route.cells[who]
        found = (
            SIGN_IN if expected == SIGN_IN and (answer.location or "").startswith("/sign-in") else answer.status_code
        )
        leads = self._leads_to(route, who, answer)
        if wrote or (route.method == "POST" and found == 303):
            self._bring_back(who)
        if found != expected:
            return f"{route.method} {route.rule} ({route.words}) {who}: {found}, should be {expected}"
        if leads not in {200, 303}:
            return f"{route.method} {route.rule} ({route.words}) {who}: is led to {answer.location}, which is {leads}"
        if wrote is not (route.writes and expected == route.answer):
            return f"{route.method} {route.rule} ({route.words}) {who}: {'' if wrote else 'no '}rows written"
        return ""

    def _leads_to(self, route: Route, who: str, answer: TestResponse) -> int:
        """What somebody in this role gets next, once for each role; 200 where nobody is led anywhere."""
        asked = (route.rule, route.words, VISITORS[who][0])
        if not route.writes or answer.status_code != 303 or who == NOBODY or asked in self.led:
            return 200
        self.led.add(asked)
        return self.browsers[who].get(answer.location).status_code

    def path(self, route: Route) -> str:
        """Its address, of the things that it names."""
        path = route.rule
        for name, thing in route.at.items():
            path = path.replace(f"<{name}>", self.things[thing])
        return path

    def _sent(self, route: Route, who: str) -> TestResponse:
        browser, path = self.browsers[who], self.path(route)
        if route.method == "GET":
            return browser.get(path)
        known = {**self.things, **self._own(who), **self._none_yet(who), "chance": random_token()}
        return browser.send(path, **{name.format(**known): text.format(**known) for name, text in route.body.items()})

    def _own(self, who: str) -> dict[str, str]:
        if who == NOBODY:
            return {"own_role": "", "foreign_role": "", "switch": "y"}
        foreign = self.person("tom" if who == "mere" else "mere")
        return {"own_role": self.person(who).role_held_id, "foreign_role": foreign.role_held_id, "switch": "y"}

    def _none_yet(self, who: str) -> dict[str, str]:
        """Another service, or school, has no letterhead."""
        empty = version_of(LetterheadTexts().texts)
        return (
            {"letterhead_version": empty}
            if who == "lupe"
            else {"school_letterhead_version": empty}
            if who in {"jin", "kahu"}
            else {}
        )

    def _set(self, *, is_on: bool, is_alone: bool) -> None:
        """Do case managers see the service's cases; is the school without an attendance lead?"""
        if self.set_so == (is_on, is_alone):
            return
        self.set_so = (is_on, is_alone)
        mine = update(Organisation).where(Organisation.id == self.world.te_awa.id)
        lead = update(RoleHeld).where(RoleHeld.person_id == self.world.mere.person_id)
        self.client.outside(lambda: db.session.execute(mine.values(case_managers_see_cases=is_on)))
        self.client.outside(lambda: db.session.execute(lead.values(ended_at=clock.now() if is_alone else None)))

    def _written(self) -> tuple[int, ...]:
        """How many rows each table has."""
        return tuple(self.client.outside(lambda: list(db.session.execute(COUNTS).one())))

    def _bring_back(self, who: str) -> None:
        """Everything, also the setting and who is signed in."""
        self._restore()
        self.set_so = None
        self._session(who, **self.cookies[who])

    def _session(self, who: str, **becomes: Any) -> dict[str, Any]:
        """What the cookie of this browser holds; or shall hold."""
        base = self.client.application.extensions["settings"].public_url
        with self.browsers[who].session_transaction(base_url=base) as session:
            session.update(becomes)
            return dict(session)


def _hang_up() -> None:
    db.engine.dispose()


def _things(world: make.World) -> dict[str, str]:
    """What the addresses and forms name."""
    kept = _kept_of(world.tom)  # in a transaction of its own, so it comes first
    first, second, third, fourth, fifth, sixth = (make.student("Tama Tāne", world.tawa) for _ in range(6))
    sent = make.filled(world.priya, first, contact=world.tom, **make.SAFETY)
    (sent_file,) = make.request_with(world.priya, sent, "with.txt")
    case = make.assigned(
        submit(sent, version=sent.version, files=[sent_file], by=world.priya), to=world.ana, by=world.ruth
    )
    closed = make.assigned(make.submitted(world.priya, second, contact=world.tom), to=world.ana, by=world.ruth)
    draft = make.draft(world.priya, third, primary_contact=world.tom.public_id, reason="Why")
    filled = make.filled(world.priya, fourth, contact=world.tom)
    files = {
        f"{audience}_file": make.files_of_entry(world.ana, make.note_with(world.ana, case, audience, "a.txt"))[0]
        for audience in Audience
    }
    (draft_file,) = make.request_with(world.priya, draft, "draft.txt")
    discarded = make.filled(world.priya, make.student("Tama Tāne", world.tawa), contact=world.tom)
    discard(discarded, by=world.priya)
    brought = {"service_id": world.te_awa.id, "former_number": "77", "referred_on": clock.today(), "at": clock.now()}
    db.session.add(MigratedCase(case_id=case.id, **brought))
    have_days = [world.people[who] for who in HAVE_DAYS.split() if not who.endswith("_on")]
    return {
        "case": case.number,
        "school": "9001",
        "note": make.note(world.ana, case).public_id,
        "waits": make.note(world.ana, case, waits=True).public_id,
        "school_waits": make.note(world.tom, case, waits=True).public_id,
        "event": make.event(world.ana, case).public_id,
        "restricted_event": make.event(world.ana, case, Audience.RESTRICTED).public_id,
        "restricted": make.note(world.ana, case, Audience.RESTRICTED).public_id,
        "school_note": make.note(world.tom, case).public_id,
        "task": make.task(world.ana, case).public_id,
        "closed_task": make.task(world.ana, closed).public_id,
        "closed": make.closed(closed, by=world.ruth).number,
        **_queued(make.submitted(world.priya, fifth, contact=world.tom)),
        **_in_triage(world),
        **files,
        "own_file": make.unsent_with(world.tom, case, "own.txt")[0],
        **_letters(world, case, closed),
        **_school_letters(world, case),
        **_plans(world, case),
        **_elsewhere(world, case),
        **_whanau(world, case, closed),
        "stepping": "transition",
        "opening": "open",
        "regular": "attending_regularly",
        "lead_reason": "made_in_error",
        "manager_file": make.unsent_with(world.ana, case, "own.txt")[0],
        "draft_file": draft_file,
        "sent_file": sent_file,
        "sent": sent.referral.public_id,
        "issue": (issue := make.known_issue(world.oscar)).public_id,
        "issue_version": version_of(texts_of(issue)),
        "topic": "signing-in",
        "report": make.reported(world.tom, "shot.png").reference,
        "report_open": make.reported(world.tom, "shot.png", may_open=True).reference,
        "announced": make.announced(world.oscar).public_id,
        "announced_school": make.announced(world.oscar, Role.ATTENDANCE_LEAD).public_id,
        "draft": draft.referral.public_id,
        "kept": kept,
        "mailed": _mailed(world.tom),
        **_left(world),
        **_gone(world),
        **_transfers(world),
        **_pauses(world),
        "versions": '{"reason": 1, "primary_contact": 1}',
        "contact": world.tom.public_id,
        "maker": world.priya.public_id,
        "discarded": discarded.referral.public_id,
        "filled": filled.referral.public_id,
        "version": str(filled.version),
        "pupil": sixth.public_id,
        "added": _added(world),
        "manager": world.ana.public_id,
        "other_manager": world.david.public_id,
        "managing": "case_manager",
        "calendar": [make_feed(by=who) for who in have_days][-1],
        **_roles_asked_for(world),
        **_twins(world),
        "leaver": world.aroha.public_id,
        "leaver_role": "primary_contact",
        "investigator": world.moana.public_id,
        "investigating": "investigator",
    }


def _added(world: make.World) -> str:
    """A student whom the school added by hand."""
    day = clock.today()
    return add_newcomer(Newcomer("Tama Tāne", date(2012, 5, 4), day, 9, "Form"), by=world.priya).public_id


def _gone(world: make.World) -> dict[str, str]:
    """A case that Maunga has, whose people work in that school; another service is the provider there."""
    number = make.gone(world, make.student("Tama Tāne", world.tawa)).number
    school = db.session.get_one(School, world.bay.id)
    school.provision_id = world.maunga.id
    db.session.get_one(Catchment, school.catchment_id).service_id = world.te_awa.id
    return {"gone": number}


def _transfers(world: make.World) -> dict[str, str]:
    """One that an investigator is to offer, and one that Maunga is to answer."""
    asked, offered = (make.wanted_elsewhere(world, make.student("Tama Tāne", world.tawa)) for _ in range(2))
    make.offered(world, offered, to=world.maunga)
    numbers = {"offered_case": db.session.get_one(Case, offered.case_id).number}
    notice = make.assigned(
        make.submitted(world.priya, make.student("Tama Tāne", world.tawa), contact=world.tom),
        to=world.ana,
        by=world.ruth,
    )
    notice.kind, numbers["notice"] = CaseKind.NEN, notice.number
    return {"asked_transfer": asked.public_id, "offered_transfer": offered.public_id, **numbers}


def _pauses(world: make.World) -> dict[str, str]:
    """One that waits for a lead of Te Awa, which has it; Maunga has not."""
    make.pauses_allowed(world.te_awa)
    pupil = make.student("Tama Tāne", world.tawa)
    case = make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)
    day = clock.today() + timedelta(days=7)
    box = {f"pause_{name}": str(getattr(day, name)) for name in ("day", "month", "year")}
    return {"pause_case": case.number, "pause": make.pause_asked(world.ana, case).pause.public_id, **box}


def _mailed(whom: Actor) -> str:
    """What the link of a mail to this person names."""
    first = select(func.min(Outbox.id)).where(Outbox.person_id == whom.person_id)
    return link_code(current_app.extensions["settings"].secret_key, db.session.scalars(first).one() or 0)


def _roles_asked_for(world: make.World) -> dict[str, str]:
    """By somebody who holds none any more."""
    who = add_person(name="Rina Pōtae", email="rina@example.nz")
    ministry = make.Place(world.wini.organisation_id, world.wini.organisation_name, Kind.MINISTRY)
    asked = {
        "asked": (world.tawa, Role.OFFICE_SUPPORT),
        "asked_of_service": (world.te_awa, Role.CASE_MANAGER),
        "asked_of_ministry": (ministry, Role.INVESTIGATOR),
    }
    for at, role in asked.values():
        make.end_roles(make.actor(who, role, at))
    return dict.fromkeys((f"left_{key}" for key in asked), who.public_id) | {
        key: ask_for_role(who, at.id, role, why="", by=Applicant(who.id, at.id)).public_id
        for key, (at, role) in asked.items()
    }


def _twins(world: make.World) -> dict[str, str]:
    """Two records of a student, two more that Ana proposed to merge, and two that were."""
    found: dict[str, str] = {}
    for one, other in (("twin", "other_twin"), ("goes", "merge"), ("went", "merged")):
        pupil = make.student(f"Wiki {one.title()}", world.tawa)
        first = make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)
        second = make.closed(make.twice(world, first), by=world.ruth)
        later = db.session.get_one(Student, second.student_id).public_id
        found |= {one: pupil.public_id, other: later}
        if one != "twin" and (pair := pair_for(world.ana, pupil.public_id, later)):
            found[other] = propose_merge(pair, pair.later, why="The same mother.", by=world.ana).public_id
    merged = merge_for(world.ruth, found["merged"])
    assert merged is not None
    confirm_merge(merged, by=world.ruth)
    return found


def _left(world: make.World) -> dict[str, str]:
    """A case of a student who went to the other school; the first one wrote on it, and the service did."""
    case = make.moved(world, make.student("Rangi Paki", world.tawa))
    make.note_with(world.ana, case, Audience.SHARED, "shared.txt")
    shared, ours = (file.public_id for file in files_for(world.jin, case.id))
    return {"left": case.number, "left_file": ours, "left_shared": shared}


def _queued(case: Case) -> dict[str, str]:
    """Its student has the name and the date of birth of others here: that is a likely match."""
    of_it = select(LikelyMatch.public_id).where(LikelyMatch.case_id == case.id).order_by(LikelyMatch.id)
    return {"queued": case.number, "match": db.session.scalars(of_it.limit(1)).one()}


def _in_triage(world: make.World) -> dict[str, str]:
    """Two cases of the same name that no service has, as their catchment had none."""
    catchment = db.session.scalars(select(Catchment).where(Catchment.service_id == world.te_awa.id)).one()
    service_id, catchment.service_id = catchment.service_id, None
    alike = [make.student("Wai Tāne", world.tawa) for _ in range(2)]
    _, later = (make.submitted(world.priya, pupil, contact=world.tom) for pupil in alike)
    catchment.service_id = service_id
    match = select(LikelyMatch.public_id).where(LikelyMatch.case_id == later.id)
    return {"triage_match": db.session.scalars(match).one()}


def _texts_of_letters(world: make.World) -> dict[str, str]:
    """Services and schools have one in use, and a newer one that says the same in all."""
    found = {"nen": "NEN", "at_school": "holiday", "english": "en", "short": "short", "alone": "alone"}
    for purpose, people in (("NEN", ("lupe", "ruth")), ("holiday", ("kahu", "jin", "mere"))):
        for by in (world.people[who] for who in people):
            use_text(_text_written(by, purpose, "First"), "Plainer", by=by)
            newest = _text_written(by, purpose, "Second")
        of = "school_" if purpose == "holiday" else ""
        found |= {f"{of}text_version": newest.row.public_id, f"{of}text_mark": newest.text.mark}
        found[f"{of}stated"] = STATED[purpose]
    return found


def _text_written(by: Actor, purpose: str, heading: str) -> VersionHere:
    here = text_for(by, purpose, 1, "en")
    assert here is not None
    blocks = [{"kind": "paragraph", "text": STATED[purpose]}, {"kind": "signature"}]
    content = {"title": "A letter", "heading": heading, "blocks": blocks}
    found = version_for(by, purpose, 1, "en", save_text(here, content, mark=here.mark, by=by))
    assert found is not None
    return found


def _letters(world: make.World, case: Case, closed: Case) -> dict[str, str]:
    """One caregiver who can be written to, with two previews, and one with a letter that was sent, and a hold."""
    batches = _batches(world)
    caregiver, today = make.letter_ready(world, case), clock.today()
    make.logo(by=world.ruth)
    another = make.caregiver(case, world.priya, "Rangi Tāne")
    preview, failed = (make.rendered(make.preview(world.ana, case, caregiver), by=world.ana) for _ in range(2))
    warned = make.caregiver(case, world.priya, "Hone Tāne")
    make.excepted(world.ruth, case, warned, 3)
    warning = make.rendered(make.preview(world.ana, case, warned), by=world.ana)
    asked = make.asked_to_sign(world.ana, case, warned)
    failed.rendered_at, failed.fault = None, "The letter could not be set."
    letterhead = letterhead_for(world.ruth)
    assert letterhead is not None
    return {
        "caregiver": caregiver.public_id,
        "address_mark": mark_of_detail(caregiver, "address"),
        "caregiver_version": version_of(facts_of(caregiver).texts),
        "letterhead_version": version_of(letterhead.texts.texts),
        **_texts_of_letters(world),
        "former_caregiver": make.caregiver(closed, world.priya).public_id,
        "preview": preview.public_id,
        "failed": failed.public_id,
        "warning": warning.public_id,
        "asked_warning": asked.public_id,
        "letter": make.letter_sent(world.ana, case, another).public_id,
        **_letters_by_email(world, case),
        **batches,
        "exception": make.excepted(world.ruth, case, another, 3).public_id,
        "hold": make.hold(world.ana, case, whom=another).public_id,
        "one": "1",
        **{f"ladder_{purpose}": purpose for purpose in ("ca", "nen", "school")},
        "day": str(today.day),
        "month": str(today.month),
        "year": str(today.year),
    }


def _ended_term(world: make.World, about: make.Pupil) -> str:
    marked.term(world.tawa, about, marked.PRESENT, from_on=date(2025, 10, 13))
    return "20254"


def _confirmed_term(world: make.World, about: make.Pupil) -> str:
    marked.term(world.tawa, about, marked.PRESENT, from_on=date(2025, 7, 14))
    who = {"by_id": world.mere.person_id, "at": clock.now()}
    db.session.add(ConfirmedTerm(school_id=world.tawa.id, term=20253, **who))
    db.session.flush()
    return "20253"


def _prompt(world: make.World, about: make.Pupil) -> str:
    prompt = prompt_of({"student_id": about.id, "school_id": world.tawa.id})
    prompt.public_id = random_token()[:20]
    db.session.add(prompt)
    db.session.flush()
    return prompt.public_id


def _star_response(world: make.World, about: make.Pupil) -> str:
    who = {"student_id": about.id, "school_id": world.tawa.id, "by_id": world.mere.person_id}
    when = {"term": 20261, "step": 5, "done_on": date(2026, 3, 5), "at": clock.now()}
    response = StarResponse(public_id=random_token()[:20], kind="talk", **who, **when)
    db.session.add(response)
    db.session.flush()
    return response.public_id


def _school_letters(world: make.World, case: Case) -> dict[str, str]:
    """About a student whom Tom began to ask support for; about one who is to be away; and about one with a case."""
    mere, about, away = world.mere, make.student("Tama Tāne", world.tawa), make.student("Tama Tāne", world.tawa)
    make.draft(world.tom, about)
    make.letterhead(world.tawa, by=mere)
    make.logo(by=mere)
    of_case = db.session.get_one(Student, case.student_id)
    pupil = make.Pupil(of_case.id, of_case.public_id, of_case.name)
    school.absent(mere, about, 10)
    first, second = school.caregiver(mere, about), school.caregiver(mere, about, "Rangi Tāne")
    preview, failed = school.preview(mere, about, first), school.preview(mere, about, first)
    failed.rendered_at, failed.fault = None, "The letter could not be set."
    letterhead, holiday, trip = letterhead_for(mere), school.holiday(mere, away), school.holiday(mere, pupil)
    found, day = own_calendar(mere), date(2026, 3, 5)
    assert letterhead is not None
    assert found is not None
    return {
        "written_about": about.public_id,
        "school_caregiver": first.public_id,
        "school_caregiver_version": version_of(facts_of(first).texts),
        "school_caregiver_2": second.public_id,
        "school_preview": preview.public_id,
        "school_failed": failed.public_id,
        "school_letter": school.sent(mere, about, second).public_id,
        "school_exception": school.excepted(mere, about, second, 3).public_id,
        "school_hold": school.hold(mere, about, whom=second).public_id,
        "closure": close_days(found, ClosureFacts(day, day, CalendarEntryKind.CLOSED), by=mere).public_id,
        "this_year": str(day.year),
        **_imports(world),
        "ended_term": _ended_term(world, about),
        "confirmed_term": _confirmed_term(world, about),
        "prompt": _prompt(world, about),
        "star_response": _star_response(world, about),
        "on_holiday": away.public_id,
        "holiday": holiday.public_id,
        "holiday_caregiver": school.caregiver(mere, away).public_id,
        "given_up_caregiver": school.given_up(mere, away, school.caregiver(mere, away, "Hina Tāne")).public_id,
        **_school_letters_by_email(mere, about),
        **_school_batches(world),
        "letter_of_school": school.made(mere, pupil, school.caregiver(mere, pupil), trip.public_id).public_id,
        "school_letterhead_version": version_of(letterhead.texts.texts),
    }


def _imports(world: make.World) -> dict[str, str]:
    """One that is looked at, and one that was kept."""
    found = [exports.stood(world.mere, state) for state in (ImportState.REVIEW, ImportState.KEPT)]
    return dict(zip(("import", "kept_import"), found, strict=True))


def _school_letters_by_email(by: Actor, about: make.Pupil) -> dict[str, str]:
    """One that may go so, and one that is on its way."""
    found = []
    for name in ("Wai Tāne", "Tui Tāne"):
        make.chose_email(to := school.caregiver(by, about, name), "tane@whanau.example")
        found.append(school.made(by, about, to))
    send_by_email(school.now(by, about, found[1]), by=by)
    return {"school_for_email": found[0].public_id, "school_by_email": found[1].public_id}


def _batches(world: make.World) -> dict[str, str]:
    """One of Ana's that is looked through, with a line that is skipped, and one that is made, with its letter."""
    cases = [make.submitted(world.priya, make.student("Tama Tāne", world.tawa), contact=world.tom) for _ in range(3)]
    cases = [make.assigned(case, to=world.ana, by=world.ruth) for case in cases]
    to = [make.letter_ready(world, case) for case in cases]
    batch, _ = choose(Purpose.CA, Rule.TICKED, [case.number for case in cases[:2]], by=world.ana)
    made, _ = choose(Purpose.CA, Rule.TICKED, [cases[2].number], by=world.ana)
    return _both(batch, made, make.letter_made(world.ana, cases[2], to[2]))


def _school_batches(world: make.World) -> dict[str, str]:
    """The same of a school."""
    pupils = [make.student(f"Hemi Tāne {number}", world.tawa) for number in range(3)]
    for pupil in pupils:
        school.absent(world.mere, pupil, 12)
    to = [school.caregiver(world.mere, pupil, "Wai Tāne") for pupil in pupils]
    batch, _ = choose(Purpose.SCHOOL, Rule.STUDENTS, [pupil.public_id for pupil in pupils[:2]], by=world.mere)
    made, _ = choose(Purpose.SCHOOL, Rule.STUDENTS, [pupils[2].public_id], by=world.mere)
    found = _both(batch, made, school.made(world.mere, pupils[2], to[2]))
    return {f"school_{name}": value for name, value in found.items()}


def _both(batch: LetterBatch, made: LetterBatch, letter: Letter) -> dict[str, str]:
    """With a line that is ready, one that is skipped, and one that has its letter."""
    ready, skipped = db.session.scalars(select(BatchLine).where(BatchLine.batch_id == batch.id)).all()
    skipped.state, skipped.skipped_why = LineState.SKIPPED, "Spoken with."
    line = db.session.scalars(select(BatchLine).where(BatchLine.batch_id == made.id)).one()
    line.state, line.letter_id = LineState.ASKED, letter.id
    made.state, made.begun_at, made.print_file_id = BatchState.MADE, clock.now(), letter.file_id
    places = {"ready_place": str(ready.place), "skipped_place": str(skipped.place)}
    return {"batch": batch.public_id, "made_batch": made.public_id, **places}


def _letters_by_email(world: make.World, case: Case) -> dict[str, str]:
    """One that may go so, and one that is on its way."""
    found = []
    for name in ("Wai Tāne", "Tui Tāne"):
        make.chose_email(to := make.caregiver(case, world.priya, name))
        found.append(make.letter_made(world.ana, case, to))
    send_by_email(make.letter_now(world.ana, case, found[1]), by=world.ana)
    return {"for_email": found[0].public_id, "by_email": found[1].public_id}


def _whanau(world: make.World, case: Case, closed: Case) -> dict[str, str]:
    """What is known of the student, at the door, and of a sibling."""
    student = db.session.get_one(Student, case.student_id)
    note = db.session.scalars(select(SafetyNote).where(SafetyNote.case_id == case.id)).one()
    link_sibling(make.head(world.ana, case), closed.student_id, "Nan", by=world.ana)
    return {
        "student_version": version_of(facts_of_student(student).texts),
        "born_day": str(student.born_on.day),
        "born_month": str(student.born_on.month),
        "born_year": str(student.born_on.year),
        "other_school": str(db.session.get_one(Organisation, world.puna.id).number),
        "safety_mark": mark_of_note(note),
        "sibling": db.session.scalars(select(Sibling.public_id)).one(),
    }


def _elsewhere(world: make.World, case: Case) -> dict[str, str]:
    """Schools where the student is enrolled, as each side recorded."""
    near = db.session.scalars(select(Catchment).order_by(Catchment.id)).first()
    assert near is not None
    for number, who in {"9101": world.priya, "9102": world.ana}.items():
        school = make.school(number, f"Elsewhere {number}", near)
        told = Elsewhere(clock.today(), 10, True, "Their office")
        record_enrolment(make.head(who, case), school, told, by=who).cases_from = None
    return {"enrolled_by_school": "9101", "enrolled_by_service": "9102"}


def _plans(world: make.World, case: Case) -> dict[str, str]:
    barrier = make.barrier(world.ana, case)
    agency = make.agency(world.ana, case)
    initiative = make.initiative(world.ana)
    review_on = make.planned(world.ana, case).review_on
    assert review_on is not None
    return {
        "initiative": initiative.public_id,
        "initiative_version": version_of(facts_of_initiative(initiative, []).texts),
        "disclosure": make.disclosure(world.ana, case, agency).public_id,
        "agency": agency.public_id,
        "agency_version": version_of(facts_of_agency(agency).texts),
        "review_day": str(review_on.day),
        "review_month": str(review_on.month),
        "review_year": str(review_on.year),
        "barrier": barrier.public_id,
        "barrier_version": version_of(facts_of_barrier(barrier).texts),
        "barrier_offer": version_of({"words": make.ANSWERS["barriers"]}),
    }


def _kept_of(who: Actor) -> str:
    """What this person sent after their sign-in had ended."""
    typed = Typed(who.organisation_id, who.organisation_name, (("body", "Kia ora"),))
    keep(typed, person_id=who.person_id, key=random_token(), path="/portal/referrals/", secret="no matter which")
    return str(db.session.scalar(select(KeptForm.public_id).order_by(KeptForm.id.desc()).limit(1)))


@pytest.fixture
def in_term() -> Iterator[None]:
    """Letters of a school and holidays are of a term; the time goes on, or everybody would have asked too often at once."""
    with time_machine.travel(A_TUESDAY_IN_TERM):
        yield


@pytest.fixture
def asker(in_term: None, client: Client, another_client: Callable[[], Client], database: Database) -> Iterator[Asker]:
    with ExitStack() as until:
        yield Asker(client, another_client, until, database)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_cell_of_the_table(asker: Asker, part: int) -> None:
    """In parts, so that workers share them. Person by person: the setting that opens cases to some changes seldom then."""
    cells = ((route, who) for who in VISITORS for route in TABLE[part::PARTS] if asker.asks(route, who))
    wrong = [found for route, who in cells if (found := asker.ask(route, who))]
    assert not wrong, "\n".join(wrong)


def test_every_address_stands_in_the_table(app: Flask) -> None:
    there = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == {(route.method, route.rule) for route in TABLE}


def test_the_written_table_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "write it anew: python -m tests.access"
