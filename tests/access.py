"""The table of who gets what: every address of the portal × role × relation, with its exact answer, in the words of
`permissions.md`. `python -m tests.access` writes `docs/access.md`; `tests/pages/test_access.py` asks the running app."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.people.telling.rules import SAID

DOCUMENT = Path(__file__).parent.parent / "docs" / "access.md"
SIGN_IN = "sign in"
TWINS, MERGE = "/workspace/students/duplicates/<one>/<other>", "/workspace/students/merges/<public_id>"
MERGED = {"goes": "later", "why": "The same mother ({chance})"}
NOBODY = "nobody"

VISITORS: Mapping[str, tuple[str, str]] = {
    NOBODY: ("nobody", "signed out"),
    "mere": ("attendance lead", "org: the student is enrolled here"),
    "priya": ("office support", "org, made the request"),
    "priya_alone": ("office support", "the same; the school has no attendance lead"),
    "tom": ("primary contact", "own: named on it"),
    "aroha": ("primary contact", "same school, not named on it"),
    "hana": ("authoriser", "of this school"),
    "jin": ("attendance lead", "another school, same service"),
    "sione": ("office support", "another school, same service"),
    "kahu": ("attendance lead", "another school, another service"),
    "ruth": ("workflow lead", "org: its service"),
    "ana": ("case manager", "own: has the case"),
    "david": ("case manager", "same service, not named on it"),
    "david_on": ("case manager", "same service, with *case managers see their service’s cases*"),
    "tane": ("authoriser", "of this service"),
    "lupe": ("workflow lead", "another service"),
    "wiremu": ("case manager", "another service"),
    "moana": ("investigator", "the case is not a notice’s"),
    "rachel": ("regional", "–"),
    "niko": ("national", "–"),
    "petra": ("prosecutions", "–"),
    "wini": ("authoriser", "of the Ministry’s team"),
    "oscar": ("operator", "–"),
}
ALONE = "priya_alone"
"""What falls to Mere falls to her, wherever a row says nothing else of her."""
SCHOOLS = "mere priya tom aroha jin sione kahu"
AT_SCHOOL = f"{SCHOOLS} hana"
SERVICES = "ruth ana david david_on lupe wiremu"
AT_SERVICE = f"{SERVICES} tane"
MINISTRY = "moana rachel niko petra"
AUTHORISERS = "hana tane wini oscar"
NO_AUTHORISER = f"{SCHOOLS} {SERVICES} {MINISTRY}"
HAVE_DAYS, NO_DAYS = f"{SCHOOLS} {SERVICES}", f"{MINISTRY} {AUTHORISERS}"
SIGNED_IN = " ".join(who for who in VISITORS if who != NOBODY)
ALL = " ".join(VISITORS)
BY_MAIL = (
    *("cover_started", "letter_not_sent", "letter_sign_off_asked"),
    *("queued_5_working_days", "service_shared", "update_asked"),
)
TOLD = {**dict.fromkeys(SAID, "none"), **dict.fromkeys(BY_MAIL, "at_once")}
"""As `notifications.csv` says, of everything that somebody may choose."""


@dataclass(frozen=True)
class Route:
    """One address, asked of one thing: who is let in, who is refused (403), and to whom it does not exist (404: the rest)."""

    method: str
    rule: str
    words: str
    allowed: str
    answer: int
    refused: str = ""
    at: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    writes: bool = False
    nobody: int | str = SIGN_IN
    others: int = 404
    is_hers_alone: bool = False
    """It falls to nobody else where the school has no attendance lead."""

    @property
    def cells(self) -> dict[str, int | str]:
        """Visitor → the exact answer."""
        found: dict[str, int | str] = {**dict.fromkeys(VISITORS, self.others), NOBODY: self.nobody}
        found |= {**dict.fromkeys(self.refused.split(), 403), **dict.fromkeys(self.allowed.split(), self.answer)}
        falls_to_her = found["mere" if found["mere"] == self.answer else "priya"]
        is_said = self.is_hers_alone or ALONE in f"{self.refused} {self.allowed}".split()
        return found if is_said else {**found, ALONE: falls_to_her}


def page(rule: str, words: str, allowed: str, refused: str = "", **at: str) -> Route:
    return Route("GET", rule, words, allowed, 200, refused, at)


def act(
    rule: str, words: str, allowed: str, refused: str = "", *, body: Mapping[str, str] | None = None, **at: Any
) -> Route:
    return Route("POST", rule, words, allowed, 303, refused, at, body or {}, writes=True)


def written(at: str, writer: str, colleagues: str, *, waits: str, opened: str) -> tuple[Route, ...]:
    """What a writer may do with what they wrote: made (SHARE-2, SHARE-5)."""
    text = {"body": "Other words {chance}", "version": ""}
    shared = {"number": "case", "public_id": opened}
    readers = f"{writer} {colleagues}"
    return (
        act(f"{at}/undo", "undo before it opens: made", writer, colleagues, number="case", public_id=waits),
        Route("POST", f"{at}/undo", "undo too late: nothing done", writer, 409, colleagues, shared),
        act(f"{at}/share-now", "share now: made", writer, colleagues, number="case", public_id=waits),
        page(f"{at}/text", "edit: made", writer, colleagues, **shared),
        act(f"{at}/text", "edit: made", writer, colleagues, body=text, number="case", public_id=opened),
        act(f"{at}/text/unsent", "edit: kept as it is typed", writer, colleagues, body=text, **shared),
        page(f"{at}/retraction", "retract: made", writer, colleagues, **shared),
        act(f"{at}/retraction", "retract: made", writer, colleagues, number="case", public_id=opened),
        page(f"{at}/former-texts", "what it said before: who may read it", readers, **shared),
    )


def hidden(at: str, readers: str, *, others: str, unknown: str) -> tuple[Route, ...]:
    """What the other side wrote: refused where it can be read; where it cannot, it does not exist."""
    text = {"body": "Other words {chance}", "version": ""}
    found = []
    for thing in (others, *unknown.split()):
        may_see = readers if thing == others else ""
        words = f"what the other side wrote ({thing})"
        found += [
            act(f"{at}/undo", f"undo {words}", "", may_see, number="case", public_id=thing),
            act(f"{at}/text", f"edit {words}", "", may_see, body=text, number="case", public_id=thing),
            act(
                f"{at}/text/unsent", f"keep an edit of {words}", "", may_see, body=text, number="case", public_id=thing
            ),
            page(f"{at}/retraction", f"retract {words}", "", may_see, number="case", public_id=thing),
            page(f"{at}/former-texts", f"what it said before, {words}", may_see, number="case", public_id=thing),
        ]
    return tuple(found)


def of_letters(at: str) -> tuple[Route, ...]:
    """A service's letters: own and org; a colleague who sees the case learns nothing of them."""
    mine, not_theirs = "ruth ana", "david_on"
    case: dict[str, Any] = {"number": "case"}
    to, one = f"{at}/to/<caregiver>", f"{at}/<public_id>"
    today = {"sent_on-day": "{day}", "sent_on-month": "{month}", "sent_on-year": "{year}"}
    came_back = {"back": "answered", "back_on-day": "{day}", "back_on-month": "{month}", "back_on-year": "{year}"}
    until = {"until_on-day": "{day}", "until_on-month": "{month}", "until_on-year": "{year}"}
    is_made: dict[str, Any] = {**case, "public_id": "letter"}
    is_preview: dict[str, Any] = {**case, "public_id": "preview"}
    is_closed: dict[str, Any] = {"number": "closed", "caregiver": "former_caregiver"}
    warning, asked = {**case, "public_id": "warning"}, {**case, "public_id": "asked_warning"}
    another, excepted = {**case, "caregiver": "caregiver"}, {**case, "public_id": "exception"}
    no_talk, back, second = {"no_contact_why": "Closed"}, {"not_signed_why": "No"}, {"step": "2", "why": "Friday"}
    return (
        page(f"{at}/", "letters: see", mine, not_theirs, **case),
        page(f"{at}/", "letters of a closed case: see", mine, not_theirs, number="closed"),
        page(to, "is the next letter ready?", mine, not_theirs, **case, caregiver="caregiver"),
        act(to, "look at the next letter", mine, not_theirs, **case, caregiver="caregiver"),
        act(to, "look at a letter of a closed case", "", f"{mine} {not_theirs}", **is_closed),
        page(one, "a preview: see", mine, not_theirs, **is_preview),
        page(one, "a letter: see", mine, not_theirs, **is_made),
        page(
            f"{one}/pages/<int(max=999):page>",
            "a page of a preview",
            mine,
            not_theirs,
            **is_preview,
            **{"int(max=999):page": "one"},
        ),
        page(f"{one}/letter.pdf", "the PDF of a letter", mine, not_theirs, **is_made),
        page(f"{one}/record", "the record of a letter, to print", mine, not_theirs, **is_made),
        page(f"{one}/record", "the record of a preview: nobody’s", "", not_theirs, **is_preview),
        page(f"{one}/letter.pdf", "the PDF of a preview: nobody’s", "", not_theirs, **is_preview),
        act(f"{one}/again", "have a preview that failed set again", mine, not_theirs, **case, public_id="failed"),
        act(f"{one}/making", "make a letter", mine, not_theirs, **is_preview),
        Route("POST", f"{one}/making", "make a letter that is made: nothing done", mine, 409, not_theirs, is_made),
        act(
            f"{one}/sign-off/asked",
            "ask that a formal warning be signed off",
            mine,
            not_theirs,
            body=no_talk,
            **warning,
        ),
        act(f"{one}/sign-off", "sign a formal warning off", "ruth", f"ana {not_theirs}", **asked),
        act(f"{one}/sign-off/refused", "send a formal warning back", "ruth", f"ana {not_theirs}", body=back, **asked),
        page(f"{to}/exception", "a letter out of its turn", "ruth", f"ana {not_theirs}", **another),
        act(f"{to}/exception", "a letter out of its turn", "ruth", f"ana {not_theirs}", body=second, **another),
        act(f"{at}/exceptions/<public_id>/ending", "end an exception", "ruth", f"ana {not_theirs}", **excepted),
        page(f"{to}/beginning-again", "begin a ladder again", "ruth", f"ana {not_theirs}", **another),
        Route(
            "POST",
            f"{to}/beginning-again",
            "begin the ladder of a case again that was never closed: nothing done",
            "ruth",
            422,
            f"ana {not_theirs}",
            another,
            {"why": "Anew"},
        ),
        page(f"{at}/ladder", "move a case to another ladder", mine, not_theirs, **case),
        page(f"{at}/ladder", "move a closed case to another ladder", "", f"{mine} {not_theirs}", number="closed"),
        Route(
            "POST",
            f"{at}/ladder",
            "move a case to the ladder that it goes by: nothing done",
            mine,
            409,
            not_theirs,
            case,
            {"version": "0"},
        ),
        page(f"{one}/sending", "how a letter was sent", mine, not_theirs, **is_made),
        act(f"{one}/sending", "how a letter was sent", mine, not_theirs, body={"method": "post", **today}, **is_made),
        page(f"{one}/email", "send a letter by e-mail", mine, not_theirs, **case, public_id="for_email"),
        act(f"{one}/email", "send a letter by e-mail", mine, not_theirs, **case, public_id="for_email"),
        act(f"{one}/email/off", "call a letter by e-mail off", mine, not_theirs, **case, public_id="by_email"),
        page(f"{one}/back", "what came back of a letter", mine, not_theirs, **is_made),
        act(f"{one}/back", "what came back of a letter", mine, not_theirs, body=came_back, **is_made),
        page(f"{one}/voiding", "void a letter", mine, not_theirs, **is_made),
        act(f"{one}/voiding", "void a letter", mine, not_theirs, body={"why": "No"}, **is_made),
        page(f"{at}/holds/new", "hold letters back", mine, not_theirs, **case),
        act(
            f"{at}/holds/new",
            "hold letters back",
            mine,
            not_theirs,
            body={"whom": "everybody", "hold_reason": "medical", **until},
            **case,
        ),
        act(f"{at}/holds/<public_id>/ending", "end a hold", mine, not_theirs, **case, public_id="hold"),
    )


