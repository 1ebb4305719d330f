"""roles.toml: what its rules give, and how its faults are told."""

from pathlib import Path

import pytest

from app import create_app
from app.signin.rules import RolesFileFault, Rules, read_rules
from scripts.parts import ROOT
from tests.support.settings import settings_for

TWO = """
[[rule]]
claim = "groups"
has = "leads"
organisation = "S01"
role = "workflow_lead"

[[rule]]
claim = "school"
prefix = "lead-of:"
organisation = "{rest}"
role = "attendance_lead"

[[rule]]
claim = "post"
equals = "analyst"
organisation = "M01"
role = "national_analyst"
"""


def rules(tmp_path: Path, text: str) -> Rules:
    path = tmp_path / "roles.toml"
    path.write_text(text)
    return read_rules(path)


def test_a_list_a_beginning_and_a_text_each_give_their_role(tmp_path):
    claims = {"groups": ["staff", "leads"], "school": "lead-of:9001", "post": "analyst"}
    assert rules(tmp_path, TWO).read(claims).roles == (
        ("S01", "workflow_lead"),
        ("9001", "attendance_lead"),
        ("M01", "national_analyst"),
    )


def test_a_part_of_a_text_is_not_a_member_and_a_member_is_not_the_text(tmp_path):
    found = rules(tmp_path, TWO).read({"groups": "leads", "school": "chief-of:9001", "post": ["analyst"]})
    assert found.roles == ()


@pytest.mark.parametrize("value", [None, 7, {"leads": True}, [None, 7, ["leads"]], "", []])
def test_what_is_no_text_gives_nothing_and_is_there(tmp_path, value):
    found = rules(tmp_path, TWO).read({"groups": value, "school": "", "post": ""})
    assert (found.roles, found.absent) == ((), frozenset())


def test_an_absent_claim_is_told_apart_and_leaves_what_it_may_have_given(tmp_path):
    read = rules(tmp_path, TWO)
    found = read.read({"groups": []})
    assert found.absent == {"school", "post"}
    assert read.is_silent_on("9001", "attendance_lead", found)
    assert not read.is_silent_on("S01", "workflow_lead", found)


def test_the_demonstrations_claim_names_organisation_and_role():
    found = read_rules(ROOT / "demo" / "roles.toml").read(
        {"waharoa_roles": ["9001/attendance_lead", "S01/case_manager", "odd"]}
    )
    assert found.roles == (("9001", "attendance_lead"), ("S01", "case_manager"), ("odd", ""))


def test_the_file_that_comes_with_the_portal_gives_nobody_anything(tmp_path):
    shipped = (ROOT / "roles.toml").read_text()
    assert read_rules(ROOT / "roles.toml") == Rules(())
    examples = shipped[shipped.index("# [[rule]]") :].replace("# ", "").replace("#", "")
    said = {"groups": ["te-awa-attendance-leads"], "school_lead": "school:9001"}
    assert rules(tmp_path, examples).read(said).roles == (("S01", "workflow_lead"), ("9001", "attendance_lead"))


FAULTS = [
    ('[[rule]]\nclaim = "a"\nhas = "b"\nequals = "c"\norganisation = "1"\nrole = "operator"', 3, "keep one"),
    ('[[rule]]\nclaim = "a"\norganisation = "1"\nrole = "operator"', 1, "one of equals, prefix, has is missing"),
    ('\n[[rule]]\nhas = "b"\norganisation = "1"\nrole = "operator"', 2, "“claim” is missing"),
    ('[[rule]]\nclaim = "a"\nhas = "b"\norganisation = "1"\nrole = "boss"', 5, "“boss” is no role"),
    (
        '[[rule]]\nclaim = "a"\nhas = "b"\norganisation = "1"\nrole = "operator"\nsince = "now"',
        6,
        "“since” is not known",
    ),
    ('[[rule]]\nclaim = "a"\nhas = 7\norganisation = "1"\nrole = "operator"', 3, "must be text"),
    ('[[rule]]\nclaim = "a"\nhas = ""\norganisation = "1"\nrole = "operator"', 3, "is empty"),
    ('[[rule]]\nclaim = "a"\nhas = "b"\norganisation = "{rest}"\nrole = "operator"', 4, "needs prefix"),
    ('[[rule]]\nclaim = "a"\nprefix = "b"\norganisation = "{number}"\nrole = "operator"', 5, "only go together"),
    ('[rules]\nclaim = "a"', 1, "write [[rule]]"),
    ('rule = "a"', 1, "[[rule]]"),
    ('[[rule]]\nclaim = "a', 2, "not TOML"),
    ('[[rule]]\nclaim = = "a"\n\n', 2, "not TOML"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
def test_each_fault_names_file_line_and_remedy(tmp_path, text, line, words):
    with pytest.raises(RolesFileFault) as fault:
        rules(tmp_path, text)
    assert words in str(fault.value)
    assert "roles.toml" in str(fault.value)
    assert f"line {line}" in str(fault.value)


def test_every_fault_is_told_at_once(tmp_path):
    with pytest.raises(RolesFileFault) as fault:
        rules(tmp_path, '[[rule]]\nclaim = "a"\n[[rule]]\nrole = 7\n')
    assert len(str(fault.value).splitlines()) == 7


def test_a_portal_with_a_faulty_file_does_not_start(tmp_path):
    (tmp_path / "roles.toml").write_text('[[rule]]\nclaim = "a"\n')
    settings = settings_for("sqlite://", tmp_path, ROLES_FILE=str(tmp_path / "roles.toml"))
    with pytest.raises(RolesFileFault, match=r"roles\.toml line 1"):
        create_app(settings)
