"""Pods that are read by a process of their own are the pods that would have been read, whatever becomes of it.

Each case is a process: a fork is made only while there is one thread, and a test runner has several.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from runbook_lib.lab import Lab
from runbook_lib.sources import pod_reader
from runbook_lib.sources.cluster import open_cluster

ROOT = Path(__file__).parents[3]
BEGIN = """
import json, os, signal, sys, time
from pathlib import Path
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.cluster import open_cluster
from runbook_lib.sources.pages import Pages
from runbook_lib.sources.pod_reader import pods_ahead
from runbook_lib.sources.pods import read_page

def children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()

def left():
    for _ in range(200):
        if not children():
            return []
        time.sleep(0.05)
    return children()

def names(pages, between=lambda page: None):
    found = []
    def take(body):
        page = read_page(body)
        found.extend(f"{w.namespace}/{w.name}" for w in page.well)
        found.extend(f"{p.namespace}/{p.name}" for p, _ in page.looked_at)
        between(page)
        return page.token
    refused = Pages(pages).read("pods", "", take, again=found.clear)
    return found if refused is None else str(refused)

cluster = open_cluster()
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a process is forked on Linux only")


def ran(lab: Lab, code: str) -> dict[str, object]:
    """What a process prints last, as JSON."""
    whole = BEGIN + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", whole], env=lab.environ(), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout.splitlines()[-1])


@on_linux
def test_the_pods_are_those_of_the_list_and_each_page_is_asked_for_once(planted):
    planted.server.forget_requests()
    told = ran(
        planted,
        """
        ahead = pods_ahead(cluster)
        forked = len(children())
        read = names(ahead)
        print(json.dumps({"forked": forked, "left": left(), "read": read}))
        """,
    )
    assert len([r for r in planted.requests.cluster if r.resource == "pods"]) == 3
    listed = ran(planted, "print(json.dumps({'read': names(cluster)}))")
    assert (told["forked"], told["left"]) == (1, [])
    assert told["read"] == listed["read"]


@on_linux
def test_what_a_killed_reader_leaves_is_read_by_whoever_wants_it(planted):
    """As when the machine has no memory left: the pods are whole all the same."""
    told = ran(
        planted,
        """
        def kill(_page):
            for child in children():
                os.kill(int(child), signal.SIGKILL)
        cluster_names = names(cluster)
        slow = cluster.page
        cluster.page = lambda *given, **named: (time.sleep(0.3), slow(*given, **named))[1]
        print(json.dumps({"same": names(pods_ahead(cluster), kill) == cluster_names, "pods": len(cluster_names)}))
        """,
    )
    assert told == {"same": True, "pods": 1301}


@on_linux
def test_a_reader_that_nobody_wants_any_more_ends(planted):
    told = ran(
        planted,
        """
        ahead = pods_ahead(cluster)
        ahead.close()
        print(json.dumps({"left": left()}))
        """,
    )
    assert told == {"left": []}


@on_linux
def test_a_reader_ends_with_its_process(planted):
    """Even one whose server never answers."""
    told = ran(
        planted,
        """
        cluster.page = lambda *given, **named: time.sleep(60)
        ahead = pods_ahead(cluster)
        print(json.dumps({"child": int(children()[0])}))
        """,
    )
    assert not Path(f"/proc/{told['child']}").exists() or "Z" in Path(f"/proc/{told['child']}/stat").read_text()


@on_linux
def test_a_refusal_comes_as_it_is():
    with Lab("healthy") as lab:
        told = ran(
            lab,
            """
            from runbook_lib.model.unavailable import Why
            cluster.page = lambda *given, **named: Unavailable("pods", Why.TIMEOUT, "no answer in time", "Wait.")
            apart = pods_ahead(cluster).page("pods")
            print(json.dumps({"same": apart == cluster.page("pods"), "why": apart.why is Why.TIMEOUT}))
            """,
        )
    assert told == {"same": True, "why": True}


def test_a_process_of_several_threads_is_not_forked(planted, monkeypatch):
    """A fork takes one thread along, and the locks of all."""

    def fork() -> int:
        raise AssertionError("forked")

    monkeypatch.setattr(pod_reader.os, "fork", fork)
    for name, value in planted.env.items():
        monkeypatch.setenv(name, value)
    other = threading.Thread(target=threading.Event().wait, args=(5,), daemon=True)
    other.start()
    status, *_ = pod_reader.pods_ahead(open_cluster()).page("pods")
    assert status == 200


@on_linux
def test_a_login_that_asks_somebody_is_not_asked_twice(planted):
    """A program that logs in may open a browser; only a token that stands in the file is used by two processes."""
    told = ran(
        planted,
        """
        import dataclasses
        cluster.connection = dataclasses.replace(cluster.connection, is_plain=False)
        pods_ahead(cluster)
        print(json.dumps({"forked": len(children())}))
        """,
    )
    assert told == {"forked": 0}


@on_linux
def test_a_reader_that_is_silent_for_too_long_is_given_up(planted):
    """Stopped, or swapped out for good: it is ended, and its pods are read here."""
    told = ran(
        planted,
        """
        from runbook_lib.sources import pod_reader
        pod_reader._SILENT = 1.0
        ahead = pods_ahead(cluster)
        (child,) = children()
        os.kill(int(child), signal.SIGSTOP)
        read = names(ahead)
        print(json.dumps({"pods": len(read), "left": left()}))
        """,
    )
    assert told == {"pods": 1301, "left": []}


@on_linux
def test_where_no_process_can_be_made_a_thread_reads(planted):
    """No memory for it, or no room: some containers allow a few processes only."""
    told = ran(
        planted,
        """
        def refuse(): raise BlockingIOError(11, "Resource temporarily unavailable")
        os.fork = refuse
        ahead = pods_ahead(cluster)
        print(json.dumps({"pods": len(names(ahead)), "open": signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()}))
        """,
    )
    assert told == {"pods": 1301, "open": True}


@on_linux
def test_a_reader_that_is_interrupted_says_nothing(planted):
    """Ctrl-C at a terminal reaches both; what there is to say is its parent's."""
    told = ran(
        planted,
        """
        cluster.page = lambda *given, **named: time.sleep(60)
        ahead = pods_ahead(cluster)
        (child,) = children()
        os.kill(int(child), signal.SIGINT)
        print(json.dumps({"left": left()}))
        """,
    )
    assert told == {"left": []}