def of_batches(at: str) -> tuple[Route, ...]:
    """Batches of letters: own and org; a colleague whose cases are not in one learns nothing of it."""
    ticks, none = {"purpose": "CA", "rule": "ticked"}, {"purpose": "NEN", "rule": "letter_2"}
    every = "ruth ana david david_on lupe wiremu"
    return _of_batches(at, "ruth ana", every, "tane", ticks=ticks, none=none, of="")


def of_school_batches(at: str) -> tuple[Route, ...]:
    """Batches of a school’s letters: its lead’s and its office’s."""
    ticks, none, every = {"rule": "ticked_students"}, {"rule": "letter_2"}, "mere priya jin sione kahu"
    return (
        page("/portal/letters/", "students with letters due", every, "tom aroha hana"),
        *_of_batches(at, "mere priya", every, "tom aroha hana", ticks=ticks, none=none, of="school_"),
    )


def _of_batches(
    at: str, mine: str, at_service: str, others: str, *, ticks: dict[str, str], none: dict[str, str], of: str
) -> tuple[Route, ...]:
    one, line = f"{at}/<public_id>", f"{at}/<public_id>/lines/<int(max=9999):place>"
    review: dict[str, Any] = {"public_id": f"{of}batch"}
    is_made: dict[str, Any] = {"public_id": f"{of}made_batch"}
    ready: dict[str, Any] = {**review, "int(max=9999):place": f"{of}ready_place"}
    skipped: dict[str, Any] = {**review, "int(max=9999):place": f"{of}skipped_place"}
    posted = _today("posted_on")
    return (
        page(f"{at}/", "batches of letters", at_service, others),
        page(f"{at}/new", "letters for a batch", at_service, others),
        Route("POST", f"{at}/new", "on to those who are ticked: nothing written", at_service, 303, others, body=ticks),
        Route(
            "POST", f"{at}/new", "where nobody has a letter due: nothing written", at_service, 422, others, body=none
        ),
        page(f"{at}/ticked", "whom to tick for letters", at_service, others),
        Route("POST", f"{at}/ticked", "nobody ticked: nothing written", at_service, 422, others),
        page(f"{one}/", "a batch that is looked through", mine, **review),
        page(f"{one}/", "a batch that is made", mine, **is_made),
        act(f"{one}/look-again", "look at everybody in a batch again", mine, **review),
        page(f"{line}/skipping", "skip a letter of a batch", mine, **ready),
        act(f"{line}/skipping", "skip a letter of a batch", mine, body={"skipped_why": "No"}, **ready),
        act(f"{line}/back", "put a letter back into a batch", mine, **skipped),
        act(f"{one}/making", "make a batch", mine, **review),
        Route("POST", f"{one}/making", "make a batch that is made: nothing done", mine, 409, at=is_made),
        act(f"{one}/cancelling", "cancel a batch", mine, **review),
        Route("POST", f"{one}/print-file", "a print file that is there: nothing done", mine, 409, at=is_made),
        page(f"{one}/letters.pdf", "the letters of a batch, to print", mine, **is_made),
        page(f"{one}/posting-list", "the posting list of a batch", mine, **is_made),
        page(f"{one}/posting-list.csv", "the posting list of a batch as a table", mine, **is_made),
        page(f"{one}/posting", "when a batch was posted", mine, **is_made),
        act(f"{one}/posting", "when a batch was posted", mine, body=posted, **is_made),
        page(f"{one}/undoing", "undo a batch", mine, **is_made),
        act(f"{one}/undoing", "undo a batch", mine, body={"why": "No"}, **is_made),
    )


def of_school_letters(at: str) -> tuple[Route, ...]:
    """A school's own letters: seen by who has to do with the student, written by its lead and its office."""
    see, write, lead = "mere priya tom", "mere priya", "mere"
    start, letters = f"{at}/<student>", f"{at}/<student>/letters"
    to, one = f"{letters}/to/<caregiver>", f"{letters}/<letter>"
    away = f"{letters}/holidays/<holiday>/to/<caregiver>"
    who: dict[str, Any] = {"student": "written_about"}
    first: dict[str, Any] = {**who, "caregiver": "school_caregiver"}
    second: dict[str, Any] = {**who, "caregiver": "school_caregiver_2"}
    is_made: dict[str, Any] = {**who, "letter": "school_letter"}
    is_preview: dict[str, Any] = {**who, "letter": "school_preview"}
    on_holiday: dict[str, Any] = {"student": "on_holiday", "holiday": "holiday"}
    to_holiday: dict[str, Any] = {**on_holiday, "caregiver": "holiday_caregiver"}
    for_email: dict[str, Any] = {**who, "letter": "school_for_email"}
    by_email: dict[str, Any] = {**who, "letter": "school_by_email"}
    to_end: dict[str, Any] = {"student": "on_holiday", "caregiver": "holiday_caregiver"}
    ended: dict[str, Any] = {"student": "on_holiday", "caregiver": "given_up_caregiver"}
    sent = {"method": "post", **_today("sent_on")}
    came_back, until = {"back": "answered", **_today("back_on")}, _today("until_on")
    held = {"whom": "everybody", "hold_reason": "medical", **until}
    told = {**_today("from_on"), **_today("to_on"), **_today("told_on"), "source": "Office"}
    days = {f"half_days_{what}": "0" for what in ("open", "explained", "unexplained")}
    absent = {**_today("from_on"), **_today("to_on"), **_today("as_of"), **days, "source": "Our register"}
    named = {"name": "Rina", "relationship": "nan", "language": "{chance}"}
    excepted = {"step": "2", "why": "No"}
    return (
        page(f"{letters}/", "school letters: see", see, **who),
        page(to, "is the letter that is due ready?", see, **first),
        act(to, "look at the letter that is due", write, "tom", **first),
        page(away, "is the letter on a holiday ready?", write, **to_holiday),
        act(away, "look at the letter on a holiday", write, **to_holiday),
        page(one, "a letter of the school: see", see, **is_made),
        page(one, "a preview of the school: see", see, **is_preview),
        page(f"{one}/letter.pdf", "the PDF of a letter of the school", see, **is_made),
        page(f"{one}/letter.pdf", "the PDF of a preview: nobody’s", "", **is_preview),
        page(
            f"{one}/pages/<int(max=999):page>", "a page of a preview", see, **is_preview, **{"int(max=999):page": "one"}
        ),
        act(f"{one}/again", "have it set again", write, "tom", **who, letter="school_failed"),
        act(f"{one}/making", "make a letter of the school", write, "tom", **is_preview),
        page(f"{one}/sending", "how it was sent", write, "tom", **is_made),
        act(f"{one}/sending", "how it was sent", write, "tom", body=sent, **is_made),
        page(f"{one}/back", "what came back", write, "tom", **is_made),
        act(f"{one}/back", "what came back", write, "tom", body=came_back, **is_made),
        page(f"{one}/voiding", "void a letter of the school", write, "tom", **is_made),
        act(f"{one}/voiding", "void a letter of the school", write, "tom", body={"why": "No"}, **is_made),
        page(f"{one}/record", "the record of a letter of the school, to print", see, **is_made),
        page(f"{one}/record", "the record of a preview of the school: nobody’s", "", **is_preview),
        page(f"{one}/email", "send a letter of the school by e-mail", write, "tom", **for_email),
        act(f"{one}/email", "send a letter of the school by e-mail", write, "tom", **for_email),
        act(f"{one}/email/off", "call a letter of the school by e-mail off", write, "tom", **by_email),
        page(f"{letters}/holds/new", "hold school letters", write, "tom", **who),
        act(f"{letters}/holds/new", "hold school letters", write, "tom", body=held, **who),
        act(f"{letters}/holds/<hold>/ending", "end a hold of school letters", write, "tom", **who, hold="school_hold"),
        page(f"{to}/exception", "school letters: exception", lead, "priya tom", **second),
        act(f"{to}/exception", "school letters: exception", lead, "priya tom", body=excepted, **second),
        act(
            f"{letters}/exceptions/<exception>/ending",
            "school letters: end an exception",
            lead,
            "priya tom",
            **who,
            exception="school_exception",
        ),
        page(f"{start}/holidays/new", "record a holiday", write, "tom", **who),
        act(f"{start}/holidays/new", "record a holiday", write, "tom", body=told, **who),
        act(f"{start}/holidays/<holiday>/ending", "take a holiday back", write, **on_holiday),
        page(f"{start}/attendance", "days absent of a student without a case", see, **who),
        act(f"{start}/attendance", "tell days absent without a case", write, "tom", body=absent, **who),
        page(f"{start}/caregivers/new", "name a caregiver at school", write, "tom", **who),
        act(f"{start}/caregivers/new", "name a caregiver at school", write, "tom", body=named, **who),
        page(f"{start}/caregivers/<caregiver>", "a caregiver whom the school named", write, "tom", **first),
        act(
            f"{start}/caregivers/<caregiver>",
            "change a caregiver whom the school named",
            write,
            "tom",
            body={**named, "version": "{school_caregiver_version}"},
            **first,
        ),
        page(f"{start}/caregivers/<caregiver>/ending", "end a caregiver whom the school named", write, **to_end),
        act(f"{start}/caregivers/<caregiver>/ending", "end a caregiver whom the school named", write, **to_end),
        act(f"{start}/caregivers/<caregiver>/ending/undo", "name a caregiver again", write, **ended),
    )


def of_school_calendar(at: str) -> tuple[Route, ...]:
    """A school's calendar: everybody there reads their own; its lead and its office change it."""
    change, read = "mere priya jin sione kahu", "tom aroha hana"
    closed = {"kind": "closed", **_today("from_on")}
    term = {**_day("from_on_3", "21", "7"), **_day("to_on_3", "25", "9")}
    year: dict[str, Any] = {"int:year": "this_year"}
    return (
        page(f"{at}/", "school calendar: see", f"{change} {read}"),
        page(f"{at}/<int:year>/terms", "school calendar: change its terms", change, read, **year),
        act(f"{at}/<int:year>/terms", "school calendar: change its terms", change, read, body=term, **year),
        page(f"{at}/closures/new", "school calendar: close a day", change, read),
        act(f"{at}/closures/new", "school calendar: close a day", change, read, body=closed),
        act(f"{at}/closures/<public_id>/ending", "open again", "mere priya", "tom aroha hana", public_id="closure"),
    )


def of_terms(at: str) -> tuple[Route, ...]:
    """Terms of which a school sent marks: its leads and its office confirm one that is over."""
    own, others = "mere priya jin sione kahu", "tom aroha hana"
    mine: dict[str, Any] = {"int:term": "ended_term"}
    confirmed: dict[str, Any] = {"int:term": "confirmed_term"}
    return (
        page(at, "terms with marks", own, others),
        act(f"{at}/<int:term>/confirmation", "term: confirm", "mere priya", others, **mine),
        act(f"{at}/<int:term>/taking-back", "term: take back", "mere priya", others, **confirmed),
    )


def of_prompts(at: str) -> tuple[Route, ...]:
    """What a school's marks ask: its leads and its office see and answer it."""
    one, answer = f"{at}<public_id>", {"answer": "corrected", "version": ""}
    own, others, mine = "mere priya jin sione kahu", "tom aroha hana", {"public_id": "prompt"}
    return (
        page(at, "prompts: list", own, others),
        page(one, "prompts: see one", "mere priya", others, **mine),
        act(one, "prompts: answer", "mere priya", others, body=answer, **mine),
    )


