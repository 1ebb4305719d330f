"""What a request needs before it can be sent (REQ-2), and what is wrong with what was typed (REQ-3)."""

import pytest

from app.referrals.questions import FIELDS, by_section, in_words
from app.referrals.rules import actions_taken, faults, missing
from tests.make import ANSWERS, SAFETY, URGENT

ENOUGH = {**ANSWERS, "primary_contact": "somebody"}
WRITTEN = {"contact_name": "Rina Tau", "contact_email": "rina@tawa.example.nz"}


def without(*fields: str, **more: str) -> dict[str, str]:
    return {**{name: text for name, text in ENOUGH.items() if name not in fields}, **more}


def test_a_section_without_an_answer_says_so_or_is_left_out() -> None:
    told = {section: (len(listed), unsaid) for section, listed, unsaid in by_section({"reason": "Away"})}
    assert {"Which service", "Is this the right time?"}.isdisjoint(told)
    assert told["Why now"][0] == 1
    assert told["Who to talk to"] == (0, "Not answered")
    assert told["Care and safety"] == (0, "Nothing known")


def test_nothing_is_missing_from_a_request_with_everything_demanded() -> None:
    assert missing(ENOUGH) == {}


def test_every_demand_of_an_empty_request_names_a_field_and_a_remedy() -> None:
    found = missing({})
    assert list(found) == [
        "caregiver_name",
        "caregiver_phone",
        "address",
        "reason",
        "action_1",
        "engagement",
        "plan",
        "barriers",
        "whanau_knows",
        "primary_contact",
    ]
    assert found.keys() <= FIELDS.keys()
    assert all(remedy[0].isupper() for remedy in found.values())


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (without("caregiver_name"), "caregiver_name"),
        (without("caregiver_relationship"), "caregiver_relationship"),
        (without("caregiver_phone"), "caregiver_phone"),
        (without("address"), "address"),
        (without("reason"), "reason"),
        (without(reason="   "), "reason"),
        (without("action_1"), "action_1"),
        (without("action_1_when"), "action_1_when"),
        (without(action_2="Wrote home"), "action_2_when"),
        (without(action_3_when="in March"), "action_3"),
        (without("action_1", "action_1_when"), "action_1"),
        (without("engagement_later"), "engagement"),
        (without("plan_later"), "plan"),
        (without("barriers"), "barriers"),
        (without("whanau_knows"), "whanau_knows"),
        (without("primary_contact"), "primary_contact"),
        (without("primary_contact", contact_name="Rina Tau"), "contact_email"),
        (without("primary_contact", contact_email="rina@tawa.example.nz"), "contact_name"),
        (without("primary_contact", **{**WRITTEN, "contact_email": "rina at tawa"}), "contact_email"),
        (without("primary_contact", **WRITTEN, contact_phone="none"), "contact_phone"),
        ({**ENOUGH, **WRITTEN}, "contact_name"),
        (without(urgent="yes"), "urgent_why"),
        (without(urgent_why="Nobody has seen her"), "urgent"),
        (without(safety_kind="dog"), "safety_fact"),
        (without(safety_fact="A dog"), "safety_kind"),
        (without(caregiver_email="not an address"), "caregiver_email"),
        (without(caregiver_phone="ring the bell"), "caregiver_phone"),
        (without(no_caregiver_details="yes"), "no_caregiver_details"),
        (without(address_not_known="yes"), "address_not_known"),
        *((without(action_1_when=when), "action_1_when") for when in ("32/13/2026", "30 February 2026", "tomorrow")),
        (without(action_1_when="1/3/2099"), "action_1_when"),
    ],
)
def test_one_thing_missing_is_named_alone(answers: dict[str, str], field: str) -> None:
    assert list(missing(answers)) == [field]


@pytest.mark.parametrize(
    "answers",
    [
        without("caregiver_name", "caregiver_relationship", "caregiver_phone", no_caregiver_details="yes"),
        without("caregiver_phone", caregiver_email="ngaire@example.nz"),
        without("address", address_not_known="yes"),
        without("action_1", "action_1_when", no_actions_why="The student came to us yesterday."),
        without("engagement_later", engagement="Rang twice, no answer."),
        without("plan_later", plan="None yet."),
        without("barriers", barriers_later="yes"),
        without(whanau_knows="later"),
        without(whanau_knows="no"),
        without(**URGENT),
        without(**SAFETY),
        without("primary_contact", **WRITTEN, contact_phone="04 555 0123"),
        without(needs="Lunch", agencies="A social worker", health="Asthma", meet_instead="The dean"),
    ],
)
def test_another_way_of_answering_is_enough(answers: dict[str, str]) -> None:
    assert missing(answers) == {}


@pytest.mark.parametrize("phone", ["04 555 0100", "021 555 010", "+64 4 555 0100", "(04) 555-0100"])
def test_phone_numbers_as_people_write_them_are_no_fault(phone: str) -> None:
    assert faults({"caregiver_phone": phone}) == {}


def test_what_was_typed_wrongly_is_a_fault_of_a_draft_too() -> None:
    assert faults({"caregiver_email": "ngaire@", "caregiver_phone": "12"}).keys() == {
        "caregiver_email",
        "caregiver_phone",
    }


def test_actions_keep_their_order_and_their_when() -> None:
    answers = {"action_2": "Wrote", "action_2_when": "May", "action_1": "Rang", "action_1_when": "April"}
    assert actions_taken(answers | {"action_60": "Met"}) == [("Rang", "April"), ("Wrote", "May"), ("Met", "")]


def test_what_was_done_is_read_with_its_when() -> None:
    told = in_words({"action_1": "Rang", "action_1_when": "April", "action_2": "Wrote", "action_60_when": "May"})
    assert told == {"action_1": "Rang (April)", "action_2": "Wrote", "action_60_when": "May"}


def test_a_sign_that_turns_letters_round_is_refused_in_one_line_and_kept_in_a_long_text() -> None:
    """A name stands in our own sentences, in the banner and in mails."""
    turned = "Ani \u202eauR"
    found = faults({"contact_name": turned, "caregiver_name": "Hēmi \u2066x", "reason": turned, "address": "12 Kōwhai"})
    assert set(found) == {"contact_name", "caregiver_name"}
    assert faults({"contact_name": "مريم", "caregiver_name": "שרה"}) == {}, "what is written from the right is no fault"
