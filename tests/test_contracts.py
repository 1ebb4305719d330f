"""The import rule holds, and each contract bites: a forbidden import in a copy of the tree is found."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.parts import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
BY_ID = {contract["id"]: contract for contract in CONTRACTS}
PAGES = {"portal", "workspace", "ministry", "signin", "everyone", "written"}
NOT_CAPABILITIES = PAGES | {"core", "calendars", "backup", "deliveries", "doctor"}
FORBIDDEN = [
    ("down", "app/core/clock.py", "import app.people.models"),
    ("down", "app/students/queries.py", "import app.cases.models"),
    ("down", "app/portal/home.py", "import app.workspace"),
    ("down", "app/workspace/home.py", "import app.portal"),
    ("down", "app/cases/actions.py", "import app.cli"),
    ("down", "app/undeclared.py", ""),
    ("capability", "app/people/models.py", "import app.people.actions"),
    ("capability", "app/cases/rules.py", "import app.cases.queries"),
    ("capability", "app/cases/utils.py", ""),
    ("no-web-below", "app/cases/actions.py", "import flask"),
    ("no-web-below", "app/people/queries.py", "import wtforms"),
    ("no-web-below", "app/people/actions.py", "import app.core.web.answers"),
    ("only-sign-in-knows-authlib", "app/people/actions.py", "import authlib"),
    ("nothing-from-outside", "app/people/actions.py", "import demo.people"),
    ("nothing-from-outside", "app/core/clock.py", "import scripts.parts"),
    ("only-the-engine-sets", "app/letters/rendering.py", "import weasyprint"),
    ("only-the-engine-sets", "app/core/pdf/press.py", "from pypdfium2 import PdfDocument"),
    ("the-engine-is-a-program", "app/core/pdf/press.py", "from app.core.pdf.engine import MOST"),
]


def lint_imports(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache", *chosen], cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The packages and their contracts, to be spoilt."""
    for name in ("app", "demo"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.csv", "*.html"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_rule_holds() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "file", "line"), FORBIDDEN, ids=lambda value: str(value).replace("app/", ""))
def test_contract_bites(tree: Path, contract: str, file: str, line: str) -> None:
    spoilt = tree / file
    spoilt.parent.mkdir(exist_ok=True)
    with spoilt.open("a") as text:
        text.write(f"\n{line}\n")
    done = lint_imports(tree, contract)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout or "exhaustive" in done.stdout.lower(), done.stdout


def test_each_contract_is_shown_to_bite() -> None:
    assert {contract for contract, _, _ in FORBIDDEN} == set(BY_ID)


def test_every_capability_is_held_to_the_order_of_its_files() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert {f"app.{name}" for name in folders - NOT_CAPABILITIES} <= set(BY_ID["capability"]["containers"])


def test_everything_but_sign_in_is_kept_from_authlib() -> None:
    rooms = {path.stem for path in (ROOT / "app").iterdir() if path.name not in {"__pycache__", "__init__.py"}}
    assert {f"app.{name}" for name in rooms - {"signin"}} == set(BY_ID["only-sign-in-knows-authlib"]["source_modules"])
