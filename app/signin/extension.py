"""What the running app holds for signing in: the sign-in server's keys, the rules for roles, the limits."""

from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app, g

from app.people.actions import Limits
from app.settings import Settings
from app.signin.failures import SignInFailed
from app.signin.oidc import SignInServer
from app.signin.rules import RolesFileFault, Rules, read_rules


def set_up(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.extensions["roles"] = read_rules(Path(settings.roles_file))
    app.extensions["sign_in_server"] = SignInServer(settings)


def server() -> SignInServer:
    found: SignInServer = current_app.extensions["sign_in_server"]
    return found


def rules() -> Rules:
    """roles.toml as it is now; one that was spoilt since the start is logged, and the last good one holds."""
    try:
        current_app.extensions["roles"] = read_rules(Path(current_app.extensions["settings"].roles_file))
    except (RolesFileFault, OSError) as fault:
        current_app.logger.error("roles.toml", extra={"cause": str(fault)})  # noqa: TRY400 (the text says it all)
    found: Rules = current_app.extensions["roles"]
    return found


def limits() -> Limits:
    """How long a sign-in lasts, from the settings."""
    settings: Settings = current_app.extensions["settings"]
    return Limits(idle=timedelta(minutes=settings.idle_minutes), absolute=timedelta(hours=settings.absolute_hours))


def log(failure: SignInFailed) -> None:
    extra = {"cause": failure.cause, "request_id": getattr(g, "request_id", "")}
    current_app.logger.warning("sign-in failed", extra=extra)
