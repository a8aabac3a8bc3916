"""The slider of the second lesson in a real browser: keys, a drag, a reload, an error."""

import re
import shutil

import h5py
import nbformat
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from lab import PROBLEM, ROOT, browser, code_cell, notebook, run_all, run_cell, serve, shoot  # noqa: F401 (fixtures)

DATA = ROOT / "build" / "data"  # made by `make data SIZE=small`
FAILING = """widget.Interact(func(n int) image.Image {
	if n == 3 {
		panic("three is no picture")
	}
	return image.NewGray(image.Rect(0, 0, 10+n, 20))
}, widget.IntSlider{Max: 9});"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab with the lesson, its data, and a notebook for a failing callback."""
    assert DATA.is_dir(), "make data SIZE=small has not been run"
    base = tmp_path_factory.mktemp("lab")
    work = base / "work"
    work.mkdir()
    (work / "data").symlink_to(DATA)
    lesson = nbformat.read(ROOT / "notebooks" / "02-arrays.ipynb", as_version=4)
    lesson.metadata.pop("jupytext", None)  # no text half here
    nbformat.write(lesson, work / "02-arrays.ipynb")
    failing = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(FAILING)], metadata=lesson.metadata)
    nbformat.write(failing, work / "failing.ipynb")
    with serve(base) as url:
        yield url


def frame(i: int) -> np.ndarray:
    """What the lesson shows of frame i."""
    path = sorted((DATA / "fvalues").glob("*.h5"))[i]
    with h5py.File(path) as f:
        x = f["values"][:]
    return ((x - x.min()) * (255 / (x.max() - x.min()))).astype(np.uint8)


class Slider:
    """A slider and the picture below it, in the output of a cell."""

    def __init__(self, cell):
        self.cell = cell
        self.handle = cell.locator(".widget-slider .noUi-handle")
        self.readout = cell.locator(".widget-readout")
        self.picture = cell.locator("img.widget-image")

    def value(self) -> int:
        return int(self.readout.inner_text())

    def press(self, key: str, times: int = 1) -> None:
        self.handle.focus()
        for _ in range(times):
            self.handle.page.keyboard.press(key)

    def pixels(self) -> np.ndarray | None:
        """The grey values of the picture; None while it is loading."""
        got = self.picture.evaluate("""img => {
            if (!img.complete || !img.naturalWidth) return null;
            const c = document.createElement('canvas');
            [c.width, c.height] = [img.naturalWidth, img.naturalHeight];
            const g = c.getContext('2d');
            g.drawImage(img, 0, 0);
            return [c.height, c.width, [...g.getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 == 0)];
        }""")
        return got and np.array(got[2], dtype=np.uint8).reshape(got[:2])

    def expect_frame(self, page: Page, i: int) -> None:
        """Waits until the readout says i and the picture is that frame."""
        expect(self.readout).to_have_text(str(i))
        want = frame(i)
        for _ in range(200):
            got = self.pixels()
            if got is not None and got.shape == want.shape and np.array_equal(got, want):
                return
            page.wait_for_timeout(50)
        raise AssertionError(f"the picture is not frame {i}")


def drag(page: Page, slider: Slider, steps: int) -> None:
    """Drags the handle along most of the slider."""
    slider.handle.scroll_into_view_if_needed()
    box, track = slider.handle.bounding_box(), slider.cell.locator(".widget-slider .noUi-base").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for k in range(1, steps + 1):
        page.mouse.move(track["x"] + track["width"] * (0.1 + 0.8 * k / steps), y)
        page.wait_for_timeout(20)
    page.mouse.up()


def test_the_second_lesson(notebook):
    page = notebook("02-arrays.ipynb")
    run_all(page)
    expect(page.locator(".jp-CodeCell").last.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
    assert page.locator(PROBLEM).count() == 0
    expect(code_cell(page, "img.Image()").locator('[data-mime-type="image/png"] img')).to_be_visible()

    slider = Slider(code_cell(page, "serialFrames.At(iframe).Image()"))
    slider.expect_frame(page, 0)
    slider.press("ArrowRight", 3)
    slider.expect_frame(page, 3)
    slider.press("ArrowLeft")
    slider.expect_frame(page, 2)
    drag(page, slider, 50)
    last = slider.value()
    assert last > 20
    slider.expect_frame(page, last)
    shoot(page, "slider")

    lazy = Slider(code_cell(page, "must(frames.At(iframe).Compute()).Image()"))
    lazy.press("End")
    lazy.expect_frame(page, 39)
    shoot(page, "lazy-slider")

    # A page that is loaded anew finds the widgets in the kernel, where they were left.
    page.keyboard.press("Control+s")
    expect(page.locator("#jp-main-statusbar").get_by_text("Go (dagbook) | Idle")).to_be_visible()
    page.wait_for_timeout(1000)
    page.reload()
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.locator("#jp-main-statusbar").get_by_text("Go (dagbook) | Idle").wait_for()
    slider = Slider(code_cell(page, "serialFrames.At(iframe).Image()"))
    slider.expect_frame(page, last)
    slider.press("ArrowRight")
    slider.expect_frame(page, last + 1)
    shoot(page, "reloaded")


def test_a_callback_that_fails(notebook):
    page = notebook("failing.ipynb")
    cell = run_cell(page, "three is no picture")
    slider = Slider(cell)
    expect(slider.readout).to_have_text("0")
    slider.press("ArrowRight", 3)
    error = cell.locator(".jp-Cell-outputWrapper")
    expect(error).to_contain_text("three is no picture")
    expect(error).to_contain_text("line 3")
    shoot(page, "callback-error")
    slider.press("ArrowRight")
    expect(slider.readout).to_have_text("4")
    expect(error).not_to_contain_text("three is no picture")
    for _ in range(100):
        if (got := slider.pixels()) is not None and got.shape == (20, 14):
            break
        page.wait_for_timeout(50)
    assert slider.pixels().shape == (20, 14)
