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
