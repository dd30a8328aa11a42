"""axe-core, as every page is judged: WCAG 2.2 AA and what is good practice besides."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def verstoesse(page: Page) -> list[tuple[str, str, int]]:
    """Return the violations that axe-core finds in the page as it is now: rule, what it asks, how often."""
    found = Axe().run(page, options=_RULES).response["violations"]
    return [(one["id"], one["help"], len(one["nodes"])) for one in found]
