"""Zoom and pan through the drawn timeline in a whole Chromium, and time every step and frame.

Run by benchmarks/run, with the address of a site of benchmarks.timeline_site. The drawing of all
events is worked as a reader works it, in each of its arrangements. So is that of one article, which
is small, and a page that is empty but for a mark that moves with each frame. They take turns, round
after round, and so meet the same machine.
"""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from itertools import pairwise

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from benchmarks.drawing_report import ARRANGEMENTS, EMPTY, PAGES, Worked
from benchmarks.machine import busy_seconds
from tests.chromium import find_chromium

ADDRESS = os.environ.get("BENCHMARK_ADDRESS", "")
ROUNDS = int(os.environ.get("BENCHMARK_ROUNDS", "3"))
WINDOW = {"width": 1280, "height": 900}
FRAME = 1 / 60
CONTROL = 2  # as DevTools calls it: without it the wheel scrolls the page
SECONDS_TO_REST = 1
ARGUMENTS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    # All are painted by the processor, where there is a graphics card too.
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# From the whole time to days and back, and between them a look at what lies beside.
TURNS, TURNED = 75, 25
PRESSES, FRAMES_A_PRESS = 23, 2
MOVES, MOVED, TURNS_BEFORE = 60, 9, 25

PAINTED = """() => {
  const canvas = document.querySelector(".scale-plot canvas");
  const seen = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Boolean(seen?.some((value) => value));
}"""
# Asks for every frame, and keeps when it began.
WATCH = """() => {
  window.frames_begun = [];
  const next = (at) => { frames_begun.push(at); requestAnimationFrame(next); };
  requestAnimationFrame(next);
}"""
NOTHING = """<!doctype html><title>Nothing</title>
<style>
body { margin: 0; block-size: 100vh }
div { inline-size: 9px; block-size: 9px; background: gray }
</style>
<div></div>
<script>
addEventListener("wheel", (event) => event.preventDefault(), { passive: false });
const move = (at) => {
  document.querySelector("div").style.translate = `${at % 900}px`;
  requestAnimationFrame(move);
};
requestAnimationFrame(move);
</script>"""

Step = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Deed:
    """What a reader does: steps of which one falls into so many frames."""

    name: str
    steps: list[Step]
    frames_a_step: int = 1
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()


class Hand:
    """A mouse over the middle of a page, its keyboard, and what the page's thread takes."""

    def __init__(self, page: Page, session: CDPSession, whole: CDPSession, at: tuple) -> None:
        self.page, self.session, self.whole = page, session, whole
        self.x, self.y = at

    async def mouse(self, kind: str, **more: object) -> None:
        at = {"type": kind, "x": self.x, "y": self.y, **more}
        await self.session.send("Input.dispatchMouseEvent", at)

    async def turn(self, by: float) -> None:
        await self.mouse("mouseWheel", deltaX=0, deltaY=by, modifiers=CONTROL)

    async def move(self, by: float) -> None:
        self.x += by
        await self.mouse("mouseMoved", button="left", buttons=1)

    async def press(self, key: str) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            await self.session.send("Input.dispatchKeyEvent", {"type": kind, "key": key})

    def deeds(self) -> list[Deed]:
        """Return all that is done with each drawing."""
        closer, farther = partial(self.turn, -TURNED), partial(self.turn, TURNED)
        keys = [*["+"] * PRESSES, *["ArrowRight"] * PRESSES, *["-"] * PRESSES]
        left, right = partial(self.move, -MOVED), partial(self.move, MOVED)
        return [
            Deed("wheel", [*[closer] * TURNS, *[farther] * TURNS]),
            Deed("keys", [partial(self.press, key) for key in keys], FRAMES_A_PRESS),
            Deed(
                "drag",
                [*[left] * MOVES, *[right] * MOVES],
                before=(
                    *[closer] * TURNS_BEFORE,
                    partial(self.mouse, "mousePressed", button="left", buttons=1, clickCount=1),
                ),
                after=(partial(self.mouse, "mouseReleased", button="left", clickCount=1),),
            ),
        ]

    async def work(self, deed: Deed, into: Worked) -> None:
        """Do it, and note what each step took, and how far frames were apart."""
        for step in deed.before:
            await step()
        await self.page.evaluate("frames_begun.length = 0")
        begun, busy, all_of_it = time.perf_counter(), busy_seconds(), await self.chromium()
        await self._step(deed, into)
        into.chromium = (await self.chromium() - all_of_it) * 1000
        into.seconds, into.busy = time.perf_counter() - begun, busy_seconds() - busy
        begun_at = await self.page.evaluate("frames_begun")
        into.frames = [later - earlier for earlier, later in pairwise(begun_at)]
        for step in deed.after:
            await step()

    async def _step(self, deed: Deed, into: Worked) -> None:
        sent = []
        due, before = time.perf_counter(), await self.thread()
        for step in deed.steps:
            # An answer comes frames later: a hand does not wait for it either.
            sent.append(asyncio.create_task(step()))
            due = max(due + deed.frames_a_step * FRAME, time.perf_counter())
            await asyncio.sleep(due - time.perf_counter())
            now = await self.thread()
            into.script.append(now[0] - before[0])
            into.thread.append(now[1] - before[1])
            before = now
        await asyncio.gather(*sent)

    async def thread(self) -> tuple[float, float]:
        """Return the CPU time so far, in ms, of scripts and of all that the page's thread does."""
        found = await self.session.send("Performance.getMetrics")
        known = {one["name"]: one["value"] * 1000 for one in found["metrics"]}
        return known["ScriptDuration"], known["TaskDuration"]

    async def chromium(self) -> float:
        """Return the CPU seconds so far of all processes of the browser."""
        found = await self.whole.send("SystemInfo.getProcessInfo")
        return sum(one["cpuTime"] for one in found["processInfo"])


