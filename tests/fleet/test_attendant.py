"""A surveying process that hangs or dies costs its own cluster, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from runbook_lib.fleet import attendant
from runbook_lib.fleet.attendant import Surveyor, attend
from runbook_lib.fleet.inventory import Place
from runbook_lib.fleet.result import Asked, plain
from runbook_lib.lab.kube.kubeconfig import write_kubeconfig


@pytest.fixture
def silent(tmp_path):
    """A cluster that takes connections and never says a word, and an event that tells of the first one."""
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            try:
                while True:
                    held.append(server.accept()[0])
                    asked.set()
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        file = write_kubeconfig(tmp_path / "kubeconfig", url, b"", {"c": "token"}, None, "c")
        yield Place("silent", kubeconfig=str(file)), asked
        server.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()


@pytest.fixture
def surveyor(monkeypatch):
    started = Surveyor()
    monkeypatch.setattr(attendant, "_process", lambda: started)
    yield started
    started.end()


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().split()[2] == "Z"


def test_a_cluster_whose_time_is_up_is_unreachable_and_its_process_ended(silent, surveyor):
    place, _ = silent
    began = time.monotonic()
    said = attend(plain(Asked(place, limit=1.0)))["result"]
    assert time.monotonic() - began < 5
    assert said["state"] == "unreachable"
    assert "within 1 seconds" in said["why"]
    assert is_gone(surveyor.process.pid)


def test_a_process_that_is_killed_is_told(silent, surveyor):
    place, asked = silent
    threading.Thread(target=lambda: (asked.wait(30), os.kill(surveyor.process.pid, signal.SIGKILL))).start()
    said = attend(plain(Asked(place, limit=60.0)))["result"]
    assert said["state"] == "failed"
    assert "signal 9" in said["why"]


def test_the_process_ends_when_its_worker_is_gone(surveyor):
    assert surveyor.process.stdin is not None
    surveyor.process.stdin.close()
    assert surveyor.process.wait(20) == -signal.SIGKILL


def test_a_context_that_is_not_there_is_told_as_one(tmp_path, surveyor):
    file = write_kubeconfig(tmp_path / "k", "https://127.0.0.1:1", b"", {"c": "planted-token-1234567890"}, None, "c")
    said = attend(plain(Asked(Place("x", context="none", kubeconfig=str(file)))))
    assert said["result"]["state"] == "unreachable"
    assert "has no context 'none'" in said["result"]["why"]
    assert "planted" not in str(said)
