"""JupyterLab in a real browser, for the tests of what people see.

Needs Chromium (see chromium.sh). Screenshots are left in build/browser.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from wire import free_ports

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHOTS = ROOT / "build" / "browser"
PATIENCE = 120_000  # ms; ends tests that hang
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
TOKEN = "e2e-token"
# What is printed on stderr, and errors too.
PROBLEM = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'



def chromium() -> str:
    """The browser that chromium.sh makes sure of."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome")]
    path = next((p for p in found if p), None)
    assert path, "there is no Chromium: install it (Debian: apt install chromium) or name it with CHROMIUM=/path/to/chromium"
    return path


def wait_until_served(url: str, server: subprocess.Popen, log: pathlib.Path) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.2)
    raise TimeoutError(log.read_text())


@contextlib.contextmanager
def serve(base: pathlib.Path):
    """A JupyterLab of its own, which serves the folder work in base; gives its address."""
    work = base / "work"
    news = base / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    news.parent.mkdir(parents=True)
    news.write_text('{"fetchNews": "false", "checkForUpdates": false}')  # no question, no network
    port = free_ports(1)[0]
    env = os.environ | {f"JUPYTER_{n}_DIR": str(base / n.lower()) for n in ("CONFIG", "DATA", "RUNTIME")}
    env |= {"JUPYTERLAB_SETTINGS_DIR": str(base / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(base / "workspaces")}
    log = base / "log.txt"
    with open(log, "w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
             f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={work}", "--LabApp.extension_manager=readonly"],
            env=env, stdout=out, stderr=out, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_served(f"{url}/api", server, log)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # the group is the server's own
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=chromium(), args=FLAGS, headless=True)
        yield b
        b.close()


def open_notebook(browser, lab: str, name: str) -> Page:
    """A notebook in a new window, its kernel idle, and no dialog in between."""
    page = browser.new_page(viewport={"width": 1300, "height": 1500})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(f"{lab}/lab/tree/{name}?token={TOKEN}&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.locator(".jp-NotebookPanel-toolbar .jp-Toolbar-kernelName").wait_for()
    page.locator("#jp-main-statusbar").get_by_text("Go (dagbook) | Idle").wait_for()
    assert page.locator(".jp-Dialog").count() == 0, page.locator(".jp-Dialog").inner_text()
    return page


@pytest.fixture
def notebook(browser, lab):
    pages = []

    def opened(name):
        pages.append(open_notebook(browser, lab, name))
        return pages[-1]

    yield opened
    for page in pages:
        page.close()


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def code_cell(page: Page, text: str):
    """The first code cell whose source contains a text, scrolled into view."""
    cell = page.locator(".jp-CodeCell").filter(has=page.locator(".jp-InputArea", has_text=text)).first
    cell.scroll_into_view_if_needed()
    return cell


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def run_cell(page: Page, text: str):
    cell = code_cell(page, text)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    return cell
