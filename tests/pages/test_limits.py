"""Tries, counted by each process or by all together in a real Redis; and what happens while that is away."""

import socket
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from redis import Redis

from app.core.web import tries
from app.settings import UnsafeSettings
from tests.support.redises import PASSWORD, RedisServer
from tests.support.tries import logged, process_of_its_own, start, tried

LET_THROUGH, REFUSED = [303], [429]


@pytest.fixture
def one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is away is asked again by the next request."""
    monkeypatch.setattr(tries, "PAUSE_SECONDS", 0.0)


def test_in_memory_each_process_counts_by_itself_and_in_redis_all_together(redis: RedisServer, tmp_path: Path) -> None:
    with process_of_its_own() as elsewhere:
        start(tmp_path)
        elsewhere.submit(start, tmp_path).result()
        assert elsewhere.submit(tried, 120).result() == tried(120) == LET_THROUGH
        assert elsewhere.submit(tried, 1).result() == tried(1) == REFUSED
        start(tmp_path, LIMITS=redis.address)
        elsewhere.submit(start, tmp_path, LIMITS=f"unix://:{redis.quoted}@{redis.socket}").result()
        assert elsewhere.submit(tried, 60).result() == tried(60) == LET_THROUGH
        assert elsewhere.submit(tried, 1).result() == tried(1) == REFUSED


def test_another_portal_counts_apart_in_the_same_redis(redis: RedisServer, tmp_path: Path) -> None:
    start(tmp_path, LIMITS=redis.address)
    assert tried(121) == LET_THROUGH + REFUSED
    start(tmp_path, LIMITS=redis.address, PUBLIC_URL="http://localhost:8010")
    assert tried(1) == LET_THROUGH


def test_what_redis_is_told_ends_within_the_minute(redis: RedisServer, tmp_path: Path) -> None:
    start(tmp_path, LIMITS=redis.address)
    tried(1)
    with closing(Redis(port=redis.port, password=PASSWORD)) as asked:
        (name,) = asked.keys()
        assert 0 < asked.ttl(name) <= 60
    assert name == b"waharoa localhost:8000:LIMITER/address 127.0.0.1/global/120/1/minute"


@pytest.mark.usefixtures("one_after_another")
def test_without_redis_the_portal_counts_in_memory_until_it_is_back(redis: RedisServer, tmp_path: Path) -> None:
    redis.stop()
    start(tmp_path, LIMITS=redis.address)
    log = logged()
    assert tried(120) == LET_THROUGH
    assert tried(1) == REFUSED
    redis.start()
    assert tried(120) == LET_THROUGH
    assert tried(1) == REFUSED
    redis.stop()
    assert tried(1) == REFUSED, "what memory counted this minute still counts"
    lines = [line for line in log.getvalue().splitlines() if "Redis" in line]
    assert ["until it does, each process counts by itself" in line for line in lines] == [True, False, True]
    assert f"Redis at 127.0.0.1:{redis.port} counts tries again" in lines[1]
    assert not [word for word in (PASSWORD, redis.quoted, "address 127") if word in log.getvalue()]


def test_a_redis_that_was_started_anew_is_asked_as_before(redis: RedisServer, tmp_path: Path) -> None:
    start(tmp_path, LIMITS=redis.address)
    log = logged()
    tried(1)
    redis.stop()
    redis.start()
    assert tried(121) == LET_THROUGH + REFUSED
    assert log.getvalue() == ""


@pytest.mark.usefixtures("one_after_another")
def test_a_redis_that_answers_but_may_not_write_is_away_too(redis: RedisServer, tmp_path: Path) -> None:
    with closing(Redis(port=redis.port, password=PASSWORD)) as asked:
        asked.config_set("maxmemory", 1)
        assert asked.ping()
    start(tmp_path, LIMITS=redis.address)
    log = logged()
    assert tried(120) == LET_THROUGH
    assert tried(1) == REFUSED
    assert log.getvalue().count("does not count tries (OutOfMemoryError)") == 1


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """It takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        listening.setblocking(False)
        yield listening


def connections(listening: socket.socket) -> int:
    """How many came since the last time."""
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_nobody_waits_for_a_silent_redis_but_the_first(silent: socket.socket, tmp_path: Path) -> None:
    """Several at once too: each has its answer."""
    start(tmp_path, LIMITS=f"redis://localhost:{silent.getsockname()[1]}")
    log = logged()
    with ThreadPoolExecutor(4) as people:
        assert list(people.map(tried, [1] * 4)) == [LET_THROUGH] * 4
    assert 1 <= connections(silent) <= 4
    assert tried(116) == LET_THROUGH
    assert tried(1) == REFUSED
    assert connections(silent) == 0
    assert log.getvalue().count("does not count tries (TimeoutError)") == 1


def test_a_request_waits_half_a_second_at_most_and_asks_once() -> None:
    """Of the line to Redis; the clock is not asked, as this machine may be busy."""
    line = tries.SharedTries(address="redis://localhost", prefix="").storage.connection_pool.make_connection()
    assert line.socket_timeout == line.socket_connect_timeout == 0.5
    assert line.retry.get_retries() == 0


LIKE = "LIMITS must be the word memory, or like redis://"


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ("redis", LIKE),
        ("Memory", LIKE),
        ("http://:s3cret@localhost", LIKE),
        ("redis://:s3cret@:6379", LIKE),
        ("redis://:s3cret@localhost:port", LIKE),
        ("redis://:s3cret@localhost/zero", LIKE),
        ("redis://:s3cret#more@localhost", LIKE),
        ("redis://:s3cret]@localhost", LIKE),
        ("rediss://:s3cret@redis.example.nz/0?ssl_cert_reqs=none", LIKE),
        ("unix:run/redis.sock", LIKE),
        ("unix://:s3cret@run/redis.sock", LIKE),
        ("redis://:s3cret@redis.example.nz:6379/0", "Use rediss://"),
        ("redis://:s3cret@10.0.0.7", "would travel in the clear"),
        ("rediss://redis.example.nz/0", "without a password"),
    ],
)
def test_an_unclear_or_unsafe_redis_does_not_start_and_no_password_is_shown(
    tmp_path: Path, limits: str, told: str
) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        start(tmp_path, LIMITS=limits)
    assert told in str(refused.value)
    assert "s3cret" not in "".join(traceback.format_exception(refused.value, chain=True))


@pytest.mark.parametrize(
    "limits",
    [
        "memory",
        "redis://localhost",
        "redis://name:s3cret@[::1]:6380/3",
        "rediss://:p%40ss@redis.example.nz:6380/0",
        "unix:///run/redis/redis-server.sock",
    ],
)
def test_a_clear_one_starts_though_it_is_not_there_yet(tmp_path: Path, limits: str) -> None:
    start(tmp_path, LIMITS=limits)
