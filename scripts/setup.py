"""Install what this machine lacks, and only then: Debian packages, the pinned Python packages in .venv, the built assets.

`python3 scripts/setup.py run|serve|test`. Standard library only: nothing is installed when it starts."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "installed"
OLDEST_NODE = (20, 19)
OLDEST_PYTHON = (3, 11)
LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
REQUIREMENTS = {
    "serve": ("requirements",),
    "run": ("requirements", "requirements-demo"),
    "test": ("requirements", "requirements-demo", "requirements-dev"),
}


class Lacking(Exception):
    """The machine lacks something that cannot be installed from here; the text says what to do."""


def main(purpose: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise Lacking("Waharoa needs Python 3.11 or newer as python3.")
    install_debian_packages(lacking_debian_packages(purpose))
    make_virtual_environment()
    names = REQUIREMENTS[purpose] + (() if has_node() else ("requirements-assets",))
    install_python_packages([ROOT / f"{name}.txt" for name in names])
    build_assets(purpose)


def lacking_debian_packages(purpose: str) -> list[str]:
    found = {"python3-venv": importlib.util.find_spec("ensurepip") is not None}
    for package, library in LIBRARIES.items():  # what letters are set with
        found[package] = any(Path("/usr/lib").glob(f"*/{library}"))
    if purpose == "test":
        found["poppler-utils"] = shutil.which("pdftotext") is not None
        found["postgresql"] = any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        found["chromium"] = Path("/usr/bin/chromium").exists()  # the measurements
        found["chromium-headless-shell"] = Path("/usr/lib/chromium/chromium-headless-shell").exists()  # the journeys
        found["default-jre-headless"] = shutil.which("java") is not None
        found["clamav-daemon"] = Path("/usr/sbin/clamd").exists()  # the tests bring signatures of their own
        found["redis-server"] = Path("/usr/bin/redis-server").exists()
        found["nginx-light"] = Path("/usr/sbin/nginx").exists()
        found["caddy"] = Path("/usr/bin/caddy").exists()
        found["zstd"] = shutil.which("zstd") is not None
        found["libatomic1"] = any(Path("/usr/lib").glob("*/libatomic.so.1"))  # for the Node inside Playwright
    return [package for package, is_there in found.items() if not is_there]


def install_debian_packages(packages: list[str]) -> None:
    if not packages:
        return
    if shutil.which("apt-get") is None:
        raise Lacking(f"Please install what Debian calls {' '.join(packages)}, then try again.")
    by_hand = f"Please install as root: apt-get install {' '.join(packages)}"
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if as_root and shutil.which("sudo") is None:
        raise Lacking(by_hand)
    say(f"installing {' '.join(packages)}")
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    try:
        carry_out([*as_root, *quietly, "update"], showing=False)
        carry_out([*as_root, *quietly, "install", "-y", "--no-install-recommends", *packages], showing=False)
    except Lacking as lack:
        raise Lacking(f"{lack}\n{by_hand}") from None


def make_virtual_environment() -> None:
    """Again where making it was broken off: pip comes last."""
    if (VENV / "bin" / "pip").exists():
        return
    say("making .venv")
    carry_out([sys.executable, "-m", "venv", str(VENV)])


def install_python_packages(files: list[Path]) -> None:
    """Each file once, remembered by its hash; all that are new in one go, so that their pins agree."""
    new = [file for file in files if not is_installed(file)]
    if not new:
        return
    say(f"installing what {', '.join(file.name for file in new)} pins")
    named = [argument for file in new for argument in ("-r", str(file))]
    carry_out(
        [str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--require-hashes", *named]
    )
    STAMPS.mkdir(exist_ok=True)
    for file in new:
        stamp(file).write_text(digest(file))


def is_installed(file: Path) -> bool:
    return stamp(file).exists() and stamp(file).read_text() == digest(file)


def stamp(file: Path) -> Path:
    return STAMPS / file.stem


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def has_node() -> bool:
    """Whether PATH has a Node new enough, with npm; Debian 12's own is too old."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = said.strip().removeprefix("v").split(".")[:2]
    return tuple(int(number) for number in numbers if number.isdigit()) >= OLDEST_NODE


def build_assets(purpose: str) -> None:
    python = str(VENV / "bin" / "python")
    carry_out([python, "scripts/assets.py", *([] if purpose == "test" else ["--omit-dev"])])
    carry_out([python, "scripts/fonts.py"])


def carry_out(command: list[str], *, showing: bool = True) -> None:
    """What it says is shown, or only its errors."""
    said = None if showing else subprocess.DEVNULL
    if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, check=False).returncode:
        raise Lacking(f"This did not work: {' '.join(command)}")


def say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Lacking as lack:
        sys.exit(f"set-up: {lack}")
    except KeyboardInterrupt:
        sys.exit("\nset-up: broken off; the next start goes on from here.")
