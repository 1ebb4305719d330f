"""What follows from a role, without asking the database."""

from typing import Protocol

from app.people.models import Kind, Role

ROLES_OF = {
    Kind.SCHOOL: (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT, Role.PRIMARY_CONTACT),
    Kind.SERVICE: (Role.WORKFLOW_LEAD, Role.CASE_MANAGER),
    Kind.MINISTRY: (
        Role.INVESTIGATOR,
        Role.REGIONAL_ADVISER,
        Role.NATIONAL_ANALYST,
        Role.PROSECUTIONS_OFFICER,
    ),
    Kind.OPERATOR: (Role.OPERATOR,),
}
HOMES = {Kind.SCHOOL: "/portal/", Kind.SERVICE: "/workspace/"}
AUDIENCES = {Kind.SCHOOL: "portal", Kind.SERVICE: "workspace", Kind.MINISTRY: "ministry"}
"""How the addresses of each begin."""
PEOPLE = {kind: f"/{start}/people/" for kind, start in AUDIENCES.items()}
CASES_INSTEAD = "Go to the cases that you see yourself"
PEOPLE_INSTEAD = "Go to the people of your own organisation"
ACCOUNT = "/account"

LABELS = {
    Role.ATTENDANCE_LEAD: "attendance lead",
    Role.OFFICE_SUPPORT: "office support",
    Role.PRIMARY_CONTACT: "primary contact",
    Role.WORKFLOW_LEAD: "workflow lead",
    Role.CASE_MANAGER: "case manager",
    Role.INVESTIGATOR: "investigator",
    Role.REGIONAL_ADVISER: "regional adviser",
    Role.NATIONAL_ANALYST: "national analyst",
    Role.PROSECUTIONS_OFFICER: "prosecutions officer",
    Role.DELEGATED_AUTHORISER: "delegated authoriser",
    Role.OPERATOR: "operator",
}

SEES = {
    Role.ATTENDANCE_LEAD: "Sees every case and request of the school, and hands on what others leave.",
    Role.OFFICE_SUPPORT: "Sees the school’s cases and helps with requests and files; what the lead decides stays the lead’s.",
    Role.PRIMARY_CONTACT: "Sees only the cases on which they are named a contact.",
    Role.WORKFLOW_LEAD: "Sees every case of the service and its queue, and gives cases to case managers.",
    Role.CASE_MANAGER: "Sees the cases that were given to them.",
    Role.INVESTIGATOR: "Looks into requests that no service has, and what is sent to the Ministry.",
    Role.REGIONAL_ADVISER: "Sees what services of the region bring to the Ministry.",
    Role.NATIONAL_ANALYST: "Sees figures, and no case.",
    Role.PROSECUTIONS_OFFICER: "Sees what was brought to the Ministry for prosecution.",
    Role.DELEGATED_AUTHORISER: "Gives roles, ends them and sees who signed in when; sees no case by it.",
    Role.OPERATOR: "Runs the portal; sees no case by it.",
}
"""What whoever gives a role is told that it lets somebody see."""
OFFICE_WRITES = (
    "Writes the school’s requests and adds files to them; sees only the cases that name them, and all of them where the school has no "
    "attendance lead."
)
"""The same of office support, where the portal is set so that it does not read every case."""


def is_role_of(role: Role, kind: Kind) -> bool:
    """May this role be held at such an organisation? A delegated authoriser may at any."""
    return role is Role.DELEGATED_AUTHORISER or role in ROLES_OF[kind]


def home(role: Role, at: Kind | None = None) -> str:
    """The first page of the workspace this role works in; its account where it has none yet. A delegated authoriser, who
    is at an organisation of any kind, begins with its people."""
    if role is Role.DELEGATED_AUTHORISER and at:
        return people_page(at)
    for kind, path in HOMES.items():
        if role in ROLES_OF[kind]:
            return path
    return ACCOUNT


class Working(Protocol):
    """Who works in which role, at what kind of organisation."""

    @property
    def role(self) -> Role: ...
    @property
    def organisation_kind(self) -> Kind: ...


def same_page(actor: Working, path: str) -> tuple[str, str] | None:
    """To whoever comes to a page of another kind of organisation: what they have instead, in words and its address. By how the
    address begins alone, so it tells nobody whether there is anything."""
    audience, _, rest = path.lstrip("/").partition("/")
    page, own = rest.partition("/")[0], AUDIENCES.get(actor.organisation_kind, "")
    if audience == own or audience not in AUDIENCES.values():
        return None
    if page == "people" and own:
        return PEOPLE_INSTEAD, people_page(actor.organisation_kind)
    has_cases = actor.organisation_kind in HOMES and actor.role in ROLES_OF[actor.organisation_kind]
    return (CASES_INSTEAD, f"/{own}/cases/") if page == "cases" and has_cases else None


def people_page(at: Kind) -> str:
    """Where it stands who holds which role at an organisation of this kind."""
    return PEOPLE.get(at, ACCOUNT)