def of_star(at: str) -> tuple[Route, ...]:
    """A school's STAR watch: its leads' and its office's."""
    own, others = "mere priya jin sione kahu", "tom aroha hana"
    untold = {"student": "nobody"}
    return (
        page(at, "STAR list: see", own, others),
        page(f"{at}/record", "STAR list: what was done", own, others),
        Route("POST", f"{at}/ticked", "STAR list: nobody is ticked", own, 200, others),
        Route(
            "POST", f"{at}/record", "about nobody who is past a step: nothing written", own, 422, others, body=untold
        ),
        page(f"{at}/by-tutor", "STAR list by tutor", own, others),
        page(f"{at}/by-tutor.csv", "STAR list by tutor as a table", own, others),
        page(f"{at}/by-tutor.xlsx", "STAR list by tutor for Excel", own, others),
        act(f"{at}/responses/<public_id>/ending", "STAR list: take back", "mere priya", public_id="star_response"),
        act(f"{at}/recordings/<public_id>/ending", "STAR list: take all back", "mere priya", public_id="star_response"),
    )


def of_imports(at: str) -> tuple[Route, ...]:
    """Half-day marks of a school: its leads and its office bring them, whoever brought them before."""
    every, others, own = "mere priya jin sione kahu", "tom aroha hana", "mere priya"
    columns = {"column-0": "nsn", "column-1": "day", "column-2": "morning", "column-3": "afternoon"}
    one: dict[str, Any] = {"public_id": "import"}
    kept: dict[str, Any] = {"public_id": "kept_import"}
    here = f"{at}/<public_id>"
    return (
        page(f"{at}/", "import marks: see what was brought", every, others),
        page(f"{at}/new", "import marks: bring a file", every, others),
        Route("POST", f"{at}/new", "import marks: without a file, so nothing is written", every, 422, others),
        page(f"{here}/", "import marks: preview", own, **one),
        page(f"{here}/columns", "import marks: what its columns are", own, **one),
        act(f"{here}/columns", "import marks: say what its columns are", own, body=columns, **one),
        act(f"{here}/keeping", "import marks: apply", own, **one),
        act(f"{here}/leaving", "import marks: throw away", own, **one),
        page(f"{here}/undoing", "import marks: undo", own, **kept),
        act(f"{here}/undoing", "import marks: undo", own, **kept),
    )


def of_school_letterhead(at: str) -> tuple[Route, ...]:
    """A school's letterhead: its attendance lead's."""
    leads, others = "mere jin kahu", "priya tom aroha hana sione"
    texts = {"name_mi": "{chance}", "version": "{school_letterhead_version}"}
    return (
        page(at, "letterhead: the school’s", leads, others),
        act(at, "letterhead: change the school’s", leads, others, body=texts),
        page(f"{at}/letter.pdf", "a letter with the school’s letterhead", leads, others),
        page(f"{at}/letter.png", "a letter with the school’s letterhead, as a picture", leads, others),
        page(f"{at}/logo", "the logo of one’s own school", "mere", "priya tom aroha hana"),
    )


def _day(name: str, day: str, month: str) -> dict[str, str]:
    """Of the year in which the table is asked."""
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": "{year}"}


def _today(name: str) -> dict[str, str]:
    return {f"{name}-{box}": f"{{{box}}}" for box in ("day", "month", "year")}


def of_absences(at: str, mine: str, not_theirs: str = "") -> tuple[Route, ...]:
    """Days absent: org and own, on both sides; a school's are its own."""
    days = {
        f"{name}-{box}": f"{{{box}}}"
        for name in ("from_on", "to_on", "as_of", "told_on")
        for box in ("day", "month", "year")
    }
    told = {
        **days,
        "half_days_open": "0",
        "half_days_explained": "0",
        "half_days_unexplained": "0",
        "source": "By phone",
    }
    case, closed = {"number": "case"}, {"number": "closed"}
    return (
        page(at, "a student’s attendance", mine, not_theirs, **case),
        page(at, "attendance of a closed case", mine, not_theirs, **closed),
        act(at, "tell days absent", mine, not_theirs, body=told, **case),
        act(at, "tell days absent of a closed case", "", f"{mine} {not_theirs}", body=told, **closed),
        Route(
            "POST",
            at,
            "show the weeks of a period: nothing done",
            mine,
            200,
            not_theirs,
            case,
            {**told, "show_weeks": "yes"},
        ),
    )


def of_school_ladders(at: str, leads: str, not_theirs: str) -> tuple[Route, ...]:
    """A school's own ladder: its attendance leads, or the office where there is none."""
    ladder: dict[str, Any] = {"purpose": "ladder_school"}
    letters = {"name_1": "{chance}", "days_1": "4", "name_2": "Again", "days_2": "12", "why": "Anew", "version": "0"}
    return (
        page(f"{at}/", "ladder of the school’s letters: see", leads, not_theirs),
        page(f"{at}/<purpose>", "the school’s ladder: change", leads, not_theirs, **ladder),
        page(f"{at}/<purpose>", "a service’s ladder: nobody’s here", "", "", purpose="ladder_ca"),
        page(f"{at}/<purpose>", "of the holiday letter there is no ladder", "", "", purpose="at_school"),
        act(f"{at}/<purpose>", "the school’s ladder: change", leads, not_theirs, body=letters, **ladder),
        page(f"{at}/<purpose>/ours", "the school’s ladder: back to ours", leads, not_theirs, **ladder),
        Route(
            "POST",
            f"{at}/<purpose>/ours",
            "back to ours, where it is ours: nothing done",
            leads,
            422,
            not_theirs,
            ladder,
            {"why": "Anew", "version": "0"},
        ),
    )


def of_ladders(at: str) -> tuple[Route, ...]:
    """A service's own ladders: its leads."""
    leads, not_theirs = "ruth lupe", "ana david david_on wiremu tane"
    ladder: dict[str, Any] = {"purpose": "ladder_ca"}
    ours = {"why": "Anew", "version": "0"}
    letters = {"name_1": "{chance}", "name_2": "Warning", "gap_2": "15", "has_formal": "y", **ours}
    return (
        page(f"{at}/", "ladders of letters: see", leads, not_theirs),
        page(f"{at}/<purpose>", "a ladder: change", leads, not_theirs, **ladder),
        page(f"{at}/<purpose>", "a school’s ladder: nobody’s here", "", "", purpose="ladder_school"),
        act(f"{at}/<purpose>", "a ladder: change", leads, not_theirs, body=letters, **ladder),
        page(f"{at}/<purpose>/ours", "a ladder: back to ours", leads, not_theirs, **ladder),
        Route(
            "POST",
            f"{at}/<purpose>/ours",
            "back to ours, where it is ours: nothing done",
            leads,
            422,
            not_theirs,
            {"purpose": "ladder_nen"},
            ours,
        ),
    )


def of_last_day(at: str) -> tuple[Route, ...]:
    """The last day at school: own and org."""
    mine, not_theirs = "ruth ana", "david_on"
    days = {f"{name}-{box}": f"{{{box}}}" for name in ("last_on", "told_on") for box in ("day", "month", "year")}
    told, case, closed = {**days, "source": "By phone"}, {"number": "case"}, {"number": "closed"}
    return (
        page(at, "the last day at school", mine, not_theirs, **case),
        page(at, "the last day at school, of a closed case", mine, not_theirs, **closed),
        act(at, "tell the last day at school", mine, not_theirs, body=told, **case),
        act(at, "tell the last day of a closed case", "", f"{mine} {not_theirs}", body=told, **closed),
    )


def of_desk(at: str) -> tuple[Route, ...]:
    """What letters rest on: caregivers and days absent, own and org; a letterhead, the service's leads."""
    mine, not_theirs, leads = "ruth ana", "david_on", "ruth lupe"
    one, letterhead = f"{at}/caregivers/<public_id>", "/workspace/settings/letterhead"
    case: dict[str, Any] = {"number": "case"}
    whom: dict[str, Any] = {"number": "case", "public_id": "caregiver"}
    closed, whom_closed = {"number": "closed"}, {"number": "closed", "public_id": "former_caregiver"}
    facts = {"name": "Rina", "relationship": "nan", "language": "{chance}"}
    changed = {**facts, "version": "{caregiver_version}"}
    reached = {"detail": "address", "found": "reached", "mark": "{address_mark}"}
    texts = {"name_mi": "{chance}", "version": "{letterhead_version}"}
    everybody = f"{mine} {not_theirs}"
    return (
        page(f"{at}/caregivers/", "caregivers and contact details", mine, not_theirs, **case),
        page(f"{at}/caregivers/", "caregivers of a closed case", mine, not_theirs, **closed),
        page(f"{at}/caregivers/new", "caregivers, contact details: change", mine, not_theirs, **case),
        act(f"{at}/caregivers/new", "name a caregiver", mine, not_theirs, body=facts, **case),
        act(f"{at}/caregivers/new", "name a caregiver on a closed case", "", everybody, body=facts, **closed),
        page(one, "caregivers, contact details: change", mine, not_theirs, **whom),
        page(one, "a caregiver of a closed case: change", "", everybody, **whom_closed),
        page(one, "a caregiver of another case", "", "", number="case", public_id="former_caregiver"),
        act(one, "caregivers, contact details: change", mine, not_theirs, body=changed, **whom),
        Route("POST", one, "change what another one changed: nothing done", mine, 409, not_theirs, whom, facts),
        act(f"{one}/details", "they were reached there", mine, not_theirs, body=reached, **whom),
        page(f"{one}/ending", "end a caregiver", mine, not_theirs, **whom),
        act(f"{one}/ending", "end a caregiver", mine, not_theirs, **whom),
        *of_absences(f"{at}/attendance", mine, not_theirs),
        *of_last_day(f"{at}/last-day"),
        *of_ladders("/workspace/settings/ladders"),
        page(letterhead, "letterhead: the service’s", leads, "ana david david_on wiremu tane"),
        act(letterhead, "letterhead: change", leads, "ana david david_on wiremu tane", body=texts),
        page(f"{letterhead}/logo", "the logo of one’s own letterhead", "ruth", "ana david david_on tane"),
        page(f"{letterhead}/letter.pdf", "a letter with it", leads, "ana david david_on wiremu tane"),
        page(f"{letterhead}/letter.png", "a letter with it, as a picture", leads, "ana david david_on wiremu tane"),
        *of_texts("/workspace/settings/letters", leads, "ana david david_on wiremu tane", purpose="nen"),
    )


