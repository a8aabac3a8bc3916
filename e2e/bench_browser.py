"""From a key press to the painted picture in JupyterLab, beside ipykernel's Image widget.

Two notebooks are open in one JupyterLab in Chromium: the second lesson with dagbook, and
the same film with ipywidgets' Image. They take turns; in each, the slider has the focus
and the right arrow key is pressed again and again, with a pause in between that has no
rhythm in common with the screen's.

The page itself takes the time (STOPWATCH): from the key event's own time stamp until the
frame in which the picture has another source and is loaded has been painted, which is
when the first task after that animation frame runs. So a time has the slider's and the
server's work in it, the kernel's, the decoding of the PNG, and the wait for the screen's
next frame.
"""

import pathlib
import random

import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

from bench_arrays import LESSON, SERIAL
from bench_slider import READY, SLIDERS, percentile
from lab import FLAGS, PATIENCE, TOKEN, chromium, serve
from timing import BENCH, DATA, GO, PYTHON, heading, in_turns, line, progress

PRESSES = 30  # in a run

STOPWATCH = """cell => {
    const painted = (img, before, done) => {
        const look = () => {
            if (img.src === before || !img.complete || !img.naturalWidth) { requestAnimationFrame(look); return; }
            const channel = new MessageChannel();
            channel.port1.onmessage = () => done(performance.now());
            channel.port2.postMessage(null);
        };
        requestAnimationFrame(look);
    };
    const img = cell.querySelector('img.widget-image');
    window.addEventListener('keydown', event => {
        window.move = new Promise(done => painted(img, img.src, now => done(now - event.timeStamp)));
    }, true);
}"""


def notebooks(work: pathlib.Path) -> None:
    """The lesson as far as its slider, and the same for ipywidgets."""
    film = LESSON.index(SERIAL)
    sources = {GO: [*LESSON[: film + 1], SLIDERS[GO]["film"]],
               PYTHON: [(BENCH / "arrays.py").read_text(), "serialFrames = empty(files)", READY[PYTHON][0], SLIDERS[PYTHON]["film"]]}
    for name, cells in sources.items():
        spec = {"name": name, "display_name": name, "language": {GO: "go", PYTHON: "python"}[name]}
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells], metadata={"kernelspec": spec})
        nbformat.write(book, work / f"{name}.ipynb")


def opened(browser: Browser, lab: str, name: str) -> Page:
    """A notebook whose cells have run, with a stopwatch at its slider."""
    page = browser.new_page(viewport={"width": 1300, "height": 1500})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{lab}/lab/workspaces/{name}/tree/{name}.ipynb?token={TOKEN}&reset")
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    cell = page.locator(".jp-CodeCell").last
    cell.scroll_into_view_if_needed()
    cell.locator("img.widget-image").wait_for()
    cell.evaluate(STOPWATCH)
    return page


def moved(page: Page, presses: int) -> list[float]:
    """The ms of each of some key presses, each pressed when the one before is painted."""
    page.bring_to_front()
    handle = page.locator(".jp-CodeCell").last.locator(".widget-slider .noUi-handle")
    handle.focus()
    found = []
    for _ in range(presses):
        page.wait_for_timeout(random.uniform(60, 100))
        page.keyboard.press("ArrowRight")
        found.append(page.evaluate("window.move"))
    return found


def browser(rounds: int, scratch: str) -> None:
    """Measures and prints; scratch is a folder for JupyterLab's files."""
    base = pathlib.Path(scratch) / "lab"
    work = base / "work"
    work.mkdir(parents=True)
    (work / "data").symlink_to(DATA.resolve())
    notebooks(work)
    found = {GO: [], PYTHON: []}
    with serve(base) as lab, sync_playwright() as p:
        window = p.chromium.launch(executable_path=chromium(), args=FLAGS, headless=True)
        pages = {name: opened(window, lab, name) for name in found}
        for page in pages.values():
            moved(page, 5)  # the first ones are not counted
        for turn in range(rounds):
            for name in in_turns(turn, *found):
                found[name].append(moved(pages[name], PRESSES))
            progress("browser", turn, rounds)
        window.close()
    heading("In JupyterLab with Chromium, from a key press to the painted picture", "ipykernel")
    for name, part in {"p50": 0.5, "p90": 0.9}.items():
        line(f"{name}, ms", *([percentile(r, part) for r in found[n]] for n in (GO, PYTHON)), bound="<= 1x")
