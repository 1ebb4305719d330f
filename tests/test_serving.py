"""`make serve`: what it needs is made where it can be, and told at once in plain words where it cannot."""

import pytest

from scripts import portal, run
from tests.support.settings import settings_for


@pytest.fixture
def served(monkeypatch, tmp_path):
    """Serve with this STORAGE; nothing is started. Gives the environment that would have been used."""
    used = {}
    monkeypatch.setenv("SETTINGS_FILE", str(tmp_path / "waharoa.env"))
    monkeypatch.setattr(run, "SERVED", tmp_path / "serve")
    monkeypatch.setattr(run, "refuse_busy_ports", lambda *_: None)
    monkeypatch.setattr(portal, "prepare", lambda environment, **_: used.update(environment))
    monkeypatch.setattr(run, "keep_running", lambda *_, **__: None)
    monkeypatch.delenv("DEMONSTRATION", raising=False)

    def serve(storage):
        given = settings_for("sqlite://", tmp_path, STORAGE=str(storage))
        for name in given.__dataclass_fields__:
            monkeypatch.setenv(name.upper(), str(getattr(given, name)))
        run.serve()
        return used

    return serve


def test_the_folder_for_files_is_made(served, tmp_path):
    folder = tmp_path / "deep" / "files"
    assert served(folder)["STORAGE"] == str(folder)
    assert folder.is_dir()
    assert folder.stat().st_mode & 0o077 == 0
    served(folder)


def test_a_folder_that_cannot_be_made_is_told_before_anything_starts(served, tmp_path):
    (tmp_path / "taken").write_text("a file in the way")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "files"):
        with pytest.raises(run.Refused, match=r"STORAGE: the folder .*taken.* cannot be made"):
            served(folder)
