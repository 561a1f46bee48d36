"""No channel to the kernel outlives a notebook: an open one could hold the process at its end for ever."""

import threading

import nbformat
import pytest

from runbook_lib.headless.execution import CellFailed, execute
from runbook_lib.headless.kernel import WarmKernel


def notebook(path, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)
    return path


def heartbeats():
    """Every client of a kernel has a thread that hears its heart."""
    return sum("HBChannel" in type(thread).__name__ for thread in threading.enumerate())


@pytest.fixture(scope="module")
def kernel():
    with WarmKernel() as running:
        yield running


def test_the_channels_of_a_notebook_end_with_it(kernel, tmp_path):
    before = heartbeats()
    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)
    assert heartbeats() == before


def test_also_where_a_cell_raises(kernel, tmp_path):
    before = heartbeats()
    source = notebook(tmp_path / "in.ipynb", "raise KeyError('no')")
    with pytest.raises(CellFailed):
        execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)
    assert heartbeats() == before


def test_also_where_the_person_interrupts(kernel, tmp_path):
    def interrupt(_number, _of):
        raise KeyboardInterrupt

    before = heartbeats()
    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    with pytest.raises(KeyboardInterrupt):
        execute(kernel, source, tmp_path / "out.ipynb", {}, interrupt)
    assert heartbeats() == before