def of_texts(at: str, leads: str, not_theirs: str, *, purpose: str, of: str = "") -> tuple[Route, ...]:
    """The texts of letters: the leads of who writes them; a version is that of one organisation, the first lead's."""
    step, language = "<step>", "<language>"
    which: dict[str, Any] = {"purpose": purpose, "step": "one", "language": "english"}
    one = f"{at}/<purpose>/{step}/{language}"
    version, of_version = f"{one}/versions/<public_id>", {**which, "public_id": f"{of}text_version"}
    typed = {
        "title": "A letter",
        "heading": "{chance}",
        "mark": f"{{{of}text_mark}}",
        "block-1-kind": "paragraph",
        "block-1-text": f"{{{of}stated}}",
        "block-2-kind": "signature",
        "do": "save",
    }
    mine, _, _ = leads.partition(" ")
    colleagues = " ".join(who for who in not_theirs.split() if who not in {"wiremu", "sione"})
    why, at_page = {"why": "Plainer"}, "<size>/<how>/<int(max=999):page>"
    first = {"size": "short", "how": "alone", "int(max=999):page": "one"}
    return (
        page(f"{at}/", "texts of letters: see", leads, not_theirs),
        page(f"{one}/", "a text of letters: see", leads, not_theirs, **which),
        page(f"{one}/edit", "a text of letters: change", leads, not_theirs, **which),
        act(f"{one}/edit", "a text of letters: change", leads, not_theirs, body=typed, **which),
        page(version, "a version of a text: see", mine, colleagues, **of_version),
        act(f"{version}/use", "put a text to use", mine, colleagues, body=why, **of_version),
        page(f"{one}/pages", "the pages that a text becomes", leads, not_theirs, **which),
        page(f"{version}/pages", "the pages that a version becomes", mine, colleagues, **of_version),
        page(f"{one}/pages/{at_page}", "one of the pages that a text becomes", leads, not_theirs, **which, **first),
        page(
            f"{version}/pages/{at_page}",
            "one of the pages that a version becomes",
            mine,
            colleagues,
            **of_version,
            **first,
        ),
        act(f"{one}/ending", "put a text out of use", leads, not_theirs, **which),
        Route("GET", f"{at}/new", "a text in another language, of which letter?", leads, 404, not_theirs),
    )


def of_student(at: str, mine: str, not_theirs: str = "", *, not_enrolment: str = "") -> tuple[Route, ...]:
    """A student’s record, where else they are enrolled, and what must be known at the door: org and own."""
    case, closed = {"number": "case"}, {"number": "closed"}
    today = {f"from_on-{box}": f"{{{box}}}" for box in ("day", "month", "year")}
    born = {f"born_on-{box}": f"{{born_{box}}}" for box in ("day", "month", "year")}
    facts = {"legal_name": "Tama Tāne", **born, "language": "{chance}"}
    there = {"school": "{other_school}", **today, "year_level": "10", "evidence": "Their office"}
    again = {f"review_by-{box}": f"{{review_{box}}}" for box in ("day", "month", "year")}
    note = {"safety_kind": "place", "fact": "{chance}", **again}
    marked = {"mark": "{safety_mark}", **again}
    enrols = " ".join(who for who in mine.split() if who not in not_enrolment.split())
    not_enrols = f"{not_theirs} {not_enrolment}".strip()
    everybody, student = f"{mine} {not_theirs}".strip(), f"{at}/student"
    return (
        page(student, "student record", mine, not_theirs, **case),
        page(student, "student record of a closed case", mine, not_theirs, **closed),
        page(f"{student}/change", "student record: change", mine, not_theirs, **case),
        act(
            f"{student}/change",
            "student record: change",
            mine,
            not_theirs,
            body={**facts, "version": "{student_version}"},
            **case,
        ),
        Route(
            "POST",
            f"{student}/change",
            "change what another one changed: nothing done",
            mine,
            409,
            not_theirs,
            case,
            facts,
        ),
        act(f"{student}/change", "student record of a closed case: change", "", everybody, body=facts, **closed),
        page(f"{student}/enrolment", "enrolment elsewhere", enrols, not_enrols, **case),
        act(f"{student}/enrolment", "enrolment elsewhere", enrols, not_enrols, body=there, **case),
        act(f"{student}/enrolment", "enrolment elsewhere, of a closed case", "", everybody, body=there, **closed),
        *of_mistake(at, enrols, not_enrols),
        page(f"{at}/safety", "safety notes", mine, not_theirs, **case),
        act(f"{at}/safety", "safety note: add", mine, not_theirs, body=note, **case),
        act(f"{at}/safety", "add a safety note to a closed case", "", everybody, body=note, **closed),
        Route(
            "GET", f"{at}/safety/note", "is a safety note still true? (here none is named)", mine, 409, not_theirs, case
        ),
        act(f"{at}/safety/note", "safety note: review", mine, not_theirs, body=marked, **case),
        act(f"{at}/safety/ending", "safety note: true no more", mine, not_theirs, body=marked, **case),
    )


def of_mistake(at: str, mine: str, not_theirs: str) -> tuple[Route, ...]:
    """An enrolment elsewhere is taken back by whoever may record one, where their own organisation recorded it."""
    here, why = f"{at}/student/enrolment/<school>/retraction", {"why": "Wrong school"}
    sides = ["enrolled_by_school", "enrolled_by_service"]
    own, foreign = sides if at.startswith(PORTAL) else sides[::-1]
    theirs: dict[str, Any] = {"number": "case", "school": foreign}
    return (
        page(here, "enrolment elsewhere: take back", mine, not_theirs, number="case", school=own),
        act(here, "enrolment elsewhere: take back", mine, not_theirs, body=why, number="case", school=own),
        page(here, "an enrolment elsewhere that the other side recorded", "", "", **theirs),
        act(here, "an enrolment elsewhere that the other side recorded", "", "", body=why, **theirs),
    )


def of_siblings(at: str) -> tuple[Route, ...]:
    """Siblings, as a service knows: own and org."""
    mine, not_theirs, case = "ruth ana", "david_on", {"number": "case"}
    here, named = f"{at}/student/siblings", {"case": "{queued}", "source": "Nan"}
    link: dict[str, Any] = {"number": "case", "public_id": "sibling"}
    of_another: dict[str, Any] = {"number": "queued", "public_id": "sibling"}
    return (
        page(here, "siblings: link", mine, not_theirs, **case),
        act(here, "siblings: link", mine, not_theirs, body=named, **case),
        act(f"{here}/<public_id>/ending", "siblings: end the link", mine, not_theirs, **link),
        act(f"{here}/<public_id>/ending", "a link of another student", "", "", **of_another),
    )


def of_tasks(at: str) -> tuple[Route, ...]:
    """Tasks of a case: own and org; a colleague who sees the case learns nothing of them."""
    mine, not_theirs = "ruth ana", "david_on"
    case, closed = {"number": "case"}, {"number": "closed"}
    one: dict[str, Any]
    ended: dict[str, Any]
    one, ended = {"number": "case", "public_id": "task"}, {"number": "closed", "public_id": "closed_task"}
    here, named = f"{at}/tasks", f"{at}/tasks/<public_id>"
    days = {f"due_on-{box}": f"{{{box}}}" for box in ("day", "month", "year")}
    facts, arranged = {"what": "Ring {chance}", **days}, {**days, "due_at": "14:30"}
    everybody = f"{mine} {not_theirs}"
    return (
        page(here, "tasks", mine, not_theirs, **case),
        page(here, "tasks of a closed case", mine, not_theirs, **closed),
        page(f"{here}/new", "tasks: add", mine, not_theirs, **case),
        act(f"{here}/new", "tasks: add", mine, not_theirs, body=facts, **case),
        act(f"{here}/new", "add a task to a closed case", "", everybody, body=facts, **closed),
        page(named, "a task", mine, not_theirs, **one),
        page(named, "a task of a closed case", mine, not_theirs, **ended),
        page(named, "a task of another case", "", "", number="case", public_id="closed_task"),
        act(named, "tasks: change", mine, not_theirs, body=arranged, **one),
        act(f"{named}/done", "tasks: done", mine, not_theirs, **one),
        act(f"{named}/done", "a task of a closed case: done", "", everybody, **ended),
        page(f"{named}/dropping", "tasks: not needed any more", mine, not_theirs, **one),
        act(f"{named}/dropping", "tasks: not needed any more", mine, not_theirs, body={"why": "No"}, **one),
    )


def of_duty(at: str, case: str) -> tuple[Route, ...]:
    """Who has how much, cover, and handing over: the leads, of their own case managers."""
    leads, others = "ruth lupe", "ana david david_on wiremu tane"
    here, queued = "ana david david_on tane", "/workspace/queue/assignment"
    whom: dict[str, Any] = {"public_id": "manager"}
    days = {f"{end}-{box}": f"{{{box}}}" for end in ("first", "last") for box in ("day", "month", "year")}
    cover = {"case_manager": "{other_manager}", **days}
    cover_of, handover = f"{at}/<public_id>/cover", f"{at}/<public_id>/handover"
    held, of_none = {"number": "case"}, {"number": "queued"}
    taken = {"case": "{queued}", "case_manager": "{manager}"}
    given = {"to": "{other_manager}", "note-{case}": "Ring first."}
    return (
        act(queued, "assign many", "ruth", "david_on", body=taken),
        page(f"{at}/", "each case manager’s load", leads, others),
        page(cover_of, "cover for all that somebody has", "ruth", here, **whom),
        act(cover_of, "cover for all that somebody has", "ruth", here, body=cover, **whom),
        Route("POST", f"{cover_of}/ending", "end a cover that there is not: nothing done", "ruth", 303, here, whom),
        page(handover, "hand over a caseload", "ruth", here, **whom),
        act(handover, "hand over a caseload", "ruth", here, body=given, **whom),
        Route("POST", f"{handover}/unsent", "a handover: kept as written (here nothing was)", "ruth", 303, here, whom),
        page(f"{case}/cover", "cover for one case", "ruth", "ana david_on", **held),
        page(f"{case}/cover", "cover for a case that nobody has", "", "ruth david_on", **of_none),
        act(f"{case}/cover", "cover for one case", "ruth", "ana david_on", body=cover, **held),
        Route(
            "POST",
            f"{case}/cover/ending",
            "end a cover that there is not: nothing done",
            "ruth",
            303,
            "ana david_on",
            held,
        ),
    )


def of_status(at: str) -> tuple[Route, ...]:
    """The status of a case, changed by hand."""
    end = {"why": "Why", "expected_end_on-day": "1", "expected_end_on-month": "12", "expected_end_on-year": "2099"}
    stepping = {**end, "no_contact_why": "Why", "stands": "open"}
    closing = {
        "why": "Why",
        "no_contact_why": "Why",
        "no_transition_why": "Why",
        "attendance": "Good",
        "stands": "open",
    }
    declining = {"stands": "open", "ground": "single_class", "with_whom": "Mere", "agreed": "yes", "why": "Why"}
    of_request = {"number": "case", "public_id": "sent"}
    named, regular = {"change": "stepping"}, {"code": "regular"}
    return (
        page(at, "what a case can become", "ruth ana", "david_on", number="case"),
        page(at, "what a closed case can become", "ruth ana", "david_on", number="closed"),
        page(f"{at}/closing", "close: for which reason", "ruth ana", "david_on", number="case"),
        page(f"{at}/closing", "close a closed case", "", "ruth ana david_on", number="closed"),
        page(f"{at}/<change>", "transition", "ruth ana", "david_on", number="case", **named),
        page(f"{at}/<change>", "transition of a closed case", "", "ruth ana david_on", number="closed", **named),
        act(f"{at}/<change>", "transition", "ruth ana", "david_on", body=stepping, number="case", **named),
        page(f"{at}/<change>", "reopen", "ruth ana", "david_on", number="closed", change="opening"),
        page(f"{at}/closing/<code>", "close", "ruth ana", "david_on", number="case", **regular),
        page(
            f"{at}/closing/<code>",
            "close, by a reason of the lead",
            "ruth",
            "ana david_on",
            number="case",
            code="lead_reason",
        ),
        act(f"{at}/closing/<code>", "close", "ruth ana", "david_on", body=closing, number="case", **regular),
        Route("GET", f"{at}/decline", "decline: the only request", "ruth ana", 303, "david_on", {"number": "case"}),
        page(f"{at}/decline", "decline a request of a closed case", "", "ruth ana david_on", number="closed"),
        page(f"{at}/decline/<public_id>", "decline a request", "ruth ana", "david_on", **of_request),
        page(f"{at}/decline/<public_id>", "a request of another case", "", number="closed", public_id="sent"),
        act(f"{at}/decline/<public_id>", "decline a request", "ruth ana", "david_on", body=declining, **of_request),
    )


