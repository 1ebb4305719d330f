"""Accessibility by axe-core, in the page as it stands."""

from playwright.sync_api import Page

from scripts.parts import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def axe(page: Page) -> list[str]:
    """What axe finds wrong, a line for each rule. It is evaluated: a script tag is refused by the policy, rightly; and once for
    all widths that a page is looked at in."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    return [
        f"{violation['id']}: {violation['help']} at {', '.join(node['html'] for node in violation['nodes'][:3])}"
        for violation in found["violations"]
    ]
