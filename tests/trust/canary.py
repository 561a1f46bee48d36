"""The canary: every output of every scenario, searched for every credential in every spelling. `make canary` runs all.

The search is this file's own and shares nothing with the vault, so that an error there is not hidden here.
"""

from __future__ import annotations

import base64
import contextlib
import html
import io
import json
import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, quote_plus

from ahocorasick_rs import AhoCorasick
from click.testing import CliRunner

from runbook_lib.cli import cli
from runbook_lib.lab import Lab, list_scenarios
from runbook_lib.lab.credentials import credentials_in
from runbook_lib.lab.wire import Reply, Request
from runbook_lib.report import write_report
from runbook_lib.report.summary import three_lines
from runbook_lib.report.terminal import print_result
from runbook_lib.vault import install_excepthook, install_log_scrubber

from .runs import in_environment, run

SHORTEST = 8
"""Characters; shorter values are never looked for by the vault either, or a password `problem` would eat a report."""

WRAPPED = re.compile(r"\n[ \t]*")

IN_CI = (
    "access-denied",
    "api-key-disabled",
    "api-key-expired",
    "connection-refused",
    "credentials-rejected",
    "deployment-three-pods",
    "deprecated-domain",
    "docker-hub-private",
    "entitlement-missing",
    "healthy",
    "healthy-second-secret",
    "healthy-wildcard-entry",
    "iam-policy-missing",
    "image-not-found",
    "internal-registry-permission",
    "no-pull-secret",
    "openshift-generated-secret",
    "other-account",
    "pull-secret-empty-password",
    "pull-secret-malformed",
    "pull-secret-nested-wrong",
    "pull-secret-type-wrong",
    "quay-login-refused",
    "registry-token-old-domain",
    "registry-token-retired",
    "several-credentials-refused",
    "stale-secret-copy",
    "two-failing-pods",
    "username-mismatch",
    "wrong-type-and-wrong-region",
)
"""A third of the scenarios, with each kind of credential among them (a test holds that)."""

WITH_NOTEBOOKS = ("stale-secret-copy", "registry-token-retired", "docker-hub-private")
"""Those whose notebooks are executed too."""


def spellings(value: str) -> Iterator[tuple[str, str]]:
    """Yields (encoding, text) of every form in which a value may leave."""
    raw = value.encode()
    yield "raw", value
    yield "hex", raw.hex()
    for outer, once in escapes(value):
        yield outer, once
        yield from ((f"{inner} of {outer}", twice) for inner, twice in escapes(once))
    for before in range(3):
        padded = base64.b64encode(b"\0" * before + raw + b"\0" * (-(before + len(raw)) % 3)).decode()
        start = (0, 2, 3)[before]
        end = len(padded) - {0: 0, 1: 3, 2: 2}[(before + len(raw)) % 3]
        core = padded[start:end]
        yield f"base64+{before}", core
        yield f"base64url+{before}", core.replace("+", "-").replace("/", "_")


def escapes(text: str) -> Iterator[tuple[str, str]]:
    """Yields what JSON, HTML, URLs and Python's repr make of a text, each as its common writers do."""
    yield "JSON", json.dumps(text)[1:-1]
    yield "JSON", json.dumps(text, ensure_ascii=False)[1:-1]
    yield "HTML", html.escape(text)
    yield "HTML", html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield "HTML", html.escape(text, quote=False)
    yield "URL", quote(text, safe="")
    yield "URL", quote_plus(text)
    yield "repr", repr(text)[1:-1]


@dataclass
class Canary:
    """Looks for credentials in outputs; keeps how much it has seen, and what it has found."""

    values: set[str] = field(default_factory=set)
    bytes_seen: int = 0
    found: list[str] = field(default_factory=list)
    outputs: int = 0

    def know(self, *values: str) -> None:
        """Adds credentials to look for."""
        self.values.update(v for v in values if len(v) >= SHORTEST)

    def look(self, sink: str, text: str) -> list[str]:
        """Searches one output; returns what it shows as `sink: encoding`, never the value."""
        automaton, encodings = _automaton(frozenset(self.values))
        self.bytes_seen += len(text.encode("utf-8", "replace"))
        self.outputs += 1
        plain = text.encode("utf-8", "replace").decode("utf-8", "replace")
        views = {plain, WRAPPED.sub("", plain), WRAPPED.sub(" ", plain)}  # a terminal breaks lines inside a value
        hits = [index for view in views for index, _, _ in automaton.find_matches_as_indexes(view)]
        seen = [f"{sink}: {encodings[index]}" for index in hits]
        self.found += seen
        return seen


@lru_cache(maxsize=2)
def _automaton(values: frozenset[str]) -> tuple[AhoCorasick, list[str]]:
    """One automaton for every spelling of all values, and the encoding of each."""
    forms: dict[str, str] = {}
    for value in values:
        for encoding, form in spellings(value):
            if len(form) >= SHORTEST:
                forms.setdefault(form, encoding)
    return AhoCorasick(list(forms)), list(forms.values())


@contextmanager
def tokens_seen(lab: Lab, canary: Canary) -> Iterator[None]:
    """Adds the tokens that the lab's token services hand out while the block runs."""
    wire = lab.network._wire
    inner = wire.app

    def answer(request: Request) -> Reply:
        reply = inner(request)
        try:
            document = json.loads(reply.body or b"{}")
        except ValueError:
            document = {}
        for name in ("token", "access_token", "refresh_token"):
            if isinstance(document, dict) and isinstance(document.get(name), str) and document[name] != "not_supported":
                canary.know(document[name])
        return reply

    wire.app = answer
    try:
        yield
    finally:
        wire.app = inner


