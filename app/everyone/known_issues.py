"""What is known not to work, and what to do meanwhile (H2)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.announcements.actions import add_issue, change_issue
from app.announcements.models import KnownIssue
from app.announcements.policy import can_change_issue
from app.announcements.queries import issue_to_change, known_issues
from app.announcements.rules import LONGEST, LONGEST_TITLE, texts_of
from app.core.errors import Conflict
from app.core.text import one_line
from app.core.versions import version_of
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.everyone.blueprint import bp
from app.people.models import Role

HERE = "/help/known-issues"


class IssueForm(OnceForm):
    """What does not work, what to do meanwhile, and whether it is mended."""

    title = StringField(
        "What does not work",
        validators=[
            Required("Write what does not work"),
            Length(max=LONGEST_TITLE, message=f"{LONGEST_TITLE} characters at most"),
        ],
    )
    body = TextAreaField(
        "What to do meanwhile",
        validators=[
            Required("Write what to do meanwhile, or that there is nothing to do"),
            Length(max=LONGEST, message=f"{LONGEST} characters at most"),
        ],
    )
    is_solved = BooleanField("It is mended")
    version = HiddenField(default="")

    @property
    def texts(self) -> tuple[str, str]:
        return one_line(self.title.data), (self.body.data or "").strip()


@bp.get(HERE)
@open_to()
def issues() -> Response:
    """For everybody."""
    is_writer = g.actor.role is Role.OPERATOR
    return show("everyone/known_issues.html", issues=known_issues(), is_writer=is_writer)


@bp.get("/help/known-issues/new")
@open_to(Role.OPERATOR)
def new_known_issue() -> Response:
    return _page(IssueForm(), f"{HERE}/new")


@bp.post("/help/known-issues/new")
@open_to(Role.OPERATOR)
def add_known_issue() -> Response:
    form = IssueForm(request.form)
    if not form.validate():
        return _page(form, f"{HERE}/new", status=422)
    add_issue(*form.texts, by=g.actor)
    return done("Written down. Everybody can read it now.", HERE)


@bp.get("/help/known-issues/<public_id>")
@needs(can_change_issue, on=issue_to_change)
def known_issue(issue: KnownIssue) -> Response:
    texts = texts_of(issue)
    return _page(
        IssueForm(data={**texts, "is_solved": bool(issue.solved_at), "version": version_of(texts)}), _of(issue)
    )


@bp.post("/help/known-issues/<public_id>")
@needs(can_change_issue, on=issue_to_change)
def set_known_issue(issue: KnownIssue) -> Response:
    form = IssueForm(request.form)
    if not form.validate():
        return _page(form, _of(issue), status=422)
    is_solved, version, address = bool(form.is_solved.data), form.version.data or "", _of(issue)
    try:
        is_new = change_issue(issue, *form.texts, is_solved=is_solved, version=version, by=g.actor)
    except Conflict as conflict:
        stands = texts_of(issue)
        form.version.data = version_of(stands)
        form.form_errors.append(
            f"{conflict} It says now: “{stands['title']}. {stands['body']}” Send yours to replace it."
        )
        return _page(form, address, status=409)
    return done("Changed." if is_new else "It says so already.", HERE)


def _of(issue: KnownIssue) -> str:
    return f"{HERE}/{issue.public_id}"


def _page(form: IssueForm, address: str, *, status: int = 200) -> Response:
    return show("everyone/known_issue.html", status=status, form=form, address=address, is_new=address.endswith("/new"))