def of_pauses(at: str) -> tuple[Route, ...]:
    """For another reason: asked for on a case, answered by a lead, and only where the service has it."""
    day = {f"review_on-{box}": f"{{pause_{box}}}" for box in ("day", "month", "year")}
    wanted, everybody = {"why": "{chance}", **day}, "ruth ana david_on"
    asked: dict[str, Any] = {"number": "pause_case", "public_id": "pause"}
    another: dict[str, Any] = {"number": "case", "public_id": "pause"}
    return (
        page(at, "other pause: ask", "ruth ana", "david_on", number="case"),
        page(at, "other pause: where one waits", "ruth ana", "david_on", number="pause_case"),
        page(at, "other pause of a closed case", "", everybody, number="closed"),
        page(at, "other pause where the service has none", "", "lupe ana", number="gone"),
        act(at, "other pause: ask", "ruth ana", "david_on", body=wanted, number="case"),
        act(at, "other pause of a closed case: ask", "", everybody, body=wanted, number="closed"),
        act(at, "other pause where the service has none: ask", "", "lupe ana", body=wanted, number="gone"),
        act(f"{at}/<public_id>/approval", "other pause: approve", "ruth", "ana david_on", **asked),
        act(f"{at}/<public_id>/approval", "other pause of another case: approve", "", **another),
        act(f"{at}/<public_id>/refusal", "other pause: refuse", "ruth", "ana david_on", body={"why": "Why"}, **asked),
        act(f"{at}/<public_id>/withdrawal", "other pause: take back", "ruth ana", "david_on", **asked),
    )


def of_transfers(at: str) -> tuple[Route, ...]:
    """To another service: asked for where the case is, offered by an investigator, answered by a lead of the other service."""
    case: dict[str, Any] = {"number": "case"}
    asked: dict[str, Any]
    offered: dict[str, Any]
    asked, offered = {"public_id": "asked_transfer"}, {"public_id": "offered_transfer"}
    wanted, everybody = {"service": "S02", "why": "{chance}"}, "ruth ana david_on"
    leads, not_leads = "ruth lupe", "ana david david_on wiremu tane"
    there, ministry = "/workspace/transfers/", "/ministry/transfers/"
    return (
        page(f"{at}/transfer", "transfer: ask", "ruth ana", "david_on", **case),
        page(f"{at}/transfer", "transfer of a closed case: ask", "", everybody, number="closed"),
        page(f"{at}/transfer", "of a case gone to another service", "lupe", "ana", number="gone"),
        act(f"{at}/transfer", "transfer: ask", "ruth ana", "david_on", body=wanted, **case),
        act(f"{at}/transfer", "transfer of a closed case: ask", "", everybody, body=wanted, number="closed"),
        act(f"{at}/transfer/withdrawal", "transfer: withdraw", "ruth ana", "david_on", number="offered_case"),
        page(there, "transfers: what is offered, and one’s own", leads, not_leads),
        page(f"{there}<public_id>", "a transfer, for the receiving service", "lupe", **offered),
        page(f"{there}<public_id>", "a transfer that is not offered yet", "", **asked),
        act(f"{there}<public_id>/acceptance", "transfer: accept, for the receiving service", "lupe", **offered),
        act(f"{there}<public_id>/refusal", "transfer: refuse", "lupe", body={"why": "{chance}"}, **offered),
        page(ministry, "transfers that wait", "moana", "rachel niko petra wini"),
        Route("GET", f"{ministry}ask", "to the case of a number", "moana", 303, "rachel niko petra wini"),
        page(f"/ministry{CASE}/transfer", "transfer: ask, of a notice", "moana", number="notice"),
        page(f"/ministry{CASE}/transfer", "transfer of another case: ask", "", **case),
        act(f"/ministry{CASE}/transfer", "transfer: ask, of a notice", "moana", body=wanted, number="notice"),
        page(f"{ministry}<public_id>", "transfer: offer", "moana", **asked),
        act(f"{ministry}<public_id>", "transfer: offer", "moana", body={"service": "S02"}, **asked),
    )


def of_people(at: str, authoriser: str, others: str, colleagues: str, asked: str, **held: Any) -> tuple[Route, ...]:
    """Who holds which role here: org; where it came from, and who may change it: the authoriser's."""
    left = f"left_{asked}"
    gone = {"public_id": left}
    reviewed = f"{{{held['public_id']}}}/{{{held['role']}}}"
    somebody = {"name": "Rina", "email": "{chance}@example.nz", "role": "delegated_authoriser"}
    return (
        page(f"{at}/", "who holds which role here", f"{authoriser} {others}"),
        act(f"{at}/reviews", "say that roles are still right", authoriser, others, body={"role": reviewed}),
        page(f"{at}/new", "give a role", authoriser, others),
        act(f"{at}/new", "give a role", authoriser, others, body=somebody),
        page(f"{at}/requests/<public_id>", "a role that is asked for", authoriser, public_id=asked),
        act(f"{at}/requests/<public_id>/giving", "give what is asked for", authoriser, public_id=asked),
        act(f"{at}/requests/<public_id>/refusal", "refuse it", authoriser, body={"why": "No"}, public_id=asked),
        page(f"{at}/<public_id>/left", "what somebody left whose role ended", authoriser, colleagues, public_id=left),
        Route("POST", f"{at}/<public_id>/left", "hand it on (here nothing is left)", authoriser, 303, colleagues, gone),
        page(f"{at}/<public_id>/<role>/ending", "end a role", authoriser, colleagues, **held),
        act(f"{at}/<public_id>/<role>/ending", "end a role", authoriser, colleagues, **held),
    )


def of_plan(at: str) -> tuple[Route, ...]:
    """Barriers, plan and agencies: own and org, with the setting too."""
    mine, not_theirs = "ruth ana", "david_on"
    case, closed = {"number": "case"}, {"number": "closed"}
    one: dict[str, Any] = {"number": "case", "public_id": "barrier"}
    everybody = f"{mine} {not_theirs}"
    new, named = f"{at}/barriers/new", f"{at}/barriers/<public_id>"
    facts = {"code": "transport", "named_by": "whanau", "state": "open", "about": "{chance}"}
    changed = {**facts, "version": "{barrier_version}"}
    goal = {"goals-0-text": "{chance}", "goals-0-actions-0-text": "Ring", "goals-0-actions-0-who": "Nan"}
    whole = {
        **goal,
        "agreed_with": "Nan",
        **{f"review_on-{box}": f"{{review_{box}}}" for box in ("day", "month", "year")},
    }
    agency: dict[str, Any] = {"number": "case", "public_id": "agency"}
    told: dict[str, Any] = {"number": "case", "public_id": "disclosure"}
    agencies = f"{at}/agencies"
    on_the_day = {f"told_on-{box}": f"{{{box}}}" for box in ("day", "month", "year")}
    disclosed = {"told": "{chance}", "basis": "child_safety", **on_the_day}
    team = {"code": "police", "name": "{chance}"}
    planned, version = {**whole, "version": "{one}"}, {**case, "version": "one"}
    return (
        page(f"{agencies}/", "agencies", mine, not_theirs, **case),
        page(f"{agencies}/", "of a case gone to another service", "lupe", "ana", number="gone"),
        page(f"{agencies}/new", "agencies: name", mine, not_theirs, **case),
        act(f"{agencies}/new", "agencies: name", mine, not_theirs, body=team, **case),
        act(f"{agencies}/new", "name an agency on a closed case", "", everybody, body=team, **closed),
        page(f"{agencies}/<public_id>", "agencies: change", mine, not_theirs, **agency),
        page(f"{agencies}/<public_id>", "an agency of another student", "", "", number="closed", public_id="agency"),
        act(
            f"{agencies}/<public_id>",
            "agencies: change",
            mine,
            not_theirs,
            body={**team, "version": "{agency_version}"},
            **agency,
        ),
        page(f"{agencies}/<public_id>/told", "what an agency was told", mine, not_theirs, **agency),
        act(f"{agencies}/<public_id>/told", "what an agency was told", mine, not_theirs, body=disclosed, **agency),
        page(f"{at}/disclosures/<public_id>/ending", "told by mistake", mine, not_theirs, **told),
        act(f"{at}/disclosures/<public_id>/ending", "told by mistake", mine, not_theirs, **told),
        page(f"{at}/entries/<public_id>/basis", "the basis of a disclosure", everybody, **case, public_id="note"),
        page(
            f"{at}/entries/<public_id>/basis",
            "of what the school wrote",
            "",
            everybody,
            **case,
            public_id="school_note",
        ),
        page(f"{at}/entries/<public_id>/basis", "of a restricted note", "", mine, **case, public_id="restricted"),
        act(
            f"{at}/entries/<public_id>/basis",
            "change the basis of a disclosure",
            mine,
            not_theirs,
            body={"basis": "agreed", "why": "Why"},
            **case,
            public_id="note",
        ),
        page(f"{agencies}/<public_id>/ending", "end an agency", mine, not_theirs, **agency),
        act(f"{agencies}/<public_id>/ending", "end an agency", mine, not_theirs, **agency),
        page(f"{at}/plan/change", "plan: change", mine, not_theirs, **case),
        act(f"{at}/plan/change", "plan: change", mine, not_theirs, body=planned, **case),
        act(f"{at}/plan/change", "plan of a closed case: make", "", everybody, body=whole, **closed),
        Route(
            "POST", f"{at}/plan/change", "what another one changed: nothing done", mine, 409, not_theirs, case, whole
        ),
        act(f"{at}/plan/change/unsent", "plan: kept as it is typed", mine, not_theirs, body=planned, **case),
        act(f"{at}/plan/review/unsent", "plan: a review kept as it is typed", mine, not_theirs, body=planned, **case),
        page(f"{at}/plan/review", "plan: review", mine, not_theirs, **case),
        act(f"{at}/plan/review", "plan: review", mine, not_theirs, body={**planned, "outcome": "better"}, **case),
        page(f"{at}/plan/versions/<version>", "a version of the plan", mine, not_theirs, **version),
        page(f"{at}/plan/print", "plan: to print for the whānau", mine, not_theirs, **case),
        page(f"{at}/plan/print", "of a case gone to another service", "lupe", "ana", number="gone"),
        page(f"{at}/plan", "barriers and plan", mine, not_theirs, **case),
        page(f"{at}/plan", "barriers and plan of a closed case", mine, not_theirs, **closed),
        page(f"{at}/plan", "of a case gone to another service", "lupe", "ana", number="gone"),
        page(new, "barriers: name", mine, not_theirs, **case),
        act(new, "barriers: name", mine, not_theirs, body=facts, **case),
        act(new, "name a barrier on a closed case", "", everybody, body=facts, **closed),
        act(f"{at}/barriers/from-request", "take over", mine, not_theirs, body={"offer": "{barrier_offer}"}, **case),
        page(named, "barriers: change", mine, not_theirs, **one),
        act(named, "barriers: change", mine, not_theirs, body=changed, **one),
        Route("POST", named, "change what another one changed: nothing done", mine, 409, not_theirs, one, facts),
        page(f"{named}/ending", "end a barrier", mine, not_theirs, **one),
        act(f"{named}/ending", "end a barrier", mine, not_theirs, **one),
    )


