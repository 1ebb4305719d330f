"""Who is signed in, and what stands around every page."""

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

from app.people.models import Role
from app.people.rules import LABELS
from bench.floor import driver
from bench.floor.words import clocktime, now

KEPT_FOR = timedelta(minutes=30)
ONE_MINUTE = timedelta(minutes=1)
SIGNED_IN = """
SELECT s.id, s.last_seen_at, s.idle_minutes, s.ends_at, p.id, p.name, h.role, o.id, o.name, o.kind,
    (SELECT count(*) FROM (SELECT 1 FROM outbox u
        WHERE u.person_id = s.person_id AND u.organisation_id = h.organisation_id AND u.role = h.role
        AND u.read_at IS NULL AND u.made_at <= :now LIMIT 100) unread),
    (SELECT count(*) FROM kept_form k WHERE k.person_id = s.person_id AND k.at > :since),
    (SELECT count(*) FROM role_held r WHERE r.person_id = s.person_id AND r.ended_at IS NULL)
FROM sign_in s
JOIN person p ON p.id = s.person_id
JOIN role_held h ON h.id = s.role_held_id AND h.ended_at IS NULL
JOIN organisation o ON o.id = h.organisation_id
WHERE s.token_digest = :digest AND s.ended_at IS NULL AND p.ended_at IS NULL
"""
LOG = """
INSERT INTO view_log (at, person_id, role, organisation_id, case_id, page)
VALUES (:now, :person, :role, :organisation, :case, :page)
"""
TOUCH = "UPDATE sign_in SET last_seen_at = :now WHERE id = :sign_in"
NAV = {
    "service": (("/workspace/", "My work"), ("/workspace/queue/", "Queue"), ("/workspace/cases/", "Cases")),
    "school": (("/portal/", "Home"), ("/portal/referrals/", "Requests"), ("/portal/cases/", "Cases")),
}
LAST = {"service": '<li><a href="/workspace/settings/">Settings</a></li>', "school": ""}
PAGE = """<!doctype html>
<html lang="en-NZ"><head><meta charset="utf-8"><title>{title} – Waharoa</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/assets/waharoa.css"><script defer src="/assets/waharoa.js"></script></head><body>
<a href="#main" class="govuk-skip-link">Skip to the main thing on this page</a>
<header class="wh-top"><div class="govuk-width-container wh-top__in"><a class="wh-name" href="/">Waharoa</a>
<span class="wh-place">{place}</span><div class="wh-person"><a href="/account">{name}</a>
<span>signed in until <span id="until">{until}</span></span>
<form method="post" action="/sign-out"><button type="submit" class="wh-link">Sign out</button></form></div></div></header>
{find}
<nav class="wh-nav" aria-label="Main"><div class="govuk-width-container"><ul>{nav}</ul></div></nav>
{kept}<main class="govuk-width-container wh-main" id="main" tabindex="-1">
{main}
</main>
<footer class="wh-foot"><div class="govuk-width-container"><p>Waharoa: the way in to attendance support. What you open is noted in the access log.</p></div></footer></body></html>"""
FIND = """<form class="wh-find" action="/search" role="search"><label for="find">Student’s name or case number</label>
<input id="find" name="q" type="search" placeholder="Name or number"><button>Search</button></form>"""
KEPT = """<p class="wh-notices govuk-body"><strong>Something you typed was not sent</strong>, because your sign-in had ended.
Nothing was lost: <a class="govuk-link" href="/kept/">look at it, and send it or throw it away</a>.</p>"""


@dataclass(frozen=True)
class Who:
    """The signed-in person."""

    sign_in: int
    is_touch_due: bool
    until: str
    person: int
    name: str
    role: str
    organisation: int
    organisation_name: str
    kind: str
    unread: int
    kept: int
    roles: int

    def log(self, page: str, case: int | None = None) -> None:
        """As `app.core.seen`: the view, and once a minute that they are here, in one transaction."""
        values: dict[str, Any] = {"person": self.person, "role": self.role, "organisation": self.organisation}
        if not self.is_touch_due:
            driver.write(LOG, now=now(), case=case, page=page, **values)
            return
        with driver.writing():
            driver.write(LOG, now=now(), case=case, page=page, **values)
            self.touch()

    def touch(self) -> None:
        if self.is_touch_due:
            driver.write(TOUCH, now=now(), sign_in=self.sign_in)


def signed_in(digest: str) -> Who | None:
    at = now()
    found = driver.rows(SIGNED_IN, digest=digest, now=at, since=at - KEPT_FOR)
    if not found:
        return None
    sign_in, seen_at, idle, ends_at, *rest = found[0]
    seen_at = driver.instant(seen_at)
    until = min(seen_at + timedelta(minutes=idle), driver.instant(ends_at))
    return Who(sign_in, at - seen_at > ONE_MINUTE, clocktime(until), *rest) if at < until else None


def page(who: Who, title: str, main: str) -> str:
    unread = f' <span class="wh-count">{who.unread}<span> need you</span></span>' if who.unread else ""
    nav = "".join(f'<li><a href="{url}">{label}</a></li>' for url, label in NAV[who.kind])
    return PAGE.format(
        title=title,
        place=f"{escape(who.organisation_name)} · {LABELS[Role(who.role)]}",
        name=f"{escape(who.name)}{', other roles' if who.roles > 1 else ''}",
        until=who.until,
        find=FIND if title != "Search" else "",
        nav=f'{nav}<li><a href="/notifications/">Notifications{unread}</a></li>{LAST[who.kind]}',
        kept=KEPT if who.kept else "",
        main=main,
    )
