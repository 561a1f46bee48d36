"""No output of any kind shows a credential, in any spelling; and the search would see one."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from runbook_lib.lab import Lab, list_scenarios
from runbook_lib.model.result import RunResult
from runbook_lib.vault import Vault, install_excepthook, install_log_scrubber, vault

from .canary import IN_CI, WITH_NOTEBOOKS, Canary, crash_text, search, written
from .runs import in_environment, run

PLANTED = "canary-\"Kz7/+ä'<p>&-value-4711"
ENCODED = {
    "raw": PLANTED,
    "JSON": json.dumps(PLANTED)[1:-1],
    "URL": quote(PLANTED, safe=""),
    "hex": PLANTED.encode().hex(),
    "base64": base64.b64encode(PLANTED.encode()).decode(),
    "base64, one before": base64.b64encode(b"x" + PLANTED.encode()).decode(),
    "base64, two before": base64.b64encode(b"xy" + PLANTED.encode()).decode(),
}


def kinds(name: str) -> set[tuple[str, str]]:
    """The kinds of credentials in a scenario's secrets: (type of the secret, username or how it is written)."""
    found = set()
    with Lab(name) as lab:
        for secret in lab.store.list("secrets"):
            for key, value in (secret.get("data") or {}).items():
                try:
                    document = json.loads(base64.b64decode(value))
                except ValueError:
                    found.add((str(secret.get("type")), f"{key}: not JSON"))
                    continue
                entries = document.get("auths", document) if isinstance(document, dict) else {}
                for entry in entries.values():
                    user = entry.get("username", "auth alone") if isinstance(entry, dict) else "no entry"
                    found.add((str(secret.get("type")), user))
    return found


def test_a_third_of_the_scenarios_holds_every_kind_of_credential():
    """What CI searches is representative by this measure; `make canary` searches all of them."""
    assert set(IN_CI) <= set(list_scenarios())
    assert 3 * len(IN_CI) >= len(list_scenarios())
    every = {kind for name in list_scenarios() for kind in kinds(name)}
    assert {kind for name in IN_CI for kind in kinds(name)} == every


@pytest.mark.parametrize("name", IN_CI)
def test_no_output_of_a_scenario_shows_a_credential(name):
    """Terminal, JSON, reports, bundles, triage, logs at DEBUG with all libraries talking, and tracebacks."""
    canary = search(name)
    assert canary.found == []
    assert canary.values
    assert canary.outputs > 12
    print(f"{canary.bytes_seen / 2**20:.1f} MiB")


@pytest.mark.parametrize("name", WITH_NOTEBOOKS)
def test_no_executed_notebook_shows_a_credential(name):
    """Outputs, metadata and widgets' state of the notebooks that papermill leaves, and the report made of them."""
    canary = search(name, notebooks=True)
    assert canary.found == []
    assert canary.outputs > 20


@contextlib.contextmanager
def vault_off() -> Iterator[None]:
    """A vault that knows nothing and hides nothing: what the sinks do without it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Vault, "scrub", lambda _self, text: text)
        patch.setattr(Vault, "scrub_json", lambda _self, value: value)
        patch.setattr(Vault, "findings", lambda _self, _text: [])
        yield


@pytest.fixture(scope="module")
def result() -> Iterator[RunResult]:
    with Lab("no-pull-secret") as lab, in_environment(lab.env):
        found = run(lab).result
        assert found is not None
        yield found


def planted_in(result: RunResult, text: str) -> RunResult:
    """A result whose first finding, evidence, message and event speak the planted text."""
    case = result.cases[0]
    finding = replace(case.findings[0], summary=f"See {text} here.", evidence=(("what was said", f"it said {text}"),))
    return replace(result, cases=(replace(case, message=f"failed: {text}", findings=(finding, *case.findings[1:])),))


def sinks(result: RunResult, text: str) -> Iterator[tuple[str, str]]:
    yield from written(planted_in(result, text))
    yield "log", logged(text)
    yield "traceback", crash_text(text)
    yield "thread", thread_text(text)
    yield "notebook", notebook_text(text)


def logged(text: str) -> str:
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    logger = logging.getLogger("trust.canary")
    logger.addHandler(handler)
    undo = install_log_scrubber()
    try:
        logger.warning("%s and %r", text, {"x": text})
        try:
            raise KeyError(text)
        except KeyError:
            logger.exception("failed")
    finally:
        undo()
        logger.removeHandler(handler)
    return sink.getvalue()


def thread_text(text: str) -> str:
    import threading

    def fail() -> None:
        raise RuntimeError(text)

    err = io.StringIO()
    undo = install_excepthook()
    try:
        with contextlib.redirect_stderr(err):
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
    finally:
        undo()
    return err.getvalue()


def notebook_text(text: str) -> str:
    """A notebook that a crashed kernel left with an output: the report's writer looks at it once more."""
    import tempfile

    from runbook_lib.model.result import Provenance
    from runbook_lib.report import write_report

    cell = {"cell_type": "code", "source": "", "outputs": [{"output_type": "stream", "name": "stdout", "text": text}]}
    empty = RunResult((), Provenance("0", "2026-01-01T00:00:00Z", "live", "", "", "", "", ""))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "image_pull.ipynb")
        path.write_text(json.dumps({"cells": [cell], "metadata": {"widgets": {"state": text}}}))
        write_report(empty, Path(folder))
        return path.read_text()


@pytest.mark.parametrize("text", ENCODED.values(), ids=ENCODED.keys())
def test_every_sink_scrubs_a_planted_credential(result, text):
    """Once it is registered, no sink shows it, however it was spelled on the way in."""
    with in_environment({}):
        vault().register(PLANTED)
        canary = Canary()
        canary.know(PLANTED)
        for sink, output in sinks(result, text):
            assert canary.look(sink, output) == [], sink
    assert canary.outputs > 8


@pytest.mark.parametrize("text", ENCODED.values(), ids=ENCODED.keys())
def test_the_search_sees_a_planted_credential_in_every_sink(result, text):
    """With the vault off each kind of sink leaks, and the search says so: the test before this one can fail."""
    canary = Canary()
    canary.know(PLANTED)
    with in_environment({}), vault_off():
        missed = {sink for sink, output in sinks(result, text) if sink != "file name" and not canary.look(sink, output)}
    assert missed <= {"three lines"}  # which shows the verdict and no finding
