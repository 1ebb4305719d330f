"""What `flask doctor` says of the watched folder, and that the worker looks into it; the setting is refused where it cannot be right."""

import os
import time
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app import rounds
from app.attendance.marks.models import ImportState, MarkImport
from app.core.db import db
from app.doctor.findings import Patient
from app.doctor.marks_folder import LATE_SECONDS, of_marks
from app.settings import Settings, UnsafeSettings
from tests import make
from tests.support.databases import Database
from tests.support.settings import settings_for


def said(folder: str | Path, tmp_path: Path) -> list[str]:
    return [str(each) for each in of_marks(Patient(settings_for("sqlite:///x", tmp_path, MARKS_FOLDER=str(folder))))]


def test_without_the_setting_nothing_is_said(tmp_path: Path) -> None:
    assert said("", tmp_path) == []


def test_a_folder_that_is_watched(tmp_path: Path) -> None:
    (tmp_path / "marks" / "9001").mkdir(parents=True)
    assert said(tmp_path / "marks", tmp_path) == [f"✓ marks folder: {tmp_path}/marks is watched, for 1 school"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert said(tmp_path / "gone", tmp_path)[0].startswith("✗ marks folder: MARKS_FOLDER names")


def test_folders_that_cannot_be_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "marks" / "9001").mkdir(parents=True)
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, how: not str(path).endswith("9001") and real(path, how))
    assert "cannot be read, or not be moved aside" in said(tmp_path / "marks", tmp_path)[0]
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert said(tmp_path / "marks", tmp_path)[0].startswith(f"✗ marks folder: {tmp_path}/marks cannot be read")


def test_what_lies_wrong_and_what_stays(tmp_path: Path) -> None:
    school = tmp_path / "marks" / "9001"
    school.mkdir(parents=True)
    (school.parent / "marks.csv").write_text("x")
    (school / "marks.csv").write_text("x")
    assert len(said(school.parent, tmp_path)) == 1, "it waits for its minute"
    with time_machine.travel(time.time() + LATE_SECONDS + 120):
        misplaced, left = said(school.parent, tmp_path)
    assert misplaced.startswith(f"· marks folder: 1 file or link lies directly in {school.parent}")
    assert left.startswith("✗ marks folder: 1 file was not taken out of it")


@pytest.mark.parametrize(("folder", "why"), [("marks", "whole path"), ("{}/files/marks", "MARKS_FOLDER lies too")])
def test_a_folder_that_cannot_be_right_is_refused_at_the_start(tmp_path: Path, folder: str, why: str) -> None:
    with pytest.raises(UnsafeSettings, match=why):
        settings_for("sqlite:///x", tmp_path, MARKS_FOLDER=folder.format(tmp_path))


class TestTheWorker:
    @pytest.fixture
    def settings(self, database: Database, tmp_path: Path) -> Settings:
        return settings_for(database.url, tmp_path, MARKS_FOLDER=str(tmp_path / "marks"))

    def test_looks_into_it_each_round(self, app: Flask, peopled: make.World, tmp_path: Path) -> None:
        with app.app_context():
            rounds.take_marks()
        school = tmp_path / "marks" / "9001"
        school.mkdir(parents=True)
        (school / "marks.csv").write_text("NSN,Date,AM,PM\n1,2/3/2026,P,P\n")
        with time_machine.travel(time.time() + 120), app.app_context():
            rounds.take_marks()
            assert list(db.session.scalars(select(MarkImport.state))) == [ImportState.REVIEW]
        assert (school / "taken" / "marks.csv").exists()
