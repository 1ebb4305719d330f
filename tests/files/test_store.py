"""Objects are safely there when `put` returns, in a folder and in a bucket alike."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from obstore.store import LocalStore

from app.core import clock
from app.core.files.spool import Spool
from app.core.files.store import Missing, Store, StoreFailed, opened
from tests.support.objects import Bucket, StoreAt
from tests.support.settings import settings_for


def spooled(content: bytes) -> Spool:
    spool = Spool()
    spool.write(content)
    return spool


@pytest.mark.parametrize("size", [0, 1, 300_000, 20_000_000])
def test_what_is_put_is_read_again(store: StoreAt, size: int) -> None:
    content = os.urandom(min(size, 1000)) * (size // 1000 or 1)
    with spooled(content) as file:
        key = store.it.put(file)
    assert b"".join(store.it.read(key)) == content
    assert store.it.has(key)
    assert len(key) <= 64
    assert store.it.is_usable()


def test_a_large_object_is_read_in_pieces(store: StoreAt) -> None:
    with spooled(b"x" * 3_000_000) as file:
        key = store.it.put(file)
    assert max(map(len, store.it.read(key))) < 1_500_000


def test_what_is_not_there_is_missing(store: StoreAt) -> None:
    with pytest.raises(Missing):
        store.it.read("ab/nothing")
    assert not store.it.has("ab/nothing")
    store.it.delete("ab/nothing")


def test_a_bucket_that_is_not_there_is_no_missing_file(bucket: Bucket, tmp_path: Path) -> None:
    store = opened(settings_for("sqlite://", tmp_path, **{**bucket.settings, "STORAGE": "s3://another-bucket"}))
    with pytest.raises(StoreFailed):
        store.read("ab/nothing")
    assert not store.is_usable()


def test_what_is_deleted_is_gone_and_no_longer_listed(store: StoreAt) -> None:
    with spooled(b"a") as first, spooled(b"b") as second:
        keys = [store.it.put(first), store.it.put(second)]
    store.it.delete(keys[0])
    found = [each for some in store.it.listing() for each in some]
    assert [each.key for each in found] == keys[1:]
    assert abs(clock.now() - found[0].at) < timedelta(minutes=1)


def test_a_store_that_is_gone_fails_in_our_words(gone_store: Store) -> None:
    with spooled(b"a") as file, pytest.raises(StoreFailed):
        gone_store.put(file)
    assert not gone_store.is_usable()


def test_file_and_folders_are_synced_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    really = os.fsync

    def noted(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        really(handle)

    monkeypatch.setattr(os, "fsync", noted)
    with spooled(b"a") as file:
        key = Store(LocalStore(tmp_path), tmp_path).put(file)
    assert synced == [str(tmp_path / key), str((tmp_path / key).parent), str(tmp_path)]


def test_a_store_of_another_process_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(LocalStore(tmp_path), tmp_path)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with spooled(b"a") as file, pytest.raises(RuntimeError, match="--preload"):
        store.put(file)