@contextmanager
def all_logs() -> Iterator[io.StringIO]:
    """Collects what every library says at DEBUG, http.client's own printing included."""
    import http.client

    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    names = ("", "urllib3", "requests", "kubernetes", "kubernetes.client.rest", "ibm-cloud-sdk-core", "papermill")
    levels = {name: logging.getLogger(name).level for name in names}
    before = http.client.HTTPConnection.debuglevel
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    undo = install_log_scrubber()
    try:
        yield sink
    finally:
        undo()
        logging.getLogger().removeHandler(handler)
        http.client.HTTPConnection.debuglevel = before
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def crash_text(value: str) -> str:
    """What an uncaught exception prints that carries a credential in its message, its cause and a request."""
    import requests

    request = requests.Request("GET", "https://registry.example.com/v2/", headers={"Authorization": f"Bearer {value}"})
    err = io.StringIO()
    undo = install_excepthook()
    try:
        try:
            raise ValueError(f"cannot use {value}")
        except ValueError as cause:
            raise requests.ConnectionError(f"{request.prepare().headers} {value!r}", request=request) from cause
    except requests.ConnectionError as crash:
        with contextlib.redirect_stderr(err):
            sys.excepthook(type(crash), crash, crash.__traceback__)
    finally:
        undo()
    return err.getvalue()


def outputs_of(lab: Lab) -> Iterator[tuple[str, str]]:
    """Yields (sink, text) of everything that the tool puts out for a scenario, but for notebooks."""
    space = lab.scenario.namespace
    commands: Sequence[list[str]] = (
        ["diagnose", "-n", space],
        ["diagnose", "-n", space, "--format", "json"],
        ["collect", "-n", space],
        ["triage", "-n", space],
        ["triage", "-n", space, "--format", "json"],
        ["access", "-n", space],
    )
    with all_logs() as log:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            result = run(lab).result
        yield "printed beside", printed.getvalue()
        for command in commands:
            outcome = CliRunner().invoke(cli, command, standalone_mode=False)
            yield " ".join(command), outcome.output
            if outcome.exception is not None:
                yield " ".join(command) + ", told", str(outcome.exception)
        if result is not None:
            yield from written(result)
    yield "logs at DEBUG", log.getvalue()
    for value in read_by_a_run(lab):
        yield "traceback", crash_text(value)


def read_by_a_run(lab: Lab) -> list[str]:
    """The credentials that a run gets to see: of its own login, of the account's, and of the secrets it lists."""
    spaces = (lab.scenario.namespace, "default")
    secrets = [s for s in lab.store.list("secrets") if s["metadata"]["namespace"] in spaces]
    return sorted({*credentials_in(secrets), lab.tokens["lab"], lab.network.key_value("operator")})


def written(result: object) -> Iterator[tuple[str, str]]:
    """Yields what a result leaves: the terminal's text, the pager's three lines, and the report's files."""
    from runbook_lib.model.result import RunResult

    assert isinstance(result, RunResult)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print_result(result)
    yield "terminal", out.getvalue()
    yield "three lines", three_lines(result)
    with tempfile.TemporaryDirectory() as name:
        write_report(result, Path(name))
        yield from files_of(Path(name))


def files_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yields every file of a folder, and their names."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.name, file.read_text("utf-8", "surrogateescape")
            yield "file name", file.name


def report_of(lab: Lab, folder: Path) -> Iterator[tuple[str, str]]:
    """Executes the notebooks headlessly, and yields every file that is left."""
    with all_logs() as log:
        arguments = ["report", "-n", lab.scenario.namespace, "--out", str(folder)]
        outcome = CliRunner().invoke(cli, arguments, standalone_mode=False)
    yield "report", outcome.output + str(outcome.exception or "")
    yield "logs of the report", log.getvalue()
    yield from files_of(folder)


def search(name: str, *, notebooks: bool = False) -> Canary:
    """Runs one scenario through every output and looks."""
    canary = Canary()
    with Lab(name) as lab, in_environment(lab.env), tokens_seen(lab, canary):
        canary.know(*lab.credentials)
        kept = list(outputs_of(lab))
        if notebooks:
            with tempfile.TemporaryDirectory() as folder:
                kept += report_of(lab, Path(folder, "report"))
        for sink, text in kept:  # when all tokens are known
            canary.look(sink, text)
    return canary


def main(names: Sequence[str], tell: Callable[[str], None] = print) -> int:
    """Searches the named scenarios, or all, and prints the sum."""
    seen = outputs = 0
    leaks: list[str] = []
    for name in names or list_scenarios():
        canary = search(name, notebooks=name in WITH_NOTEBOOKS)
        seen, outputs = seen + canary.bytes_seen, outputs + canary.outputs
        leaks += [f"{name}: {leak}" for leak in canary.found]
        size = canary.bytes_seen / 2**20
        tell(f"{name:34} {size:7.2f} MiB  {len(canary.values):4} values  {len(canary.found)} leaks")
    tell(f"\n{len(leaks)} leaks in {seen / 2**20:.1f} MiB of {outputs} outputs")
    for leak in leaks[:50]:
        tell(f"  {leak}")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
