"""Tries that all processes and machines count together, in Redis; while it is away each process counts in memory."""

import time
from threading import Lock

from flask import current_app
from limits.storage import MemoryStorage, RedisStorage
from redis import ConnectionPool, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.addresses import place_of_limits

SHARED = "shared://"
WAIT_SECONDS = 0.5
"""A request waits no longer for a Redis that is silent; a live one answers within a thousandth."""
PAUSE_SECONDS = 10.0
"""For so long it is not asked again; then one request asks it, and the others go on."""
FAILURES = (RedisError, OSError, ValueError)
"""ValueError: a name that is none, or an answer in no words of Redis."""


class SharedTries(RedisStorage):
    """In place of Flask-Limiter’s own way back to memory: of several requests that wait for a silent Redis at once that
    one saves the first, and the others answer 500; and a Redis that answers but may not write it takes for well."""

    STORAGE_SCHEME = [SHARED.removesuffix("://")]

    def __init__(self, uri: str = SHARED, *, address: str, prefix: str, **_more: float | str | bool) -> None:
        """`uri` is no more than `SHARED`: nothing that speaks of it repeats a password."""
        pool = ConnectionPool.from_url(
            address,
            socket_connect_timeout=WAIT_SECONDS,
            socket_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),  # a client with its usual settings tries ten times
            protocol=2,  # which every Redis speaks, old ones too
        )
        super().__init__(uri, connection_pool=pool, key_prefix=prefix)
        self._place = place_of_limits(address)
        self._memory = MemoryStorage()
        self._lock = Lock()
        self._away_until: float | None = None

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """All that a fixed window asks of its storage."""
        if self._is_to_be_asked():
            try:
                count = self.incr_together(key, expiry, amount)
            except FAILURES as failure:
                self._went(failure)
            else:
                self._came()
                return count
        return self._memory.incr(key, expiry, amount)

    def incr_together(self, key: str, expiry: int, amount: int = 1) -> int:
        """In Redis, or one of `FAILURES`."""
        return super().incr(key, expiry, amount)

    def _is_to_be_asked(self) -> bool:
        with self._lock:
            if self._away_until is None:
                return True
            now = time.monotonic()
            if now < self._away_until:
                return False
            self._away_until = now + PAUSE_SECONDS
            return True

    def _went(self, failure: Exception) -> None:
        with self._lock:
            is_news, self._away_until = self._away_until is None, time.monotonic() + PAUSE_SECONDS
        if is_news:
            current_app.logger.warning(
                "Redis at %s does not count tries (%s): until it does, each process counts by itself, in memory.",
                self._place,
                type(failure).__name__,
            )

    def _came(self) -> None:
        with self._lock:
            is_news, self._away_until = self._away_until is not None, None
        if is_news:
            current_app.logger.warning("Redis at %s counts tries again, for all processes together.", self._place)
