"""JupyterLab in a real browser: what a student sees of the first lesson."""

import re
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from lab import PROBLEM, ROOT, browser, code_cell, notebook, run_all, run_cell, serve, shoot  # noqa: F401 (fixtures)

ERROR_CELLS = ["first := 1\nsecond := first + missing", "taskgraph.Del", "lines := 3\nfor i := range lines {\n\tfmt.Println(i)\n}"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab with copies of the notebooks."""
    base = tmp_path_factory.mktemp("lab")
    work = base / "work"
    work.mkdir()
    shutil.copy(ROOT / "notebooks" / "01-delayed.ipynb", work)
    cells = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in ERROR_CELLS],
                                     metadata=nbformat.read(work / "01-delayed.ipynb", as_version=4).metadata)
    del cells.metadata["jupytext"]  # no text half
    nbformat.write(cells, work / "cells.ipynb")
    with serve(base) as url:
        yield url


def graph_of(picture) -> tuple[list[str], set[tuple[str, str]], dict[str, str]]:
    """The labels and the edges of a drawn graph, from the page: JupyterLab shows an SVG
    as an image whose address holds the markup."""
    found = picture.evaluate("""async img => {
        await img.decode();
        const svg = new DOMParser().parseFromString(decodeURIComponent(img.src.slice(img.src.indexOf(',') + 1)), 'image/svg+xml');
        return {
            nodes: [...svg.querySelectorAll('g.node')].map(g => [g.getAttribute('data-key'), g.querySelector('text').textContent]),
            edges: [...svg.querySelectorAll('g.edge')].map(g => g.querySelector('title').textContent),
            size: [img.naturalWidth, img.naturalHeight],
        };
    }""")
    assert min(found["size"]) > 50, "the picture has no size"
    labels = dict(found["nodes"])
    return sorted(labels.values()), {tuple(e.split("->")) for e in found["edges"]}, labels


def test_the_first_lesson(notebook):
    page = notebook("01-delayed.ipynb")
    run_all(page)
    last = page.locator(".jp-CodeCell").last
    expect(last.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
    assert page.locator(PROBLEM).count() == 0

    picture = code_cell(page, "z.Visualize()").locator('[data-mime-type="image/svg+xml"] img')
    expect(picture).to_be_visible()
    shoot(page, "graph")
    labels, edges, names = graph_of(picture)
    assert labels == ["slowadd", "slowinc", "slowinc"]
    assert len(edges) == 2
    assert sorted((names[a], names[b]) for a, b in edges) == [("slowinc", "slowadd")] * 2

    computed = code_cell(page, "z.Compute()")
    expect(computed.locator(".jp-OutputArea-executeResult")).to_contain_text("5")
    expect(computed.locator(".jp-OutputArea")).to_contain_text("Wall time")
    shoot(page, "compute")


def test_an_error_shows_its_place(notebook):
    page = notebook("cells.ipynb")
    cell = run_cell(page, "missing")
    error = cell.locator(PROBLEM)
    expect(error).to_contain_text("missing")
    lines = error.inner_text().splitlines()
    shoot(page, "error")
    at = next(i for i, line in enumerate(lines) if "second := first + missing" in line)
    assert lines[at + 1].index("^") == lines[at].index("missing")
    assert "line 2, column 19" in "\n".join(lines)


def test_tab_completes(notebook):
    page = notebook("cells.ipynb")
    code_cell(page, "taskgraph.Del").locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Tab")
    popup = page.locator(".jp-Completer:visible")
    expect(popup.locator(".jp-Completer-item").first).to_be_visible()
    shoot(page, "completion")
    items = popup.locator(".jp-Completer-match").all_inner_texts()
    assert "Delayed" in items and all(i.startswith("Del") for i in items)
    page.keyboard.press("Enter")
    expect(code_cell(page, "taskgraph.Del").locator(".cm-content")).to_have_text("taskgraph.Delayed")


def test_go_is_highlighted(notebook):
    page = notebook("cells.ipynb")
    code_cell(page, "for i := range lines")
    keywords = page.locator(".cm-content span", has_text=re.compile(r"^(for|range)$"))
    expect(keywords.first).to_be_visible()
    plain = page.locator(".cm-content .cm-line", has_text="lines := 3").first
    assert keywords.first.evaluate("e => getComputedStyle(e).color") != plain.evaluate("e => getComputedStyle(e).color")
