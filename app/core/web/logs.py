"""Logs as JSON lines: request id, route pattern, status, time taken. No path, query, name or text."""

import json
import logging
import secrets
import time
import traceback

from flask import Flask, current_app, g, has_request_context, request
from werkzeug.wrappers import Response

EXTRAS = ("request_id", "route", "method", "status", "ms", "cause", "role")


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an error the places in the code are kept, never its message: it may quote data."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "what": record.getMessage(),
        }
        line |= _asked() | {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["places"] = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(record.exc_info[2])][-8:]
        return json.dumps(line, ensure_ascii=False)


def _asked() -> dict[str, object]:
    """Which request a line belongs to, where it belongs to one."""
    if not has_request_context():
        return {}
    return {"request_id": g.get("request_id", ""), "route": request.url_rule.rule if request.url_rule else "-"}


def set_up(app: Flask, level: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    app.logger.handlers = [handler]
    app.logger.setLevel(level)
    app.logger.propagate = False
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    g.request_id = secrets.token_hex(8)
    g.started = time.perf_counter()


def _finish(response: Response) -> Response:
    actor = getattr(g, "actor", None)
    current_app.logger.info(
        "request",
        extra={
            "method": request.method,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.started) * 1000, 1),
            "role": str(actor.role) if actor else "-",
        },
    )
    return response
