"""Going through pages by the keyboard alone; at each stop one sees where one is, and it is in the window."""

from pathlib import Path

from playwright.sync_api import Locator, Page

MOST = 250
STOP = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const parts = [here, here.closest("label"), here.nextElementSibling].filter(Boolean);
  const isSeen = (look) => (look.outlineStyle !== "none" && look.outlineWidth !== "0px") || look.boxShadow !== "none";
  const isShown = parts.some((one) => isSeen(getComputedStyle(one)));
  const box = here.getBoundingClientRect();
  const isThere = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  if (isShown && isThere) return "";
  return `${isShown ? "out of the window" : "no focus is seen"}: ${here.outerHTML.slice(0, 120)}`;
}"""


def tabs_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        assert page.evaluate(STOP) == ""
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead to {target}")


def types_at(page: Page, field: Locator, words: str) -> None:
    tabs_to(page, field)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(words)


def presses_at(page: Page, target: Locator) -> None:
    """Follow the link or press the button; the page that follows is there afterwards."""
    tabs_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def chooses_at(page: Page, box: Locator) -> None:
    """A box to tick, or the radio of a group that the Tab key leads to."""
    tabs_to(page, box)
    page.keyboard.press("Space")


def chooses_file_at(page: Page, chooser: Locator, name: str, content: bytes) -> None:
    tabs_to(page, chooser)
    with page.expect_file_chooser() as opened:
        page.keyboard.press("Space")
    opened.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})


def downloads_at(page: Page, link: Locator) -> Path:
    tabs_to(page, link)
    with page.expect_download() as coming:
        page.keyboard.press("Enter")
    return Path(coming.value.path())
