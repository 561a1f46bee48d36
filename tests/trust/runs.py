"""Runs of the tool in this process on the practice lab, as the trust tests need them: timed, and with faults."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from runbook_lib.judge import Selectors, gather, open_cases, run_steps
from runbook_lib.lab import Lab
from runbook_lib.model.result import RunResult
from runbook_lib.session import Session
from runbook_lib.sources.account import Account
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cluster import open_cluster
from runbook_lib.sources.cluster.live import LiveCluster
from runbook_lib.sources.ibmcloud import IbmCloudSource, find_login
from runbook_lib.sources.probing import Probing
from runbook_lib.sources.registry import RegistrySource
from runbook_lib.steps import ALL_STEPS, SECTIONS
from runbook_lib.vault import Vault, use


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits in seconds: of a connection, of one call, and of all waiting."""

    connect: float = 5.0
    call: float = 10.0
    run: float = 60.0


@contextmanager
def in_environment(variables: Mapping[str, str]) -> Iterator[Vault]:
    """Puts the variables over this process's own, and an empty vault in place of the shared one."""
    cleared = {k: v for k, v in os.environ.items() if k not in ("IC_API_KEY", "BLUEMIX_API_KEY")}
    with patch.dict(os.environ, {**cleared, **variables}, clear=True), use(Vault()) as fresh:
        yield fresh


def session_of(lab: Lab, *, context: str = "lab", limits: Limits | None = None) -> Session:
    """Opens a session with small time limits; the variables of the lab must stand in the environment."""
    limits = limits or Limits()
    budget = TimeBudget(limits.run)
    opened = open_cluster(context=context, budget=budget)
    cluster = LiveCluster(
        opened.connection,
        name="lab",
        context=context,
        default_namespace=opened.default_namespace,
        connect_timeout=limits.connect,
        call_timeout=limits.call,
        budget=budget,
    )
    login = find_login(os.environ, lab.kubeconfig.parent)
    return Session(
        cluster,
        probing=Probing(RegistrySource(timeout=limits.call, connect_timeout=limits.connect, budget=budget)),
        account=Account(IbmCloudSource(login, timeout=limits.call, budget=budget), asks_keys=True),
        default_namespace=opened.default_namespace,
        cluster_name="shop-prod",
        budget=budget,
    )


@dataclass(frozen=True, slots=True)
class Run:
    """A run's result, or the sentence with which it told that it could not begin; its seconds, and those it waited."""

    result: RunResult | None
    refusal: str
    seconds: float
    waited: float = 0.0


def run(lab: Lab, *, context: str = "lab", limits: Limits | None = None) -> Run:
    """Diagnoses the scenario's pod, as `runbook diagnose` does."""
    from runbook_lib.model.problem import BadInput

    started = time.monotonic()
    selectors = Selectors(namespace=lab.scenario.namespace, pod=lab.scenario.pod, context=context)
    session = session_of(lab, context=context, limits=limits)
    try:
        cases, chosen = open_cases(session, selectors)
        run_steps(cases, ALL_STEPS)
        result = gather(session, cases, selectors, chosen, list(SECTIONS))
    except BadInput as told:
        return Run(None, str(told), time.monotonic() - started, _waited(session))
    return Run(result, "", time.monotonic() - started, _waited(session))


def _waited(session: Session) -> float:
    return session.budget.seconds - session.budget.remaining


def diagnose(name: str, *, context: str = "lab") -> Run:
    """Runs one scenario with the default limits."""
    with Lab(name) as lab, in_environment(lab.env):
        return run(lab, context=context)
