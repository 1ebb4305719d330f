"""The documents say what is so: every setting, every command, links that lead somewhere, examples that work."""

import re
import shlex
from contextvars import Context
from dataclasses import MISSING, fields
from pathlib import Path
from textwrap import dedent

import click
import pytest
from flask import Flask, current_app

from app import cli
from app.figures import Figures
from app.settings import REQUIRED, Settings
from app.signin.rules import read_rules
from scripts.parts import ROOT

README, SELF_HOSTING = ROOT / "README.md", ROOT / "docs" / "self-hosting.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
SET_BY_SCRIPTS = {"PORT", "BIND"}
SETTINGS = [field for field in fields(Settings) if field.type is not Figures]


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


def row_of(setting: str) -> str:
    found = re.findall(rf"^\| `{setting.upper()}` \|.*\|$", README.read_text(), re.MULTILINE)
    assert len(found) == 1, f"{setting.upper()} has {len(found)} rows in the README"
    return str(found[0])


@pytest.mark.parametrize("field", SETTINGS, ids=lambda field: field.name)
def test_every_setting_has_its_row_with_its_default(field):
    last = row_of(field.name).rsplit("|", 2)[1].strip()
    if field.default is MISSING:
        assert last == "does not start"
        assert field.name in REQUIRED
    else:
        assert last == (f"`{field.default}`" if field.default != "" else "none")


def test_no_row_is_of_a_setting_that_is_not_there():
    named = set(re.findall(r"^\| `([A-Z_]+)` \|", README.read_text(), re.MULTILINE))
    assert named == {field.name.upper() for field in SETTINGS}


def test_every_figure_has_its_row_with_its_bounds():
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| .+ \| `(\d+)` \| `(\d+)` \| `(\d+)` \|$", SELF_HOSTING.read_text(), re.MULTILINE
    )
    bounds = [(each, each.metadata["least"], each.metadata["most"]) for each in fields(Figures)]
    assert rows == [(each.name.upper(), str(least), str(most), str(each.default)) for each, least, most in bounds]


def commands() -> list[str]:
    """What `flask` does here, as it is typed."""
    app = Flask("commands")
    cli.set_up(app)
    own = [app.cli.commands[name] for name in sorted(app.cli.commands) if app.cli.commands[name].callback]
    groups = [command for command in app.cli.commands.values() if isinstance(command, click.Group)]
    inside = [f"{group.name} {name}" for group in groups for name in group.commands]
    return [*[str(command.name) for command in own], *inside]


def test_every_command_is_in_the_guide():
    assert {"db-upgrade", "worker", "people grant"} <= set(commands())
    told = SELF_HOSTING.read_text()
    assert not [command for command in commands() if f"flask --app wsgi {command}" not in told]


def test_every_target_of_the_makefile_that_a_document_names_is_there():
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"(?:`|^    )make ([a-z0-9]+)", document.read_text(), re.MULTILINE)
    }
    assert {"run", "test", "serve"} <= named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_lead_to_what_is_there(document):
    for target in LINK.findall(document.read_text()):
        path, _, heading = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), f"{name_of(document)}: {target}"
        assert not heading or heading in headings(file), f"{name_of(document)}: {target}"


def headings(file: Path) -> set[str]:
    """The names by which a page's headings are linked to."""
    found = re.findall(r"^#+ (.+)$", file.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in found}


def test_files_that_documents_name_are_there():
    missing = [
        f"{name_of(document)}: {path}"
        for document in DOCUMENTS
        for path in re.findall(
            r"`((?:app|scripts|tests|templates|static|migrations|demo|docs)/[\w./-]+)`", document.read_text()
        )
        if not (ROOT / path).exists()
    ]
    assert not missing


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(file.name[:4]) for file in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def block_with(words: str) -> str:
    """The indented example that has these words in it."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", SELF_HOSTING.read_text(), re.MULTILINE)
    return dedent(next(block for block in blocks if words in block)).strip()


def test_the_example_of_settings_starts_and_a_shell_reads_it_alike(tmp_path):
    lines = [line for line in block_with("PUBLIC_URL=https").splitlines() if not line.startswith("#")]
    given = dict(line.split("=", 1) for line in lines)
    assert given.keys() <= {field.name.upper() for field in SETTINGS} | SET_BY_SCRIPTS
    made_up = {name: "x" * 40 for name, text in given.items() if text.startswith("(")}
    given |= made_up
    assert all(shlex.split(text) == [text] for text in given.values())
    roles = tmp_path / "roles.toml"
    roles.write_text("")
    assert Settings.from_env(given | {"ROLES_FILE": str(roles)}).session_cookie == "__Host-waharoa"


def test_the_examples_of_rules_give_what_they_say(tmp_path):
    file = tmp_path / "roles.toml"
    file.write_text(block_with("[[rule]]"))
    rules = read_rules(file)
    said = {
        "job": "attendance coordinator",
        "groups": ["te-awa-case-managers", "waharoa:9001/office_support"],
        "leads": "school:9002",
    }
    assert rules.read(said).roles == (
        ("S01", "workflow_lead"),
        ("S01", "case_manager"),
        ("9002", "attendance_lead"),
        ("9001", "office_support"),
    )


def test_the_first_operator_is_made_as_it_is_written_down(context):
    words = shlex.split(block_with("people grant you@"))[3:]
    done = Context().run(current_app.test_cli_runner().invoke, args=words)
    assert "you@example.nz is operator at Operator of this portal" in done.output


def test_the_picture_is_small():
    picture = ROOT / "docs" / "pictures" / "case.png"
    assert picture.stat().st_size < 150_000
    assert int.from_bytes(picture.read_bytes()[16:20]) == 1280
