"""The guides in docs whose code is run: every Go block, and every call in their tables."""

import pathlib
import re

import pytest

from notebook import Notebook

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```go( raises)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r"`([^`]+)`")


def tables(text: str) -> list[str]:
    """The code in all columns of the tables but the first, which is a question or Python."""
    rows = (line for line in text.splitlines() if line.startswith("|"))
    return [code for row in rows for column in row.strip("|").split("|")[1:] for code in CALL.findall(column)]


def cells(guide: str) -> list[tuple[str, bool]]:
    """A guide's code from top to bottom, and whether it is to fail: blocks as they stand, then the calls of the tables below them."""
    found, end = [], 0
    for block in BLOCK.finditer(guide):
        found += [(code, False) for code in tables(guide[end:block.start()])]
        found.append((block[2], bool(block[1])))
        end = block.end()
    return found + [(code, False) for code in tables(guide[end:])]


def test_what_the_cells_of_a_guide_are():
    guide = "a\n```go\nx := 1\n```\n|a|b|\n|---|---|\n|`py`|`x`, `x+1`|\n```go raises\ny\n```\n"
    assert cells(guide) == [("x := 1\n", False), ("x", False), ("x+1", False), ("y\n", True)]


@pytest.mark.parametrize("name", ["frames.md"])
def test_the_code_of_a_guide_runs(name, tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "build" / "data")  # made by `make data SIZE=small`
    found = cells((ROOT / "docs" / name).read_text())
    assert len(found) > 20
    with Notebook(cwd=str(tmp_path)) as nb:
        for code, fails in found:
            cell = nb.run(code)
            assert (cell.status == "error") == fails, f"{code}\n{cell.reply.get('evalue')}"
