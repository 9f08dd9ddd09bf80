"""Somebody who has no mouse: everything is reached with Tab and done with Enter, Space and the arrows."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

FAR = 250
"""Nobody presses Tab more often than this to reach something."""

SHOWS_FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), place = at.getBoundingClientRect();
  const drawn = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const inSight = place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth;
  return at === document.body || (drawn && inSight) ? '' : at.outerHTML.slice(0, 200);
}"""

TO_REACH = """() => {
  const chosen = new Set();  // Tab stops once in a group of radio buttons
  window.unreached = new Set([...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(e => e.type !== 'hidden' && !e.disabled && e.tabIndex >= 0 && e.checkVisibility())
    .filter(e => e.type !== 'radio' || (!chosen.has(e.name) && chosen.add(e.name))));
  const begins = document.querySelector('.skip') ?? document.body;
  begins.focus();
  window.unreached.delete(begins);
  return window.unreached.size;
}"""
REACHED = f"""() => {{
  const at = document.activeElement;
  window.unreached.delete(at);
  if (at.type === 'radio') for (const e of window.unreached) if (e.name === at.name) window.unreached.delete(e);
  return [({SHOWS_FOCUS})(), window.unreached.size];
}}"""
"""What holds the focus and does not show it, and how much is still to be reached: one question for each key."""
LEFT = "[...window.unreached].map(e => e.outerHTML.slice(0, 160))"
PARTS_OF_A_DATE = 4
"""Tab stops in a field for a date at its day, month, year and calendar."""


@dataclass(frozen=True)
class Keyboard:
    """A page that is used with the keys alone; fails where one cannot see what has the focus."""

    page: Page

    def reach(self, wanted: Locator) -> None:
        """Press Tab until it has the focus."""
        assert wanted.count() == 1, f"{wanted} is there {wanted.count()} times"
        for _each in range(FAR):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            unseen = self.page.evaluate(SHOWS_FOCUS)
            assert not unseen, f"the focus cannot be seen on {unseen}"
        raise AssertionError(f"Tab does not lead to {wanted}")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Press a button or follow a link, and wait for what comes."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, wanted: Locator, text: str) -> None:
        """Replace what stands in a field."""
        self.reach(wanted)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, wanted: Locator, value: str) -> None:
        """Go down a list of choices to one."""
        self.reach(wanted)
        for _each in range(FAR):
            if wanted.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not among the choices")

    def tick(self, wanted: Locator) -> None:
        self.reach(wanted)
        self.page.keyboard.press("Space")
        assert wanted.is_checked()


def not_reached(page: Page) -> list[str]:
    """What Tab does not lead to, or without showing that it has; also what holds it."""
    faults: list[str] = []
    for _each in range(page.evaluate(TO_REACH) * PARTS_OF_A_DATE):
        page.keyboard.press("Tab")
        unseen, left = page.evaluate(REACHED)
        if unseen:
            faults.append(f"not seen: {unseen}")
        if not left:
            break
    return faults + list(page.evaluate(LEFT))
