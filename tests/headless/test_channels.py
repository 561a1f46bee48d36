"""No channel to the kernel outlives a notebook, and no notebook waits for a kernel that is gone."""

import os
import signal
import tempfile
import threading

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from runbook_lib.headless import execution
from runbook_lib.headless.execution import CellFailed, KernelLost, execute
from runbook_lib.headless.kernel import WarmKernel, interruptions_held


def notebook(path, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)
    return path


def heartbeats():
    """Clients may have a thread that hears the kernel's heart."""
    return sum("HBChannel" in type(thread).__name__ for thread in threading.enumerate())


@pytest.fixture(scope="module")
def kernel():
    with WarmKernel() as running:
        yield running


@pytest.fixture
def clients(kernel, monkeypatch):
    """The clients that are made in a test."""
    made, factory = [], kernel.manager.client_factory

    class Noted(factory):
        def start_channels(self, *given, **named):
            made.append(self)
            super().start_channels(*given, **named)

    monkeypatch.setattr(kernel.manager, "client_factory", Noted)
    return made


def test_the_channels_of_a_notebook_end_with_it(kernel, clients, tmp_path):
    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)
    assert [client.channels_running for client in clients] == [False]


def test_also_where_a_cell_raises(kernel, clients, tmp_path):
    source = notebook(tmp_path / "in.ipynb", "raise KeyError('no')")
    with pytest.raises(CellFailed):
        execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)
    assert [client.channels_running for client in clients] == [False]


def test_also_where_the_person_interrupts(kernel, clients, tmp_path):
    def interrupt(_number, _of):
        raise KeyboardInterrupt

    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    with pytest.raises(KeyboardInterrupt):
        execute(kernel, source, tmp_path / "out.ipynb", {}, interrupt)
    assert [client.channels_running for client in clients] == [False]


@pytest.mark.timeout(60)
def test_a_kernel_that_ends_in_a_cell_ends_the_notebook(tmp_path):
    """As when the machine has no memory left; a client that blocks would wait for its answer without end."""
    source = notebook(tmp_path / "in.ipynb", f"import os; os.kill(os.getpid(), {signal.SIGKILL.value})", "1 + 1")
    with WarmKernel() as kernel, pytest.raises(KernelLost, match="its kernel ended"):
        execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)


@pytest.mark.timeout(60)
def test_a_kernel_that_ends_between_notebooks_ends_the_next_one(tmp_path):
    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    with WarmKernel() as kernel:
        execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)
        os.kill(kernel.manager.provisioner.process.pid, signal.SIGKILL)
        kernel.clear()
        with pytest.raises(KernelLost, match="its kernel ended"):
            execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)


@pytest.mark.timeout(60)
def test_a_cell_without_an_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(execution, "CELL_SECONDS", 2)
    source = notebook(tmp_path / "in.ipynb", "while True: pass")
    with WarmKernel() as kernel, pytest.raises(KernelLost, match="longer than 2 seconds"):
        execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)


def test_an_interruption_while_the_kernel_starts_leaves_nothing(tmp_path, monkeypatch):
    """No kernel, no folder, and no connection file: there is a key in it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    usual = KernelManager.start_kernel
    started = []

    def start(self, *given, **named):
        usual(self, *given, **named)
        started.append(self.provisioner.process)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(KernelManager, "start_kernel", start)
    with pytest.raises(KeyboardInterrupt), WarmKernel():
        pytest.fail("the block was entered")
    assert [process.poll() is not None for process in started] == [True]
    assert list(tmp_path.iterdir()) == []


def test_no_thread_asks_the_kernel_whether_it_lives(kernel, clients, tmp_path):
    """An interruption while it begins would leave it to hold the process; the kernel's manager knows anyway."""
    seen = []
    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: seen.append(heartbeats()))
    assert seen == [0]
    assert clients


def test_an_interruption_waits_until_the_channels_are_whole():
    """It comes at the end of the block, once, and the next one comes at once again."""
    done = []
    with pytest.raises(KeyboardInterrupt), interruptions_held():  # noqa: PT012
        signal.raise_signal(signal.SIGINT)
        done.append("the block")
    assert done == ["the block"]
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_what_fails_meanwhile_is_not_hidden():
    """The handlers are as before after an exception, too."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyError), interruptions_held():
        raise KeyError
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_notebooks_client_has_a_session_of_its_own(kernel, clients, tmp_path):
    """The kernel tells its clients apart by that: of two alike it answers one, and the other waits."""
    source = notebook(tmp_path / "in.ipynb", "1 + 1")
    execute(kernel, source, tmp_path / "out.ipynb", {}, lambda _n, _of: None)
    assert [client.session.bsession != kernel._client.session.bsession for client in clients] == [True]
