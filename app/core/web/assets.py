"""Addresses of the built assets: hashed names from the build's manifest, so that they can be kept for ever."""

import json
from pathlib import Path

from flask import Flask


def set_up(app: Flask) -> None:
    """Raises `RuntimeError` with the remedy when the assets have not been built."""
    manifest = Path(app.root_path).parent / "static" / "built" / "manifest.json"
    if not manifest.is_file():
        raise RuntimeError("The assets are not built: run `python scripts/assets.py`.")
    names: dict[str, str] = json.loads(manifest.read_text())
    app.jinja_env.globals["asset"] = lambda name: f"/static/built/{names[name]}"
