"""What the operator brings in, by the command line as it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from time_machine import Traveller

from tests import make

Bring = Callable[..., Result]
OSCAR = "oscar.O01@example.nz"


@pytest.fixture
def bring(clock: Traveller, app: Flask, peopled: make.World, tmp_path: Path) -> Bring:
    """`bring("schools", text)`: a file with this in it, by Oscar; further words as they are typed."""

    def run(kind: str, content: str | bytes, *more: str, name: str = "file.csv", by: str = OSCAR) -> Result:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return app.test_cli_runner().invoke(args=["import", kind, str(file), "--by", by, *more], catch_exceptions=False)

    return run
