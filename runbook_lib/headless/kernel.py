"""One warm kernel for all notebooks of a run: started early, cleared between notebooks, ended for sure."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from jupyter_client.manager import KernelManager

_CLEAR = "get_ipython().reset(new_session=False)"
_LONGEST_HOME = 90  # a socket's path has room for 107 characters
_WARM = "import runbook_lib.interactive, runbook_lib.steps"


class WarmKernel:
    """A kernel of this very interpreter. Starts at once, so that it is ready when the first cell is."""

    def __enter__(self) -> Self:
        self._made = ExitStack()
        try:
            with interruptions_held():
                self._start()
        except BaseException:
            self._made.close()
            raise
        return self

    def _start(self) -> None:
        from jupyter_client.manager import KernelManager

        home = self._made.enter_context(tempfile.TemporaryDirectory(prefix="runbook-kernel-"))
        file = os.path.join(home, "connection.json")  # it holds the kernel's key, and goes with the folder
        self.manager: KernelManager = KernelManager(kernel_name="python3", connection_file=file, **_transport(home))
        self.manager.client_factory, self.manager.blocking_class = _clients()
        self.manager.kernel_spec.argv[0] = sys.executable
        self._made.callback(self._shut_down)
        self.manager.start_kernel(
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
            env={**os.environ, "RUNBOOK_HEADLESS": "1"},
        )
        self._client = self.manager.blocking_client()  # of another session than those that the manager shares
        self._made.callback(self._client.stop_channels)
        self._client.start_channels()
        self._client.execute(_WARM, silent=True, store_history=False)

    def _shut_down(self) -> None:
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)

    def clear(self) -> None:
        """Removes the user's variables; modules, and with them the session, stay."""
        self._client.execute(_CLEAR, silent=True, store_history=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with interruptions_held():
            self._made.close()


def _clients() -> tuple[Any, Any]:
    """The client of a notebook and this module's own, without the thread that asks the kernel whether it lives.

    Its manager knows, and a run that is interrupted while that thread begins cannot stop it, and would wait for its
    socket without end. A notebook's client must be an asynchronous one: a blocking one holds the event loop in
    which nbclient looks after the kernel and the time, and a kernel that dies would be waited for without end.
    """
    from jupyter_client.asynchronous import AsyncKernelClient
    from jupyter_client.blocking import BlockingKernelClient

    class Quiet:
        def start_channels(self, *_: bool, **__: bool) -> None:
            with interruptions_held():
                super().start_channels(hb=False)  # type: ignore[misc]

    class Notebooks(Quiet, AsyncKernelClient):  # type: ignore[misc]
        pass

    class Own(Quiet, BlockingKernelClient):  # type: ignore[misc]
        pass

    return Notebooks, Own


@contextmanager
def interruptions_held() -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM come after the block: a socket that is half made is nobody's, and never closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
    if came:
        signal.raise_signal(came[0])


def _transport(home: str) -> dict[str, str]:
    """Sockets in a private folder: the default is the working folder, where runs side by side would meet."""
    if os.name != "posix" or len(home) > _LONGEST_HOME:
        return {"transport": "tcp"}
    return {"transport": "ipc", "ip": os.path.join(home, "kernel")}
