"""What the command line of the benches makes of its arguments."""

import pytest

from bench.__main__ import main


@pytest.mark.parametrize(("arguments", "ends_with"), [(["--help"], 0), (["pages"], 2)])
def test_arguments_measure_nothing(arguments: list[str], ends_with: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == ends_with
    said = capsys.readouterr()
    assert "ONLY" in said.err
    assert not said.out