@asynccontextmanager
async def hand_on(browser: Browser, name: str) -> AsyncIterator[Hand]:
    """Give a hand on the page of that name, once all of it is drawn."""
    page = await browser.new_page(viewport=WINDOW)
    middle = (WINDOW["width"] / 2, WINDOW["height"] / 2)
    if name == EMPTY:
        await page.set_content(NOTHING)
    else:
        middle = await _open_drawing(page, PAGES[name])
    await page.evaluate(WATCH)
    session = await page.context.new_cdp_session(page)
    # On the CPU, whoever else uses the machine.
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    yield Hand(page, session, await browser.new_browser_cdp_session(), middle)
    await page.close()


async def _open_drawing(page: Page, path: str) -> tuple[float, float]:
    """Open the timeline, wait for the days of all its events, and return a place in the drawing."""
    async with page.expect_response("**/timeline.days.json*"):
        await page.goto(ADDRESS + path)
        await page.locator(".scale").scroll_into_view_if_needed()
    await page.wait_for_function(PAINTED)
    # The server has the same processors, and names of events come a moment later.
    await page.wait_for_load_state("networkidle")
    await asyncio.sleep(SECONDS_TO_REST)
    box = await page.locator(".scale-plot").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 3


async def work_through(browser: Browser, turn: int, name: str) -> list[Worked]:
    """Work one page in all its arrangements."""
    found = []
    async with hand_on(browser, name) as hand:
        for arrangement in ("",) if name == EMPTY else ARRANGEMENTS:
            if arrangement:
                await hand.page.get_by_role("button", name=arrangement, exact=True).click()
                await hand.page.locator(".scale-stop").focus()
                await hand.press("0")
            for deed in hand.deeds():
                found.append(Worked(turn, name, arrangement, deed.name))
                await hand.work(deed, found[-1])
    return found


async def main() -> None:
    found: list[Worked] = []
    async with async_playwright() as playwright:
        program = find_chromium()
        browser = await playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        # The first round warms all of them, and is not counted.
        for turn in range(-1, ROUNDS):
            for name in (EMPTY, *PAGES):
                worked = await work_through(browser, turn, name)
                found += worked if turn >= 0 else []
        version = browser.version
        await browser.close()
    print(json.dumps({"chromium": version, "worked": [asdict(one) for one in found]}))


if __name__ == "__main__":
    asyncio.run(main())
