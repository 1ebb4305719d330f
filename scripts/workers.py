"""gunicorn's settings: what its workers have in common is imported once, before they are forked, and stays in memory once.

Imported, not made: an application that opened its store before the fork would hang in the child (so never --preload)."""

import gc

import app.cli  # noqa: F401 (and with it the whole portal)

limit_request_line = 8190
"""Bytes, the most that gunicorn takes: a long text in an address is answered by a page of ours."""
gc.collect()
gc.freeze()