def of_contacts(at: str, mine: str, not_theirs: str = "", *, covers: bool) -> tuple[Route, ...]:
    """The contacts of a case at the school: its contacts, leads and office, and whoever works it."""
    case, closed = {"number": "case"}, {"number": "closed"}
    somebody = {"name": "Rina Tau", "email": "rina@example.nz", "has_now": "{contact}"}
    days = {f"{end}-{box}": f"{{{box}}}" for end in ("first", "last") for box in ("day", "month", "year")}
    stand_in = {"contact": "{maker}", **days}
    school, others = (mine, not_theirs) if covers else ("", f"{mine} {not_theirs}")
    everybody = f"{mine} {not_theirs}".strip()
    return (
        page(f"{at}/contacts", "contacts: see", mine, not_theirs, **case),
        page(f"{at}/contacts", "contacts of a closed case", "", everybody, **closed),
        page(f"{at}/contacts/primary", "primary contact", mine, not_theirs, **case),
        act(f"{at}/contacts/primary", "primary contact: change", mine, not_theirs, body=somebody, **case),
        act(f"{at}/contacts/primary", "primary contact of a closed case", "", everybody, body=somebody, **closed),
        page(f"{at}/contacts/secondary", "secondary contacts", mine, not_theirs, **case),
        act(f"{at}/contacts/secondary", "secondary contacts: name", mine, not_theirs, body=somebody, **case),
        page(f"{at}/contacts/cover", "cover for a school contact", school, others, **case),
        act(f"{at}/contacts/cover", "cover for a school contact", school, others, body=stand_in, **case),
        Route("POST", f"{at}/contacts/ending", "end what nobody is: nothing done", mine, 303, not_theirs, case),
    )


def of_initiatives(at: str) -> tuple[Route, ...]:
    """What a service does for schools and groups: its leads and case managers alike."""
    ours, one = "ruth ana david david_on", {"public_id": "initiative"}
    days = {f"from_on-{box}": f"{{{box}}}" for box in ("day", "month", "year")}
    told = {"name": "{chance}", "kind": "travel", "aim": "More", "group": "Year 9", "state": "planned", **days}
    named = f"{at}/<public_id>"
    return (
        page(f"{at}/", "initiatives", SERVICES, "tane"),
        page(f"{at}/new", "initiatives", SERVICES, "tane"),
        act(f"{at}/new", "initiatives", SERVICES, "tane", body=told),
        page(named, "an initiative", ours, **one),
        page(f"{named}/change", "initiatives: change", ours, **one),
        act(f"{named}/change", "initiatives: change", ours, body={**told, "version": "{initiative_version}"}, **one),
        Route("POST", f"{named}/change", "what another one changed: nothing done", ours, 409, "", one, told),
    )


CASE, DRAFT = "/cases/<number>", "/portal/referrals/<public_id>"
PORTAL, WORKSPACE = f"/portal{CASE}", f"/workspace{CASE}"
ENTRY = f"{WORKSPACE}/entries/<public_id>/audience"
EDITED = {"plan": "Tried {chance}", "reason": "Why", "primary_contact": "{contact}", "versions": "{versions}"}
TAKING_BACK = "/portal/referrals/new-student/<public_id>/taking-back"
NEW_STUDENT = {
    "legal_name": "Ani {chance}",
    "year_level": "9",
    "evidence": "Enrolment form",
    "born_on-day": "4",
    "born_on-month": "5",
    "born_on-year": "2012",
    "enrolled_on-day": "2",
    "enrolled_on-month": "2",
    "enrolled_on-year": "2026",
}
ADDERS = "mere priya jin sione kahu"
NOTE = {"body": "Kia ora", "audience": "shared"}
TODAY = {"other_day-day": "{day}", "other_day-month": "{month}", "other_day-year": "{year}"}
VISIT = {"kind": "call", "was": "done", "whom": "school", "audience": "shared", **TODAY}

NO_WRITER = " ".join(who for who in VISITORS if who not in {NOBODY, "niko", "oscar"})
ISSUE = {"title": "{chance}", "body": "Kia ora"}
GIVEN_ON = {f"given_on-{box}": f"{{{box}}}" for box in ("day", "month", "year")}
A_GROUP = {"group": "year", "group_size": "15", "group_reason": "fell"}
NO_OPERATOR = f"{NO_WRITER} niko"
DAYS = {f"{day}-{box}": f"{{{box}}}" for day in ("from_on", "until_on") for box in ("day", "month", "year")}
ANNOUNCED = {"title": "{chance}", "body": "Kia ora", **DAYS}

