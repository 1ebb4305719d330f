"""The invented organisations and people of the demonstration; none of them exists."""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OF_COUNTRY = "people.json"
"""In the folder of a demonstration that was filled with a country: whom one may be there."""
ORGANISATIONS = {
    "9001": "Tawa Awa College",
    "9002": "Puna Street School",
    "9003": "Kōwhai Bay Area School",
    "S01": "Te Awa Attendance Service",
    "S02": "Maunga Attendance Trust",
    "M01": "Ministry investigations team",
    "S03": "Kōwhai Bay in-school provision",
}
ROLES = {
    "attendance_lead": "attendance lead",
    "office_support": "office support",
    "primary_contact": "primary contact",
    "workflow_lead": "workflow lead",
    "case_manager": "case manager",
    "investigator": "investigator",
    "delegated_authoriser": "delegated authoriser",
}


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as; `roles` are pairs of organisation number and role code."""

    subject: str
    name: str
    email: str
    roles: tuple[tuple[str, str], ...] = ()
    note: str = ""
    at: str = ""
    """The organisation, where it is none of ours."""

    @property
    def organisation(self) -> str:
        """The name they are listed under."""
        return self.at or (ORGANISATIONS[self.roles[0][0]] if self.roles else "No organisation yet")

    @property
    def role_words(self) -> str:
        return " and ".join(ROLES.get(role, role.replace("_", " ")) for _, role in self.roles) or "no role yet"

    @property
    def claim(self) -> list[str]:
        """The claim `waharoa_roles`, as the sign-in server issues it."""
        return [f"{number}/{role}" for number, role in self.roles]


PEOPLE = (
    DemoPerson("demo-priya-nair", "Priya Nair", "priya.nair@tawa-awa.example", (("9001", "office_support"),)),
    DemoPerson(
        "demo-mere-faasavalu",
        "Mere Fa‘asavalu",
        "mere.faasavalu@tawa-awa.example",
        (("9001", "attendance_lead"),),
    ),
    DemoPerson(
        "demo-tom-hargreaves", "Tom Hargreaves", "tom.hargreaves@tawa-awa.example", (("9001", "primary_contact"),)
    ),
    DemoPerson("demo-aroha-ngata", "Aroha Ngata", "aroha.ngata@tawa-awa.example", (("9001", "primary_contact"),)),
    DemoPerson(
        "demo-hana-parata",
        "Hana Parata",
        "hana.parata@tawa-awa.example",
        (("9001", "delegated_authoriser"), ("9001", "attendance_lead")),
    ),
    DemoPerson(
        "demo-wiremu-left-already",
        "Wiremu Left-Already",
        "wiremu.left-already@tawa-awa.example",
        (("9001", "primary_contact"),),
        note="has left the school: the portal refuses",
    ),
    DemoPerson(
        "demo-jin-wu-bennett", "Jin Wu-Bennett", "jin.wu-bennett@puna-street.example", (("9002", "attendance_lead"),)
    ),
    DemoPerson("demo-sione-tau", "Sione Tau", "sione.tau@puna-street.example", (("9002", "office_support"),)),
    DemoPerson(
        "demo-kahu-rangihuna", "Kahu Rangihuna", "kahu.rangihuna@kowhai-bay.example", (("9003", "attendance_lead"),)
    ),
    DemoPerson("demo-ruth-whaanga", "Ruth Whaanga", "ruth.whaanga@te-awa.example", (("S01", "workflow_lead"),)),
    DemoPerson("demo-ana-tuhoro", "Ana Tuhoro", "ana.tuhoro@te-awa.example", (("S01", "case_manager"),)),
    DemoPerson("demo-david-chen", "David Chen", "david.chen@te-awa.example", (("S01", "case_manager"),)),
    DemoPerson(
        "demo-lupe-vainikolo",
        "Lupe Vainikolo",
        "lupe.vainikolo@maunga.example",
        (("S02", "workflow_lead"), ("S02", "case_manager")),
    ),
    DemoPerson("demo-moana-kereama", "Moana Kereama", "moana.kereama@ministry.example", (("M01", "investigator"),)),
    DemoPerson(
        "demo-anahera-pohatu",
        "Anahera Pōhatu",
        "anahera.pohatu@kowhai-bay.example",
        (("S03", "workflow_lead"), ("S03", "case_manager")),
    ),
    DemoPerson(
        "demo-ngaire-olsen", "Ngaire Olsen", "ngaire.olsen@tawa-awa.example", note="the portal says who can help"
    ),
)


@cache
def everybody() -> tuple[DemoPerson, ...]:
    """Our own people, or those of the country that this demonstration was filled with."""
    file = Path(os.environ.get("DEMO_DIR", "var/demo")) / OF_COUNTRY
    if not file.exists():
        return PEOPLE
    return tuple(
        DemoPerson(**{**each, "roles": tuple(map(tuple, each["roles"]))}) for each in json.loads(file.read_text())
    )


def person_for(subject: str) -> DemoPerson | None:
    return next((person for person in everybody() if person.subject == subject), None)


def by_organisation() -> dict[str, list[DemoPerson]]:
    """The people in the order they are listed, under their organisation's name."""
    groups: dict[str, list[DemoPerson]] = {}
    for person in everybody():
        groups.setdefault(person.organisation, []).append(person)
    return groups
