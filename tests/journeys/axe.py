"""What axe finds wrong with a page, in light colours and in dark ones."""

from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, expect

ALL_RULES: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
CONTRASTS = ALL_RULES | {"runOnly": ["color-contrast"]}
SCHEMES: dict[Literal["light", "dark"], dict[str, object]] = {"light": ALL_RULES, "dark": CONTRASTS}


def faults_of(page: Page) -> str:
    """List what axe finds wrong with a page in light colours, and with its contrasts in dark ones."""
    faults: list[str] = []
    page.evaluate(AXE_SCRIPT)
    for scheme, rules in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html.dark")).to_have_count(int(scheme == "dark"))
        found = AxeResults(page.evaluate("rules => axe.run(rules)", rules))
        if found.violations_count:
            faults.append(f"{scheme}: {found.generate_report()}")  # pyright: ignore[reportUnknownMemberType] - its authors left it untyped
    return "\n".join(faults)