TABLE: tuple[Route, ...] = (
    # A school's pages
    page("/portal/", "first page: *a case* org or own", SCHOOLS, "hana"),
    page("/portal/reports/", "report with names: org or own", SCHOOLS, "hana"),
    page("/portal/reports/cases", "report, the cases of a figure: org or own", SCHOOLS, "hana"),
    page("/portal/reports/cases.csv", "report, export with names: org or own", SCHOOLS, "hana"),
    page("/portal/reports/cases.xlsx", "report, export with names: org or own", SCHOOLS, "hana"),
    page("/portal/provider/", "see *my provider*", SCHOOLS, "hana"),
    page("/portal/provider/group", "ask for support for a group", SCHOOLS, "hana"),
    act("/portal/provider/group", "ask for support for a group", SCHOOLS, "hana", body=A_GROUP),
    page("/portal/cases/", "list: *a case* org or own", SCHOOLS, "hana"),
    page("/portal/cases/former", "list: what my school wrote, after the student left", SCHOOLS, "hana"),
    page(f"{PORTAL}/ours", "what my school wrote, after the student left: gave", "mere priya tom", number="left"),
    page(f"{PORTAL}/ours", "the same, of a student who is still here", "", number="case"),
    page(f"{PORTAL}/ours/files/<file>", "a file of it", "mere priya tom", number="left", file="left_file"),
    page(f"{PORTAL}/ours/files/<file>", "a file that the service shared then", "", number="left", file="left_shared"),
    page(f"{PORTAL}/", "a case of a student who left", "jin sione", number="left"),
    page(f"{PORTAL}/", "a case, its student, its shared entries", "mere priya tom", number="case"),
    page(f"{PORTAL}/", "a closed case", "mere priya tom", number="closed"),
    page(f"{PORTAL}/", "a case in the queue", "mere priya tom", number="queued"),
    act(f"{PORTAL}/updates", "ask for an update: org or own", "mere priya tom", number="case"),
    act(f"{PORTAL}/updates", "ask for an update on a closed case", "", "mere priya tom", number="closed"),
    act(f"{PORTAL}/comments", "comment", "mere priya tom", body=NOTE, number="case"),
    act(f"{PORTAL}/comments", "comment on a closed case", "", "mere priya tom", body=NOTE, number="closed"),
    Route(
        "POST",
        f"{PORTAL}/comments/unsent",
        "a comment not sent yet: kept as it is typed",
        "mere priya tom",
        303,
        at={"number": "queued"},
        body={"body": "{chance}"},
        writes=True,
    ),
    page(f"{PORTAL}/comments/unsent", "a comment not sent yet: one’s own", "mere priya tom", number="case"),
    page(f"{PORTAL}/privacy", "privacy statement: mark as given", "mere priya tom", number="case"),
    act(f"{PORTAL}/privacy", "privacy statement: mark as given", "mere priya tom", body=GIVEN_ON, number="case"),
    page(f"{PORTAL}/files", "files of shared entries", "mere priya tom", number="case"),
    Route(
        "POST",
        f"{PORTAL}/files",
        "a file for a comment (here none was chosen)",
        "mere priya tom",
        422,
        at={"number": "case"},
    ),
    page(f"{PORTAL}/files/<file>", "a file of a shared note", "mere priya tom", number="case", file="shared_file"),
    page(f"{PORTAL}/files/<file>", "a file of a note for the service", "", number="case", file="service_file"),
    page(f"{PORTAL}/files/<file>", "a file of a comment not sent yet", "tom", number="case", file="own_file"),
    act(
        f"{PORTAL}/files/<file>/removal",
        "take a file off a comment not sent yet: one’s own; what is typed is kept",
        "mere priya tom",
        body={"body": "{chance}"},
        number="case",
        file="own_file",
    ),
    Route(
        "POST",
        f"{PORTAL}/files/<file>/removal",
        "take a file off a note that is sent: nothing done",
        "mere priya tom",
        303,
        at={"number": "case", "file": "shared_file"},
    ),
    page(f"{PORTAL}/request", "what my school asked for", "mere priya tom", number="case"),
    *of_contacts(PORTAL, "mere priya tom", covers=True),
    *of_contacts(WORKSPACE, "ruth ana", "david_on", covers=False),
    *of_student(PORTAL, "mere priya tom", not_enrolment="tom"),
    *of_student(WORKSPACE, "ruth ana", "david_on"),
    *of_siblings(WORKSPACE),
    Route(
        "POST",
        f"{WORKSPACE}/new-school",
        "let a new school see the case (here none waits)",
        "ruth ana",
        303,
        "david_on",
        {"number": "case"},
    ),
    page(f"{PORTAL}/access", "access log: lines of my own people", "mere", "priya tom", number="case"),
    # Requests
    page("/portal/referrals/", "requests: org or own", SCHOOLS, "hana"),
    page("/portal/referrals/new", "find a student on the roll", SCHOOLS, "hana"),
    act(
        "/portal/referrals/",
        "a draft: start, for a student of my school",
        "mere priya tom aroha",
        "hana",
        body={"student": "{pupil}"},
    ),
    page("/portal/referrals/new-student", "add a student who is not on the roll: org", ADDERS, "hana tom aroha"),
    act(
        "/portal/referrals/new-student",
        "add a student who is not on the roll, and start a draft: org",
        ADDERS,
        "hana tom aroha",
        body=NEW_STUDENT,
    ),
    page(
        TAKING_BACK,
        "a student added by mistake: what goes with them, org",
        "mere priya",
        "tom aroha",
        public_id="added",
    ),
    act(TAKING_BACK, "a student added by mistake: take back, org", "mere priya", "tom aroha", public_id="added"),
    page(f"{DRAFT}/", "a draft: see", "mere priya tom", public_id="draft"),
    act(
        f"{DRAFT}/",
        "a draft: edit",
        "mere priya tom",
        body=EDITED,
        public_id="draft",
    ),
    page(f"{DRAFT}/files", "files of a draft", "mere priya tom", public_id="draft"),
    Route(
        "POST",
        f"{DRAFT}/files",
        "a file for a draft (here none was chosen)",
        "mere priya tom",
        422,
        at={"public_id": "draft"},
    ),
    page(f"{DRAFT}/files/<file>", "a file of a draft", "mere priya tom", public_id="draft", file="draft_file"),
    act(
        f"{DRAFT}/files/<file>/removal",
        "take a file off a draft",
        "mere priya tom",
        public_id="draft",
        file="draft_file",
    ),
    page(f"{DRAFT}/files/<file>", "a file of a sent request", "mere priya tom", public_id="sent", file="sent_file"),
    Route(
        "POST",
        f"{DRAFT}/files/<file>/removal",
        "take a file off a sent request",
        "mere priya tom",
        409,
        at={"public_id": "sent", "file": "sent_file"},
    ),
    Route(
        "POST",
        f"{DRAFT}/leaving",
        "a draft: leave without a trace what nobody has typed into (here somebody has)",
        "mere priya tom",
        303,
        at={"public_id": "draft"},
    ),
    act(f"{DRAFT}/fields", "a draft: kept as it is typed", "mere priya tom", body=EDITED, public_id="draft"),
    page(f"{DRAFT}/actions", "a draft: where a list of steps is brought", "mere priya tom", public_id="draft"),
    Route(
        "POST",
        f"{DRAFT}/actions",
        "a draft: a list of steps is read, and nothing kept yet",
        "mere priya tom",
        200,
        at={"public_id": "draft"},
        body={"table": "3/2/26 Rang {chance}"},
    ),
    act(
        f"{DRAFT}/actions/rows",
        "a draft: edit, by steps of a list",
        "mere priya tom",
        body={"what-1": "Rang {chance}", "when-1": "3/2/26"},
        public_id="draft",
    ),
    act(f"{DRAFT}/list", "a draft: edit, and bring a list", "mere priya tom", body=EDITED, public_id="draft"),
    act(f"{DRAFT}/rows", "a draft: edit, and have more rows", "mere priya tom", body=EDITED, public_id="draft"),
    page(f"{DRAFT}/check", "a draft: check the answers", "mere priya tom", public_id="draft"),
    act(
        f"{DRAFT}/check",
        "a draft: edit, then check",
        "mere priya tom",
        body=EDITED,
        public_id="draft",
    ),
    page(f"{DRAFT}/", "a discarded draft: what became of it", "mere priya tom", public_id="discarded"),
    page(f"{DRAFT}/check", "a discarded draft: check the answers", "", public_id="discarded"),
    Route(
        "POST", f"{DRAFT}/", "a discarded draft: edit", "mere priya tom", 409, "", {"public_id": "discarded"}, EDITED
    ),
    page(f"{DRAFT}/handover", "a draft: to whom it is handed over", "mere priya tom", public_id="draft"),
    act(
        f"{DRAFT}/handover",
        "a draft: hand over",
        "mere priya tom",
        body={"owner": "{contact}", "has_now": "{maker}"},
        public_id="draft",
    ),
    page(f"{DRAFT}/privacy", "privacy statement: mark as given", "mere priya tom", public_id="draft"),
    act(f"{DRAFT}/privacy", "privacy statement: mark as given", "mere priya tom", body=GIVEN_ON, public_id="draft"),
    page(f"{DRAFT}/discard", "a draft: asked before it is discarded", "mere priya tom", public_id="draft"),
    act(f"{DRAFT}/discard", "a draft: discard", "mere priya tom", public_id="draft"),
    act(f"{DRAFT}/bring-back", "a discarded draft: bring back", "mere priya tom", public_id="discarded"),
    act(f"{DRAFT}/submission", "submit", "mere priya tom", body={"version": "{version}"}, public_id="filled"),
    page(f"{DRAFT}/submitted", "a sent request", "mere priya tom", public_id="sent"),
    page(f"{DRAFT}/withdrawal", "a request nobody has taken up: withdraw", "mere priya tom", public_id="sent"),
    act(
        f"{DRAFT}/withdrawal",
        "a request nobody has taken up: withdraw",
        "mere priya tom",
        body={"why": "Moved"},
        public_id="sent",
    ),
    page(f"{DRAFT}/withdrawal", "a draft is discarded, not withdrawn", "", "mere priya tom", public_id="draft"),
    act(f"{DRAFT}/withdrawal", "a draft is not withdrawn", "", "mere priya tom", public_id="draft"),
    # A service's pages
    page("/workspace/", "my work", SERVICES, "tane"),
    page("/workspace/cases/", "list: *a case* org or own", SERVICES, "tane"),
    page("/workspace/reports/", "report with names: org or own", SERVICES, "tane"),
    page("/workspace/reports/cases", "report, the cases of a figure: org or own", SERVICES, "tane"),
    page("/workspace/reports/cases.csv", "report, export with names: org or own", SERVICES, "tane"),
    page("/workspace/reports/cases.xlsx", "report, export with names: org or own", SERVICES, "tane"),
    page("/workspace/schools/", "schools of the catchment, their open cases", SERVICES, "tane"),
    page("/workspace/schools/<number>/", "one of them", "ruth ana david david_on", number="school"),
    page("/workspace/schools/<number>/calendar", "its calendar", "ruth ana david david_on", number="school"),
    *of_initiatives("/workspace/initiatives"),
    page("/workspace/migrated/", "cases from another system: list", "ruth lupe", "ana david david_on wiremu tane"),
    act("/workspace/cases/<number>/reviewed", "mark a migrated case reviewed", "ruth", "ana david_on", number="case"),
    act("/workspace/cases/<number>/reviewed", "a case that is not migrated", "", number="closed"),
    page("/workspace/queue/", "see the queue", "ruth lupe", "ana david david_on wiremu tane"),
    *of_duty("/workspace/caseloads", WORKSPACE),
    page("/workspace/matches/", "likely matches: list", "ruth lupe", "ana david david_on wiremu tane"),
    act("/workspace/matches/<public_id>/same", "confirm a likely match", "ruth", public_id="match"),
    act("/workspace/matches/<public_id>/not-the-same", "part a likely match", "ruth", public_id="match"),
    page("/workspace/access/", "unusual access: of my own people", "ruth lupe", "ana david david_on wiremu tane"),
    page("/portal/access/", "unusual access: of my own people", "mere jin kahu", "priya tom aroha sione hana"),
    page("/workspace/letters/check", "is a file one of our letters?", SERVICES, "tane"),
    page("/portal/letters/check", "is a file one of our school’s letters?", SCHOOLS, "hana"),
    Route(
        "POST",
        "/portal/letters/check",
        "is a file one of our school’s letters? Nothing was chosen",
        SCHOOLS,
        422,
        "hana",
    ),
    Route(
        "POST", "/workspace/letters/check", "is a file one of our letters? Nothing was chosen", SERVICES, 422, "tane"
    ),
    page("/workspace/students/duplicates/", "likely duplicates: list", SERVICES, "tane"),
    page(TWINS, "two records side by side: cases of both own or org", "ruth ana", one="twin", other="other_twin"),
    act(f"{TWINS}/merge", "propose to merge", "ruth ana", body=MERGED, one="twin", other="other_twin"),
    act(f"{TWINS}/two", "two students", "ruth ana", body={"why": "{chance}"}, one="twin", other="other_twin"),
    page("/workspace/students/merges/<public_id>", "a proposal to merge", "ruth ana", public_id="merge"),
    act(f"{MERGE}/confirmation", "confirm a merge as second person", "ruth", "ana", public_id="merge"),
    act(f"{MERGE}/refusal", "refuse a merge", "ruth", "ana", body={"why": "{chance}"}, public_id="merge"),
    act(f"{MERGE}/undoing", "undo a merge", "ruth", "ana", public_id="merged"),
    page(f"{WORKSPACE}/", "a case, its student, its entries", "ruth ana david_on", number="case"),
    page(f"{WORKSPACE}/", "a closed case keeps those it closed with", "ruth ana david_on", number="closed"),
    page(f"{WORKSPACE}/", "a case in the queue", "ruth david_on", number="queued"),
    page(f"{WORKSPACE}/", "a case gone to another service, for 10 working days", "lupe ana", number="gone"),
    act(f"{WORKSPACE}/comments", "comment on a case gone to another service", "lupe", "ana", body=NOTE, number="gone"),
    act(f"{WORKSPACE}/comments", "comment", "ruth ana", "david_on", body=NOTE, number="case"),
    act(f"{WORKSPACE}/comments", "correct a closed case", "ruth ana", "david_on", body=NOTE, number="closed"),
    Route(
        "POST",
        f"{WORKSPACE}/comments/unsent",
        "a note not sent yet: kept as it is typed",
        "ruth ana",
        303,
        "david_on",
        {"number": "closed"},
        {"body": "{chance}"},
        writes=True,
    ),
    page(f"{WORKSPACE}/meetings", "events: what the entries show", "ruth ana david_on", number="case"),
    page(f"{WORKSPACE}/meetings", "events of a case gone to another service", "lupe ana", number="gone"),
    act(f"{WORKSPACE}/meetings", "record an event", "ruth ana", "david_on", body=VISIT, number="case"),
    act(f"{WORKSPACE}/meetings", "record an event of a case gone elsewhere", "lupe", "ana", body=VISIT, number="gone"),
    Route(
        "POST",
        f"{WORKSPACE}/meetings/unsent",
        "an event not recorded yet: kept as it is typed",
        "ruth ana",
        303,
        "david_on",
        {"number": "case"},
        {"body": "{chance}"},
        writes=True,
    ),
    page(f"{WORKSPACE}/meetings/<public_id>", "one event", "ruth ana david_on", number="case", public_id="event"),
    page(
        f"{WORKSPACE}/meetings/<public_id>", "a restricted one", "ruth ana", number="case", public_id="restricted_event"
    ),
    page(f"{WORKSPACE}/comments/unsent", "a note not sent yet: one’s own", "ruth ana david_on", number="case"),
    page(f"{WORKSPACE}/files", "files of entries one may read", "ruth ana david_on", number="case"),
    Route(
        "POST",
        f"{WORKSPACE}/files",
        "a file for a note (here none was chosen)",
        "ruth ana",
        422,
        "david_on",
        {"number": "case"},
    ),
    page(
        f"{WORKSPACE}/files/<file>", "a file of a shared note", "ruth ana david_on", number="case", file="shared_file"
    ),
    page(
        f"{WORKSPACE}/files/<file>",
        "a file of a note for the service",
        "ruth ana david_on",
        number="case",
        file="service_file",
    ),
    page(f"{WORKSPACE}/files/<file>", "a file of a restricted note", "ruth ana", number="case", file="restricted_file"),
    page(f"{WORKSPACE}/files/<file>", "a file of a school’s comment not sent yet", "", number="case", file="own_file"),
    page(f"{WORKSPACE}/files/<file>", "a file of a note not sent yet", "ana", number="case", file="manager_file"),
    act(
        f"{WORKSPACE}/files/<file>/removal",
        "take a file off a note not sent yet: one’s own; what is typed is kept",
        "ruth ana",
        "david_on",
        body={"body": "{chance}"},
        number="case",
        file="manager_file",
    ),
    page(f"{WORKSPACE}/request", "what the school asked for", "ruth ana", "david_on", number="case"),
    page(f"{WORKSPACE}/visit-sheet", "visit sheet", "ruth ana", "david_on", number="case"),
    page(f"{WORKSPACE}/visit-sheet", "of a case gone to another service", "lupe", "ana", number="gone"),
    page(f"{WORKSPACE}/school-view", "what the school sees", "ruth ana david_on", number="case"),
    page(f"{WORKSPACE}/school-view", "of a case gone to another service", "lupe", "ana", number="gone"),
    page(f"{WORKSPACE}/school-view/plan", "the plan that the school sees", "ruth ana david_on", number="case"),
    page(f"{WORKSPACE}/school-view/plan", "of a case gone to another service", "lupe", "ana", number="gone"),
    page(f"{WORKSPACE}/school-view/files", "the files that the school sees", "ruth ana david_on", number="case"),
    page(f"{WORKSPACE}/school-view/files", "of a case gone to another service", "lupe", "ana", number="gone"),
    page(f"{WORKSPACE}/school-view/attendance", "the days absent that it sees", "ruth ana", "david_on", number="case"),
    page(f"{WORKSPACE}/school-view/attendance", "of a case gone to another service", "lupe", "ana", number="gone"),
    page(f"{WORKSPACE}/access", "access log of a case: all", "ruth", "ana david_on", number="case"),
    page(f"{WORKSPACE}/assignment", "assign", "ruth", "ana david_on", number="case"),
    page(f"{WORKSPACE}/assignment", "assign from the queue", "ruth", "david_on", number="queued"),
    page(f"{WORKSPACE}/assignment", "assign a closed case", "", "ruth ana david_on", number="closed"),
    act(
        f"{WORKSPACE}/assignment",
        "assign from the queue",
        "ruth",
        "david_on",
        body={"case_manager": "{manager}"},
        number="queued",
    ),
    act(
        f"{WORKSPACE}/assignment",
        "reassign",
        "ruth",
        "ana david_on",
        body={"case_manager": "{other_manager}", "has_now": "{manager}"},
        number="case",
    ),
    *of_status(f"{WORKSPACE}/status"),
    *of_pauses(f"{WORKSPACE}/pause"),
    *of_transfers(WORKSPACE),
    page(f"{WORKSPACE}/provider", "refer from an ISP to the provider", "lupe", "ana", number="gone"),
    act(f"{WORKSPACE}/provider", "refer from an ISP to the provider", "lupe", "ana", number="gone"),
    page(f"{WORKSPACE}/provider", "refer from a provider: there is nothing to refer", "", number="case"),
    page(f"{WORKSPACE}/privacy", "privacy statement: mark as given", "ruth ana", "david_on", number="case"),
    act(
        f"{WORKSPACE}/privacy", "privacy statement: mark as given", "ruth ana", "david_on", body=GIVEN_ON, number="case"
    ),
    page(ENTRY, "change an audience", "ruth ana", "david_on", number="case", public_id="note"),
    page(ENTRY, "change the audience of a restricted note", "ruth ana", number="case", public_id="restricted"),
    page(
        ENTRY,
        "change the audience of what the school wrote",
        "",
        "ruth ana david_on",
        number="case",
        public_id="school_note",
    ),
    act(
        ENTRY,
        "change an audience",
        "ruth ana",
        "david_on",
        body={"audience": "service"},
        number="case",
        public_id="note",
    ),
    act(
        ENTRY,
        "change the audience of what the school wrote",
        "",
        "ruth ana david_on",
        body={"audience": "service"},
        number="case",
        public_id="school_note",
    ),
    *written(f"{PORTAL}/entries/<public_id>", "tom", "mere priya", waits="school_waits", opened="school_note"),
    *written(f"{WORKSPACE}/entries/<public_id>", "ana", "ruth david_on", waits="waits", opened="note"),
    *hidden(f"{PORTAL}/entries/<public_id>", "mere priya tom", others="note", unknown="waits restricted"),
    *hidden(f"{WORKSPACE}/entries/<public_id>", "ruth ana david_on", others="school_note", unknown="school_waits"),
    *of_letters(f"{WORKSPACE}/letters"),
    *of_batches("/workspace/letters/batches"),
    page(
        f"{WORKSPACE}/letters/school/<public_id>/letter.pdf",
        "a letter of the school of a student: its service",
        "ruth ana",
        "david_on",
        number="case",
        public_id="letter_of_school",
    ),
    *of_school_letters("/portal/students"),
    *of_school_batches("/portal/letters/batches"),
    *of_school_letterhead("/portal/settings/letterhead"),
    *of_school_calendar("/portal/calendar"),
    *of_imports("/portal/attendance/imports"),
    *of_star("/portal/attendance/star"),
    *of_terms("/portal/attendance/terms"),
    *of_prompts("/portal/attendance/prompts/"),
    page("/portal/attendance/", "attendance: where to go", "mere priya jin sione kahu", "tom aroha hana"),
    *of_texts(
        "/portal/settings/letters", "mere jin kahu", "priya tom aroha sione hana", purpose="at_school", of="school_"
    ),
    page("/portal/letters/changed", "list: letters whose facts changed", SCHOOLS, "hana"),
    *of_school_ladders("/portal/settings/ladders", "mere jin kahu", "priya tom aroha sione hana"),
    *of_desk(WORKSPACE),
    *of_tasks(WORKSPACE),
    *of_plan(WORKSPACE),
    page(f"{PORTAL}/plan", "the plan, as far as it is shared", "mere priya tom", number="case"),
    *of_absences(f"{PORTAL}/attendance", "mere priya tom"),
    page("/workspace/settings/", "settings of the organisation", "ruth lupe", "ana david david_on wiremu tane"),
    act(
        "/workspace/settings/",
        "settings of the organisation: change",
        "ruth lupe",
        "ana david david_on wiremu tane",
        body={"case_managers_see_cases": "{switch}"},
    ),
    *of_people(
        "/portal/people", "hana", SCHOOLS, "mere priya tom aroha", "asked", public_id="leaver", role="leaver_role"
    ),
    *of_people(
        "/workspace/people",
        "tane",
        SERVICES,
        "ruth ana david david_on",
        "asked_of_service",
        public_id="other_manager",
        role="managing",
    ),
    # The Ministry’s pages
    page("/ministry/matches/", "likely matches that no service has: list", "moana", "rachel niko petra wini"),
    act("/ministry/matches/<public_id>/same", "confirm one that no service has", "moana", public_id="triage_match"),
    act(
        "/ministry/matches/<public_id>/not-the-same", "part one that no service has", "moana", public_id="triage_match"
    ),
    act("/ministry/matches/<public_id>/same", "confirm one that a service has", "", public_id="match"),
    act("/workspace/matches/<public_id>/same", "confirm one that no service has", "", public_id="triage_match"),
    *of_people(
        "/ministry/people",
        "wini",
        MINISTRY,
        MINISTRY,
        "asked_of_ministry",
        public_id="investigator",
        role="investigating",
    ),
    # Everybody
    page("/account", "account", SIGNED_IN),
    act("/account/phone", "account: one's own phone", SIGNED_IN, body={"phone": "04 555 0188"}),
    page("/account/calendar", "calendar address: make, renew", HAVE_DAYS, NO_DAYS),
    act("/account/calendar", "calendar address: make, renew", HAVE_DAYS, NO_DAYS),
    act("/account/calendar/ending", "calendar address: end", HAVE_DAYS, NO_DAYS),
    Route("GET", "/calendar/<token>.ics", "a calendar, by its address", ALL, 200, at={"token": "calendar"}, nobody=200),
    Route("GET", "/calendar/<token>.ics", "a calendar, by another address", "", 404, at={"token": "one"}, nobody=404),
    Route("POST", "/account/role", "change role", SIGNED_IN, 303, body={"role": "{own_role}"}),
    Route("POST", "/account/role", "change to a role of somebody else", "", 303, body={"role": "{foreign_role}"}),
    Route("POST", "/account/stay", "stay signed in", SIGNED_IN, 204),
    Route("POST", "/account/sign-out-everywhere", "sign out everywhere", SIGNED_IN, 303),
    page("/notifications/", "own notifications", SIGNED_IN),
    Route("POST", "/notifications/", "own notifications: read", SIGNED_IN, 303),
    Route("GET", "/notifications/to/<code>", "from a mail of one’s own", "tom", 303, at={"code": "mailed"}),
    page("/notifications/settings", "own notifications: how one is told", SIGNED_IN),
    Route("POST", "/notifications/settings", "own notifications: as one is told already", SIGNED_IN, 303, body=TOLD),
    page("/announcements/", "announcements", SIGNED_IN),
    page("/announcements/new", "announcements: write", "niko oscar", NO_WRITER),
    act("/announcements/new", "announcements: write", "niko oscar", NO_WRITER, body=ANNOUNCED),
    act("/announcements/<public_id>/ending", "announcements: write", "niko oscar", NO_WRITER, public_id="announced"),
    act(
        "/announcements/<public_id>/ending",
        "end another role’s",
        "niko oscar",
        "mere jin kahu",
        public_id="announced_school",
    ),
    act("/announcements/<public_id>/put-away", "put away what one may read", SIGNED_IN, public_id="announced"),
    replace(
        act(
            "/announcements/<public_id>/put-away",
            "put away what was announced to attendance leads",
            "mere jin kahu niko oscar",
            public_id="announced_school",
        ),
        is_hers_alone=True,
    ),
    page("/help/known-issues", "known issues", SIGNED_IN),
    page("/help/known-issues/new", "known issues: write", "oscar", NO_OPERATOR),
    act("/help/known-issues/new", "known issues: write", "oscar", NO_OPERATOR, body=ISSUE),
    page("/help/known-issues/<public_id>", "known issues: write", "oscar", NO_OPERATOR, public_id="issue"),
    act(
        "/help/known-issues/<public_id>",
        "known issues: write",
        "oscar",
        NO_OPERATOR,
        body={**ISSUE, "version": "{issue_version}"},
        public_id="issue",
    ),
    page("/help/", "help", SIGNED_IN),
    page("/help/guides/<topic>", "help beside the task", SIGNED_IN, topic="topic"),
    page("/help/privacy", "privacy statement", SIGNED_IN),
    page("/help/report-a-problem", "report a problem", SIGNED_IN),
    act("/help/report-a-problem", "report a problem", SIGNED_IN, body={"doing": "{chance}", "stops_work": "no"}),
    page("/help/problems", "problem reports: read", "oscar", NO_OPERATOR),
    page("/help/problems/<reference>", "a problem report: one’s own", "tom oscar", reference="report"),
    page("/help/problems/<reference>/screenshot", "its screenshot", "tom oscar", reference="report_open"),
    page("/help/problems/<reference>/screenshot", "one that its sender keeps", "tom", "oscar", reference="report"),
    act("/help/problems/<reference>/closing", "problem reports: dealt with", "oscar", "tom", reference="report"),
    page("/sign-ins/", "sign-in log: one’s own organisation’s", AUTHORISERS, NO_AUTHORISER),
    page("/search", "search: what *find* allows", f"{SCHOOLS} {SERVICES}", f"hana tane {MINISTRY} wini oscar"),
    page("/kept/", "what one sent after one’s sign-in had ended", SIGNED_IN),
    act("/kept/<public_id>/thrown-away", "throw it away: one’s own", "tom", public_id="kept"),
    # Without signing in
    Route("GET", "/", "to one’s own first page, or to sign in", SIGNED_IN, 303),
    Route("GET", "/sign-in", "sign in (who is signed in goes on)", SIGNED_IN, 303, nobody=200),
    Route("POST", "/sign-in", "sign in (in this test the sign-in server cannot be reached)", ALL, 502),
    Route("GET", "/sign-in/callback", "back from the sign-in server, without an attempt of this browser", ALL, 400),
    Route("GET", "/sign-in/no-access", "why one is not in, for whom has just been turned away", ALL, 303),
    Route("POST", "/sign-in/no-access/requests", "ask for a role, who has just been turned away", ALL, 303),
    Route("POST", "/sign-in/back-channel-logout", "the sign-in server ends sign-ins, with its token only", ALL, 400),
    Route("POST", "/sign-out", "sign out", ALL, 303),
    Route("GET", "/signed-out", "after signing out (who is signed in goes home)", SIGNED_IN, 303, nobody=200),
    Route("GET", "/healthz", "health", ALL, 200),
    Route("GET", "/too-large", "a form that the proxy did not let through", ALL, 413, nobody=413),
    Route("GET", "/readyz", "readiness (in this test there is no worker)", ALL, 503),
)


def document() -> str:
    """The table for people to read."""
    lines = [
        "# Who gets what",
        "",
        "Made by `python -m tests.access` from `tests/access.py`; the tests ask the running portal every cell, and fail when",
        "this file is not current or an address is missing. 200 and 303: let in. 403: may see it, may not do it; the page says",
        "why and who can. 404: for this person it does not exist. *sign in*: led to the sign-in page. 204: done, no page.",
        "",
        "| | visitor | role | relation to the case or request asked about |",
        "|---|---|---|---|",
        *[
            f"| {mark} | {who} | {role} | {relation} |"
            for mark, (who, (role, relation)) in zip(_marks(), VISITORS.items(), strict=True)
        ],
        "",
        f"| address | what | {' | '.join(_marks())} |",
        "|---|---|" + "---|" * len(VISITORS),
        *[_line(route) for route in TABLE],
    ]
    return "\n".join(lines) + "\n"


def _marks() -> list[str]:
    return [chr(ord("A") + number) for number in range(len(VISITORS))]


def _line(route: Route) -> str:
    cells = " | ".join(str(route.cells[who]) for who in VISITORS)
    return f"| {route.method} `{route.rule}` | {route.words} | {cells} |"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
