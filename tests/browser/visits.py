"""How the browser tests look at a page: screens, what is wrong with it, the usual ways in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, ViewportSize

from tests.factories import PASSWORD

PHONE = ViewportSize(width=390, height=844)
SMALL_PHONE = ViewportSize(width=320, height=640)
DESKTOP = ViewportSize(width=1280, height=900)

# Opens a page on a screen; the second value says whether scripts run.
Visit = Callable[[ViewportSize, bool], Page]

# What GOV.UK Frontend and our own styles change on what has the focus. A radio is drawn by the
# pseudo-element of its label, so that one counts as well.
UNSEEN_FOCUS = """
() => {
  const seen = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== 'none';
  };
  const every = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  return [...document.querySelectorAll(every)].filter((element) => {
    if (element.disabled || !element.checkVisibility()) return false;
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) return false;
    const label = element.nextElementSibling;
    return !seen(element) && !(label?.matches('label') && seen(label, '::before'));
  }).map((element) => element.outerHTML.slice(0, 120));
}
"""


class Watch:
    """Keeps what goes wrong behind a page: errors of scripts, files that do not come."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser repeats each answer that is an error; those are looked at below.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A file that the browser gave up because the test went on to another page is no fault.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"did not come: {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        # A test says itself when it expects a page to be refused; no page may break.
        limit = 500 if response.request.resource_type == "document" else 400
        if response.status >= limit:
            self.faults.append(f"{response.status}: {response.url}")


def sign_in(page: Page, email: str) -> None:
    """Fill in the door that the page shows."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def path_of(page: Page) -> str:
    """Where the page is, without the server's name."""
    return urlsplit(page.url).path


def tab_to(page: Page, target: Locator, *, most: int = 60) -> None:
    """Press Tab until the target has the focus; fails when ``most`` presses do not reach it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} was not reached in {most} presses of Tab")


def faults_of_page(page: Page) -> list[str]:
    """What is wrong with a page at the width at which it is shown, in plain words."""
    found: list[str] = []
    page.wait_for_load_state("networkidle")  # a fallback face may be wider than ours
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    screen = page.viewport_size
    if screen and wide > screen["width"]:
        found.append(f"it is {wide} pixels wide")
    headings = page.locator("h1").all_inner_texts()
    if len(headings) != 1 or not headings[0].strip():
        found.append(f"it has {len(headings)} main headings")
    if not page.title().strip():
        found.append("it has no title")
    found += [f"the focus is not seen on {one}" for one in page.evaluate(UNSEEN_FOCUS)]
    return found
