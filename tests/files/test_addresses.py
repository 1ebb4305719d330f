"""A start with an unclear or unsafe place for files, or scanner, is refused with the remedy."""

from pathlib import Path

import pytest

from app.settings import UnsafeSettings
from tests.support.settings import settings_for

BUCKET = {
    "STORAGE": "s3://bucket/prefix",
    "STORAGE_ENDPOINT": "https://objects.example.nz",
    "STORAGE_KEY_ID": "id",
    "STORAGE_SECRET": "secret",
}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"STORAGE": "files"}, "the whole path of a folder"),
        ({"STORAGE": "gs://bucket"}, "not “gs://bucket”"),
        ({"STORAGE": "http://bucket"}, "not “http://bucket”"),
        ({"STORAGE": "s3://"}, "not “s3://”"),
        ({"STORAGE": "s3://Bucket?x=1"}, "the whole path of a folder"),
        ({"STORAGE_KEY_ID": "id"}, "unset them, or name the bucket"),
        ({**BUCKET, "STORAGE_SECRET": ""}, "set STORAGE_KEY_ID and STORAGE_SECRET"),
        ({**BUCKET, "STORAGE_ENDPOINT": ""}, "set STORAGE_REGION"),
        ({**BUCKET, "STORAGE_ENDPOINT": "http://objects.example.nz"}, "Use https, or http on localhost only"),
        ({**BUCKET, "STORAGE_ENDPOINT": "objects.example.nz"}, "must be like https://objects.example.nz"),
        ({"SCANNER": "clamd"}, "SCANNER must be like"),
        ({"SCANNER": "unix:clamd.ctl"}, "SCANNER must be like"),
        ({"SCANNER": "unix://run/clamd.ctl"}, "SCANNER must be like"),
        ({"SCANNER": "tcp://127.0.0.1"}, "SCANNER must be like"),
        ({"SCANNER": "tcp://127.0.0.1:port"}, "SCANNER must be like"),
        ({"SCANNER": "http://127.0.0.1:3310"}, "SCANNER must be like"),
        ({"SCANNER": "tcp://scanner.example.nz:3310"}, "in the clear"),
    ],
)
def test_it_does_not_start(tmp_path: Path, changed: dict[str, str], told: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        settings_for("sqlite://", tmp_path, **changed)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        BUCKET,
        {**BUCKET, "STORAGE_ENDPOINT": "http://localhost:9000"},
        {**BUCKET, "STORAGE_ENDPOINT": "", "STORAGE_REGION": "ap-southeast-6"},
        {"SCANNER": "unix:/run/clamav/clamd.ctl"},
        {"SCANNER": "tcp://127.0.0.1:3310"},
        {"SCANNER": "tcp://[::1]:3310"},
    ],
)
def test_it_starts(tmp_path: Path, changed: dict[str, str]) -> None:
    settings = settings_for("sqlite://", tmp_path, **changed)
    assert (settings.storage_folder is None) == ("STORAGE" in changed)


@pytest.mark.parametrize(
    "changed", [{"DATABASE_URL": "sqlite:///{}/files/waharoa.sqlite"}, {"QUEUE_FILE": "{}/files/q"}]
)
def test_files_lie_in_a_folder_of_their_own(tmp_path: Path, changed: dict[str, str]) -> None:
    there = {name: text.format(tmp_path) for name, text in changed.items()}
    for storage in (tmp_path / "files", tmp_path, tmp_path / "files" / ".." / "files"):
        with pytest.raises(UnsafeSettings, match=f"in which {next(iter(there))} lies too"):
            settings_for("sqlite://", tmp_path, **{"STORAGE": str(storage), **there})


def test_the_whole_disk_is_no_place_for_files(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="not “/”"):
        settings_for("postgresql://localhost/waharoa", tmp_path, STORAGE="/", QUEUE_FILE="database")
