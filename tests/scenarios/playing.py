"""Plays a scenario of the lab in this process, with more or fewer rights, and says what was found."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from runbook_lib.judge import Selectors, gather, open_cases, open_session, run_steps
from runbook_lib.lab import Lab
from runbook_lib.model.result import CaseResult, RunResult
from runbook_lib.steps import ALL_STEPS, SECTIONS

NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens there


@dataclass(frozen=True)
class Access:
    """What the person who runs the tool has: rights in the cluster, a login to IBM Cloud, a way to the registry."""

    name: str
    context: str = "lab"
    login: bool = True
    registry: bool = True


FULL = Access("full rights")
ACCESSES = (
    FULL,
    Access("no IBM Cloud login", login=False),
    Access("no right to read secrets", context="lab-viewer"),
    Access("registry unreachable from here", registry=False),
    Access("all three", context="lab-viewer", login=False, registry=False),
)


@contextmanager
def environment(lab: Lab, access: Access) -> Iterator[None]:
    """Sets the lab's variables as far as the access goes, and takes them back."""
    variables = dict(lab.env)
    if not access.login:
        del variables["IBMCLOUD_API_KEY"]
    if not access.registry:
        variables |= {n: NOWHERE for n in variables if n.lower() in ("https_proxy", "http_proxy", "all_proxy")}
    before = dict(os.environ)
    os.environ.pop("IBMCLOUD_API_KEY", None)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def played(lab: Lab, access: Access = FULL, **selectors: Any) -> RunResult:
    """Runs every step on a scenario and returns the result."""
    with environment(lab, access):
        chosen_by = Selectors(
            kubeconfig=str(lab.kubeconfig),
            context=access.context,
            namespace=lab.scenario.namespace,
            pod=lab.scenario.pod or "",
            cluster="shop-prod",
            **selectors,
        )
        session = open_session(chosen_by)
        cases, chosen = open_cases(session, chosen_by)
        run_steps(cases, ALL_STEPS)
        return gather(session, cases, chosen_by, chosen, list(SECTIONS))


def planted(lab: Lab) -> Mapping[str, Any]:
    """The planted fault of each container, by its name."""
    return {fault.container: fault for fault in lab.scenario.planted}


def verdict_of(case: CaseResult) -> str:
    """The case's cause, or `ok`."""
    return case.verdict.cause or case.verdict.status.value
