"""The files that come with a form of a draft."""

from flask import g

from app.cases.files.actions import Arrived
from app.core.errors import Refused
from app.core.web.taken import came_before, came_in_vain, kept, refusals
from app.core.web.uploads import first_scan
from app.referrals.files.actions import attach
from app.referrals.queries import Request


def put_with(found: Request) -> tuple[bool, list[str]]:
    """They are put with the draft, once however often the form comes: were any; and of those that were not, why. Raises
    `Conflict` once it was sent."""
    told = refusals()
    if not kept():
        return False, told
    if came_before():
        return True, told
    try:
        attach(found.referral, Arrived(kept(), first_scan()), by=g.actor)
    except Refused as refused:
        came_in_vain()
        return False, [*told, refused.why]
    return True, told
