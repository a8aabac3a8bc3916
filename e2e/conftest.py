"""Fixtures of the tests from outside: kernels as Jupyter starts them.

Everything that a kernel or Jupyter writes goes below a temporary folder, whether the
tests are run by make or by hand.
"""

import os
import pathlib
import sys
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
_scratch = tempfile.TemporaryDirectory(prefix="e2e-")


def pytest_configure(config):
    # Before any test module is imported: jupyter_core reads these when it is.
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    for name in ("CONFIG", "DATA", "RUNTIME"):
        os.environ[f"JUPYTER_{name}_DIR"] = f"{_scratch.name}/{name.lower()}"
    os.environ["IPYTHONDIR"] = f"{_scratch.name}/ipython"
    os.environ["XDG_DATA_HOME"] = f"{_scratch.name}/share"  # the history of the cells
    # A venv's tools are found by hand as by make.
    os.environ["PATH"] = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])


def pytest_unconfigure(config):
    _scratch.cleanup()


@pytest.fixture(scope="module")
def process():
    """A kernel process that the tests of a module share, as they do one notebook."""
    from wire import Client, Process

    with Process() as p:
        with Client(p.info) as c:
            c.ready()
        yield p


@pytest.fixture
def client(process):
    """A front end of the module's kernel that sees what it publishes."""
    from wire import Client

    with Client(process.info) as c:
        c.ready()
        yield c


@pytest.fixture(scope="module")
def shared():
    """A notebook that the tests of a module share: each cell says what it needs."""
    from notebook import Notebook

    with Notebook() as nb:
        yield nb


@pytest.fixture
def fresh():
    """A notebook with a kernel of its own, for tests that end or hurt it."""
    from notebook import Notebook

    with Notebook() as nb:
        yield nb
