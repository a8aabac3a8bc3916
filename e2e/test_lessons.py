"""The lessons' notebooks with the tools that students and CI use on them."""

import asyncio
import base64
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import bs4
import h5py
import nbclient
import nbformat
import numpy as np
import pandas as pd
import pytest
from PIL import Image

import wire
from notebook import Notebook

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLIGHTS = sorted((ROOT / "build" / "data" / "nycflights").glob("*.csv"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SVG = "{http://www.w3.org/2000/svg}"
KERNELS = {"default": "dagbook", "yaegi": "dagbook-yaegi"}  # by engine


def tool(*args, cwd=None) -> subprocess.CompletedProcess:
    """Runs a Python tool of the venv."""
    return subprocess.run([sys.executable, "-m", *map(str, args)], cwd=cwd, capture_output=True, text=True, timeout=300)


def checked(*args, cwd=None) -> subprocess.CompletedProcess:
    run = tool(*args, cwd=cwd)
    assert run.returncode == 0, run.stdout + run.stderr
    return run


def read(path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def essence(nb) -> list[tuple]:
    """What a conversion must keep of a notebook."""
    return [(c.cell_type, c.source, c.metadata.get("slideshow")) for c in nb.cells]


def test_there_are_lessons():
    lessons = {"01-delayed", "02-arrays", "03-frames"}
    assert lessons | {f"{name}-solutions" for name in lessons} <= {p.stem for p in NOTEBOOKS}


# Execution

# Cells that run after a lesson's own: shown numbers are rounded, files hold all their digits.
SAVING = {
    "03-frames": ["must(mean.Frame().WriteCSV(`mean.csv`))", "must(must(lateness.Compute()).Frame().WriteCSV(`lateness.csv`))",
                  "must(monthly.Frame().WriteCSV(`monthly.csv`))"],
}
SAVING["03-frames-solutions"] = SAVING["03-frames"] + ["must(parallel.Frame().WriteCSV(`parallel.csv`))", "must(airlines.WriteCSV(`airlines.csv`))"]


@pytest.fixture(scope="module")
def yaegi(tmp_path_factory):
    """The kernel as `dagbook install --engine yaegi` makes it known, under a name beside the default's."""
    prefix = tmp_path_factory.mktemp("prefix")
    subprocess.run([wire.kernel_argv()[0], "install", "--prefix", prefix, "--engine", "yaegi"], check=True, timeout=60)
    shutil.move(prefix / "share/jupyter/kernels/dagbook", pathlib.Path(os.environ["JUPYTER_DATA_DIR"]) / "kernels" / KERNELS["yaegi"])
    return KERNELS["yaegi"]


async def execute(path: pathlib.Path, engine: str, folder: pathlib.Path) -> nbformat.NotebookNode:
    """Runs a lesson in a folder of its own, with the files that `make data SIZE=small` made."""
    data = folder / "data"
    data.mkdir(parents=True)
    made = ROOT / "build" / "data"
    for name in ("fvalues", "daily-stock.tgz", "nycflights.tar.gz"):  # the archives are for the lesson to extract
        (data / name).symlink_to(made / name)
    nb = read(path)
    own = len(nb.cells)
    nb.cells += [nbformat.v4.new_code_cell(source) for source in SAVING.get(path.stem, [])]
    client = nbclient.NotebookClient(nb, timeout=120, kernel_name=KERNELS[engine], resources={"metadata": {"path": str(folder)}})
    await client.async_execute()
    del nb.cells[own:]
    nb.metadata["lesson"], nb.metadata["folder"] = path.stem, str(folder)
    return nb


@pytest.fixture(scope="module")
def executions(yaegi, tmp_path_factory):
    """Every lesson on every engine, or the failure: all at once, since lessons mostly sleep."""
    folder = tmp_path_factory.mktemp("lessons")
    runs = {(p.stem, e): (p, e, folder / f"{p.stem}-{e}") for p in NOTEBOOKS for e in KERNELS}

    async def all_at_once():
        return await asyncio.gather(*(execute(*run) for run in runs.values()), return_exceptions=True)

    return dict(zip(runs, asyncio.run(all_at_once())))


@pytest.fixture(params=[(p.stem, e) for p in NOTEBOOKS for e in KERNELS], ids="-".join)
def executed(request, executions):
    """A lesson as it is after its cells ran; a failing cell fails the tests that use it."""
    nb = executions[request.param]
    if isinstance(nb, BaseException):
        raise nb
    return nb


def test_the_engines_are_two(yaegi):
    sorting = "slices.Sort([]int{2, 1})"
    with Notebook(KERNELS["default"]) as nb:
        nb.ok(sorting)
    with Notebook(yaegi) as nb:
        assert "the yaegi engine cannot call" in nb.run(sorting).traceback


def outputs(nb, source: str) -> list:
    """The outputs of the first cell whose source contains a text."""
    return next(c.outputs for c in nb.cells if c.cell_type == "code" and source in c.source)


def text_values(outs) -> list[str]:
    return [o.data.get("text/plain") for o in outs if o.output_type in ("execute_result", "display_data")]


def wall_seconds(outs) -> float:
    text = "".join(o.text for o in outs if o.output_type == "stream")
    found = re.search(r"Wall time: ([0-9.]+) ?(ns|µs|us|ms|s)\b", text)
    assert found, text
    return float(found[1]) * {"ns": 1e-9, "µs": 1e-6, "us": 1e-6, "ms": 1e-3, "s": 1}[found[2]]


def graph_of(outs) -> tuple[list[str], int]:
    """The labels of the nodes in a drawn graph, and the number of its edges."""
    svg = next(o.data["image/svg+xml"] for o in outs if "data" in o and "image/svg+xml" in o.data)
    groups = ET.fromstring(svg).iter(f"{SVG}g")
    labels, edges = [], 0
    for g in groups:
        if g.get("class") == "node":
            labels.append("".join(g.find(f"{SVG}text").itertext()))
        edges += g.get("class") == "edge"
    return sorted(labels), edges


def test_a_lesson_runs_without_errors_or_warnings(executed):
    for c in executed.cells:
        for o in c.get("outputs", []):
            assert o.output_type != "error"
            assert o.get("name") != "stderr", o
    assert executed.metadata.language_info.name == "go"
    assert executed.metadata.language_info.file_extension == ".go"


def test_the_first_lesson_shows_what_it_says(executed):
    if executed.metadata["lesson"] != "01-delayed":
        return  # the other lessons have tests of their own
    assert text_values(outputs(executed, "z := slowadd(x, y)\nz")) == ["5"]
    serial = wall_seconds(outputs(executed, "z := slowadd(x, y)\nz"))
    assert wall_seconds(outputs(executed, "z := delayed(slowadd)(x, y)")) < 1  # nothing ran
    assert text_values(outputs(executed, "z.Compute()")) == ["5"]
    assert wall_seconds(outputs(executed, "z.Compute()")) < serial
    assert graph_of(outputs(executed, "z.Visualize()")) == (["slowadd", "slowinc", "slowinc"], 2)
    assert graph_of(outputs(executed, 'Rankdir("LR")')) == (["slowadd", "slowinc", "slowinc"], 2)
    assert text_values(outputs(executed, "total := sum(results)\ntotal")) == ["44"]
    assert text_values(outputs(executed, "slowadd(slowinc(1), slowinc(2)).Compute()")) == ["5"]


def test_the_solutions_are_faster_and_right(executed):
    if executed.metadata["lesson"] != "01-delayed-solutions":
        return
    graphs = [graph_of(c.outputs) for c in executed.cells if c.cell_type == "code"
              and any("data" in o and "image/svg+xml" in o.data for o in c.outputs)]
    assert (sorted(["sum"] + ["slowinc"] * 8), 8) in graphs
    values = [v for c in executed.cells if c.cell_type == "code" for v in text_values(c.outputs)]
    assert "44" in values


def test_the_second_lesson_shows_what_it_says(executed):
    """The numbers are compared with h5py's and NumPy's on the same files."""
    if executed.metadata["lesson"] != "02-arrays":
        return
    frames = np.array([scaled(p) for p in sorted((ROOT / "build" / "data" / "fvalues").glob("*.h5"))])
    assert text_values(outputs(executed, "files[:5], len(files)"))[1] == str(len(frames))
    assert np.array_equal(picture(outputs(executed, "img.Image()")), frames[0])
    assert text_values(outputs(executed, "ndarray.ArrayEqual(a, b)"))[-1] == "true"
    total = frames.sum(axis=0, dtype=np.uint64)
    grey = ((total - total.min()) * (255 / (total.max() - total.min()))).astype(np.uint8)
    assert np.array_equal(picture(outputs(executed, "scale(total).Image()")), grey)

    # The sliders are saved with the notebook, and their first pictures without scripts too.
    saved = executed.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    for source in ("serialFrames.At(iframe).Image()", "must(frames.At(iframe).Compute()).Image()"):
        (out,) = outputs(executed, source)
        assert np.array_equal(picture([out]), frames[0])
        box = saved[out.data["application/vnd.jupyter.widget-view+json"]["model_id"]]
        slider, image, _ = (saved[ref.removeprefix("IPY_MODEL_")] for ref in box["state"]["children"])
        assert slider["state"]["max"] == len(frames) - 1
        (buffer,) = image["buffers"]
        assert buffer["path"] == ["value"] and np.array_equal(pixels(buffer["data"]), frames[0])


def scaled(path) -> np.ndarray:
    with h5py.File(path) as f:
        x = f["values"][:]
    return ((x - x.min()) * (255 / (x.max() - x.min()))).astype(np.uint8)


def pixels(encoded: str) -> np.ndarray:
    """The pixels of a PNG file in base64."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))


def picture(outs) -> np.ndarray:
    return pixels(next(o.data["image/png"] for o in outs if "data" in o and "image/png" in o.data))


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    """The lesson's flights, as pandas reads them."""
    return pd.concat([pd.read_csv(f, low_memory=False) for f in FLIGHTS], ignore_index=True)


def saved(executed, name: str) -> pd.DataFrame:
    """What a cell of SAVING wrote, with its first column as the index."""
    return pd.read_csv(pathlib.Path(executed.metadata["folder"]) / f"{name}.csv", index_col=0)


def same(ours: pd.Series, theirs: pd.Series):
    assert list(ours.index) == list(theirs.index)
    np.testing.assert_allclose(ours.to_numpy(), theirs.to_numpy(), rtol=1e-12, atol=0)


def test_the_third_lesson_has_the_means_of_pandas(executed, flights):
    lesson = executed.metadata["lesson"]
    if lesson not in ("03-frames", "03-frames-solutions"):
        return
    means = flights.groupby("Origin").DepDelay.mean()
    same(saved(executed, "mean").DepDelay, means)
    same(saved(executed, "lateness").DepDelay, means)
    same(saved(executed, "monthly").DepDelay, flights.groupby("Month").DepDelay.mean())
    if lesson == "03-frames-solutions":
        same(saved(executed, "parallel").DepDelay, means)
        airlines = flights.groupby("UniqueCarrier").ArrDelay
        for column, answer in {"mean": airlines.mean(), "std": airlines.std(), "count": airlines.count()}.items():
            same(saved(executed, "airlines")[column], answer)


def test_the_third_lesson_shows_what_it_says(executed, flights):
    if executed.metadata["lesson"] != "03-frames":
        return
    first = pd.read_csv(FLIGHTS[0])
    assert list(shown(outputs(executed, 'df.Col("Origin").Unique()')).values()) == list(first.Origin.unique())
    assert shown(outputs(executed, "df.Dtypes()")) == {name: KINDS[t.kind] for name, t in first.dtypes.items()}
    means = shown(outputs(executed, 'df.GroupBy("Origin").Col("DepDelay").Mean()'))
    assert means == {label: f"{mean:.6f}" for label, mean in first.groupby("Origin").DepDelay.mean().items()}
    late = flights[flights.DepDelay > 60].groupby("Origin").size()
    assert shown(outputs(executed, 'late.GroupBy("Origin").Size()')) == {label: str(n) for label, n in late.items()}
    assert text_values(outputs(executed, "r[0], r[1]")) == [f"{first.DepDelay.min():g}", f"{first.DepDelay.max():g}"]
    assert graph_of(outputs(executed, "taskgraph.Visualize(earliest, latest)")) == (["Col", "Max", "Min", "ReadCSV"], 3)
    assert graph_of(outputs(executed, "lateness.Visualize()"))[0].count("read-csv") == len(FLIGHTS)
    assert any("image/svg+xml" in o.get("data", {}) for o in outputs(executed, "monthly :="))


KINDS = {"i": "int64", "f": "float64", "O": "string"}  # by NumPy's kind


def shown(outs) -> dict[str, str]:
    """The values of a series that a cell shows, by their labels."""
    html = next(o.data["text/html"] for o in outs if "<table" in o.get("data", {}).get("text/html", ""))
    rows = bs4.BeautifulSoup(html, "html.parser").tbody.find_all("tr")
    return {row.th.text: row.td.text for row in rows}


def test_the_third_lesson_writes_files_that_others_read(executed):
    if executed.metadata["lesson"] not in ("03-frames", "03-frames-solutions"):
        return
    folder = pathlib.Path(executed.metadata["folder"]) / "data" / "daily-stock"
    sources = sorted(folder.glob("*.json"))
    assert sources and [p.with_suffix(".h5") for p in sources] == sorted(folder.glob("*.h5"))
    for source in sources:
        prices = pd.read_json(source, lines=True)
        with h5py.File(source.with_suffix(".h5")) as f:
            records = f["data"][:]
        nanoseconds = prices.timestamp.dt.tz_localize(None).astype("datetime64[ns]").astype("int64")
        assert np.array_equal(records["timestamp"], nanoseconds)
        back = pd.read_hdf(source.with_suffix(".h5"), "/data")
        for column in ("open", "high", "low", "close", "volume"):
            assert np.array_equal(records[column], prices[column])
            assert np.array_equal(back[column], prices[column])


# nbconvert

def test_the_lesson_runner_fails_when_a_cell_fails(tmp_path):
    good = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")], metadata=read(NOTEBOOKS[0]).metadata)
    bad = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('panic("on purpose")')], metadata=good.metadata)
    nbformat.write(good, tmp_path / "good.ipynb")
    nbformat.write(bad, tmp_path / "bad.ipynb")

    def lessons(*names):
        return subprocess.run([sys.executable, str(ROOT / "e2e" / "lessons.py"), str(tmp_path / "out"), *(str(tmp_path / n) for n in names)],
                              capture_output=True, text=True, timeout=300)

    assert lessons("good.ipynb").returncode == 0
    assert (tmp_path / "out" / "good.html").exists()
    run = lessons("bad.ipynb", "good.ipynb")
    assert run.returncode == 1
    assert "on purpose" in run.stdout and "1 of 2" in run.stdout
    assert lessons().returncode == 1


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_slides(path, tmp_path):
    checked("jupyter", "nbconvert", "--to", "slides", "--output-dir", tmp_path, path)
    html = (tmp_path / f"{path.stem}.slides.html").read_text()
    nb = read(path)
    starts = sum(c.metadata.get("slideshow", {}).get("slide_type") in ("slide", "subslide") for c in nb.cells)
    assert starts > 3
    sections = html.count("<section>") + html.count("<section ")
    assert sections >= starts
    fragments = sum(c.metadata.get("slideshow", {}).get("slide_type") == "fragment" for c in nb.cells)
    assert len(re.findall(r'class="fragment[" ]', html)) == fragments


@pytest.mark.parametrize("executed", [(p.stem, "default") for p in NOTEBOOKS], ids="-".join, indirect=True)
def test_script(executed, tmp_path):
    """nbconvert takes the ending from the kernel's language_info, which an executed notebook has."""
    nbformat.write(executed, tmp_path / "lesson.ipynb")
    checked("jupyter", "nbconvert", "--to", "script", "--output-dir", tmp_path, tmp_path / "lesson.ipynb")
    assert "taskgraph.Delayed" in (tmp_path / "lesson.go").read_text()


# jupytext

@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_pair_is_in_step(path, tmp_path):
    """Syncing a fresh copy changes neither half, so both were committed together."""
    shutil.copy2(path, tmp_path)
    shutil.copy2(path.with_suffix(".md"), tmp_path)
    ipynb, md = tmp_path / path.name, tmp_path / path.with_suffix(".md").name
    before = read(ipynb), md.read_text()
    checked("jupytext", "--sync", ipynb.name, cwd=tmp_path)
    assert essence(read(ipynb)) == essence(before[0])
    assert md.read_text() == before[1]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_an_edit_of_the_text_half_arrives_in_the_other(path, tmp_path):
    shutil.copy2(path, tmp_path)
    md = pathlib.Path(shutil.copy2(path.with_suffix(".md"), tmp_path))
    md.write_text(md.read_text() + "\n```{code-cell}\nadded := 1\n```\n")
    checked("jupytext", "--sync", md.name, cwd=tmp_path)
    assert read(tmp_path / path.name).cells[-1].source == "added := 1"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_survives_the_round_trip(path, tmp_path):
    checked("jupytext", "--to", "md:myst", "--output", tmp_path / "a.md", path)
    checked("jupytext", "--to", "ipynb", "--output", tmp_path / "a.ipynb", tmp_path / "a.md")
    first, back = read(path), read(tmp_path / "a.ipynb")
    assert essence(back) == essence(first)
    spec = back.metadata.kernelspec
    assert (spec.name, spec.display_name, spec.language) == ("dagbook", "Go (dagbook)", "go")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_committed_without_outputs(path):
    nb = read(path)
    assert all(not c.get("outputs") and not c.get("execution_count") for c in nb.cells)
    assert nb.metadata.jupytext.formats == "ipynb,md:myst"
    assert nb.metadata.kernelspec.language == "go"
