"""One warm kernel for all notebooks of a run: started early, cleared between notebooks, ended for sure."""

from __future__ import annotations

import os
import sys
import tempfile
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from jupyter_client.manager import KernelManager

_CLEAR = "get_ipython().reset(new_session=False)"
_LONGEST_HOME = 90  # a socket's path has room for 107 characters
_WARM = "import runbook_lib.interactive, runbook_lib.steps"


class WarmKernel:
    """A kernel of this very interpreter. Starts at once, so that it is ready when the first cell is."""

    def __enter__(self) -> Self:
        from jupyter_client.manager import KernelManager

        self._home = tempfile.TemporaryDirectory(prefix="runbook-kernel-")
        self.manager: KernelManager = KernelManager(kernel_name="python3", **_transport(self._home.name))
        self.manager.kernel_spec.argv[0] = sys.executable
        self.manager.start_kernel(
            extra_arguments=["--HistoryManager.hist_file=:memory:"],
            env={**os.environ, "RUNBOOK_HEADLESS": "1"},
        )
        self._client = self.manager.blocking_client()
        self._client.start_channels()
        self._client.execute(_WARM, silent=True, store_history=False)
        return self

    def clear(self) -> None:
        """Removes the user's variables; modules, and with them the session, stay."""
        self._client.execute(_CLEAR, silent=True, store_history=False)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self._home.cleanup()


def _transport(home: str) -> dict[str, str]:
    """Sockets in a private folder: the default is the working folder, where runs side by side would meet."""
    if os.name != "posix" or len(home) > _LONGEST_HOME:
        return {"transport": "tcp"}
    return {"transport": "ipc", "ip": os.path.join(home, "kernel")}
