"""The worker's side: hands a cluster to its surveying process, and ends that where the cluster's time is up."""

from __future__ import annotations

import atexit
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from runbook_lib.fleet.result import Asked, ClusterResult, State, plain

_mine = threading.local()


def attend(task: Mapping[str, Any]) -> dict[str, Any]:
    """Surveys one cluster and returns `{"result": ClusterResult, "files": {folder: {name: text}}}`, all plain.

    Never raises for what a cluster does: one that hangs or kills its process is a result.
    """
    asked = msgspec.convert(task, Asked)
    began = time.monotonic()
    result: dict[str, Any] | None = None
    reports: list[dict[str, Any]] = []
    files: dict[str, dict[str, str]] = {}
    notes: list[str] = []
    state, why = State.SURVEYED, ""
    try:
        for part in _process().ask(plain(asked), until=began + asked.limit):
            result = part.get("result", result)
            if "report" in part:
                reports.append(part["report"])
                files[part["report"]["folder"]] = part["files"]
            if "note" in part:
                notes.append(part["note"])
            if "failed" in part:
                state, why = State.FAILED, f"This tool failed: {part['failed']}"
    except TimeoutError:
        state = State.UNREACHABLE
        why = f"It did not {'end' if result else 'answer'} within {asked.limit:.0f} seconds."
    except ProcessEnded as ended:
        state, why = State.FAILED, str(ended)
    if result is None:
        result = plain(ClusterResult(asked.place, state, why, asks=asked.fingerprint))
    elif state is not State.SURVEYED:  # what was found before stands; the reports are what is missing
        result |= {"state": State.CUT_SHORT.value, "why": why}
    result["reports"] = reports
    result["notes"] = [*result["notes"], *notes]
    result["seconds"] = round(time.monotonic() - began, 3)
    return {"result": result, "files": files}


class ProcessEnded(Exception):
    """The surveying process ended by itself."""


class Surveyor:
    """One surveying process, kept warm between clusters."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "runbook_lib.fleet.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._parts: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        atexit.register(self.end)

    def ask(self, task: Mapping[str, Any], *, until: float) -> Iterator[dict[str, Any]]:
        """Yields the parts of the answer. Whatever ends it early ends the process too.

        Raises:
            TimeoutError: the monotonic clock passed `until` before the last part.
            ProcessEnded: the process ended in the middle.
        """
        whole = False
        try:
            assert self.process.stdin is not None  # noqa: S101 - a pipe was asked for
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(msgspec.json.encode(task) + b"\n")
                self.process.stdin.flush()
            while not whole:
                part = self._next(until)
                whole = "end" in part
                if not whole:
                    yield part
        finally:
            if not whole:
                self.end()

    def _next(self, until: float) -> dict[str, Any]:
        try:
            line = self._parts.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if not line:
            raise ProcessEnded(f"The process that surveyed it ended with {_called(self.process.wait())}.")
        part: dict[str, Any] = msgspec.json.decode(line)
        return part

    def _listen(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in self.process.stdout:
            self._parts.put(line)
        self._parts.put(b"")

    @property
    def is_alive(self) -> bool:
        """True until the process has ended."""
        return self.process.poll() is None

    def end(self) -> None:
        """Ends the process and what it started."""
        atexit.unregister(self.end)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()


def _process() -> Surveyor:
    """Returns this thread's surveying process; a new one where the last has ended."""
    kept: Surveyor | None = getattr(_mine, "surveyor", None)
    if kept is None or not kept.is_alive:
        kept = _mine.surveyor = Surveyor()
    return kept


def _called(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
