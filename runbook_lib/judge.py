"""Runs the steps of the sections over the chosen cases and gathers the result: one wiring for every front end."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from runbook_lib import __version__
from runbook_lib.case import Case
from runbook_lib.model.problem import BadInput
from runbook_lib.model.readings import PodSecrets
from runbook_lib.model.result import Provenance, RunResult
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import Step
from runbook_lib.selection import Chosen, choose
from runbook_lib.session import Session
from runbook_lib.sources.account import Account
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.probing import Probing
from runbook_lib.steps import SECTIONS
from runbook_lib.steps.image_pull.credentials import sections_of

if TYPE_CHECKING:
    from runbook_lib.sources.cluster import LiveCluster


@dataclass(frozen=True, slots=True)
class Selectors:
    """What a run is about, with the names of the notebooks' parameters. No credential is one of them."""

    namespace: str = ""
    pod: str = ""
    container: str = ""
    context: str = ""
    kubeconfig: str = ""
    as_user: str = ""
    bundle: str = ""
    cluster: str = ""
    probe: bool = True

    def given(self) -> tuple[tuple[str, str], ...]:
        """The selectors that differ from their defaults, for provenance."""
        default = Selectors()
        return tuple(
            (name, str(getattr(self, name))) for name in self.__slots__ if getattr(self, name) != getattr(default, name)
        )


def open_session(selectors: Selectors, cluster: LiveCluster | None = None) -> Session:
    """Opens the cluster or the bundle that the selectors name.

    Args:
        cluster: the cluster, where it is open already: a login that asks somebody is asked once.

    Raises:
        BadInput: there is none, or it cannot be read.
    """
    budget = cluster.budget if cluster is not None else TimeBudget()
    if selectors.bundle:
        for name in ("context", "kubeconfig", "as_user"):
            if getattr(selectors, name):
                raise BadInput(
                    f"A bundle is read without a cluster, so {name} has no meaning beside it.",
                    "Give either a bundle or a cluster.",
                )
        from runbook_lib.sources.bundle import open_bundle

        bundle = open_bundle(selectors.bundle)
        return Session(
            bundle,
            probing=_probing(selectors, budget),
            account=_account(selectors, budget),
            cluster_name=selectors.cluster,
            budget=budget,
        )
    from runbook_lib.sources.cluster import open_cluster

    live = cluster or open_cluster(
        context=selectors.context,
        kubeconfig=selectors.kubeconfig,
        impersonate=selectors.as_user,
        budget=budget,
    )
    return Session(
        live,
        probing=_probing(selectors, budget),
        account=_account(selectors, budget),
        default_namespace=live.default_namespace,
        cluster_name=selectors.cluster,
        budget=budget,
    )


def _probing(selectors: Selectors, budget: TimeBudget) -> Probing:
    """Registries are asked where `probe` says so; the credentials used are those of the evidence alone."""
    if not selectors.probe:
        why = "a bundle is judged offline (--probe asks)" if selectors.bundle else "asking was turned off (--no-probe)"
        return Probing(None, why)
    from runbook_lib.sources.registry import RegistrySource

    return Probing(RegistrySource(budget=budget))


def open_cases(session: Session, selectors: Selectors) -> tuple[list[Case], Chosen]:
    """Chooses the failing pulls and opens a case for each."""
    chosen = choose(session, namespace=selectors.namespace, pod=selectors.pod, container=selectors.container)
    cases = [
        Case(session, target, alike=alike)
        for target, alike in zip(chosen.targets, chosen.alike or ((),) * len(chosen.targets), strict=True)
    ]
    return cases, chosen


def run_steps(
    cases: Sequence[Case], steps: Sequence[Step], progress: Callable[[str], None] = lambda _text: None
) -> None:
    """Runs the steps in the document's order for each case."""
    for case in cases:
        for step in steps:
            progress(step.title)
            case.check(step)


def gather(
    session: Session,
    cases: Sequence[Case],
    selectors: Selectors,
    chosen: Chosen,
    sections: Sequence[str],
) -> RunResult:
    """Returns everything that was found, with where and when."""
    identity = session.cluster.identity()
    return RunResult(
        cases=tuple(case.result() for case in cases),
        provenance=Provenance(
            tool_version=__version__,
            taken_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            source=identity.kind,
            cluster=identity.name,
            server=identity.server,
            context=identity.context,
            kubernetes_version=identity.version,
            namespace=cases[0].target.namespace if cases else selectors.namespace,
            parameters=selectors.given(),
            notes=chosen.notes,
        ),
        sections=tuple(sections),
        leads_to=_leads_to(cases),
    )


def _leads_to(cases: Sequence[Case]) -> tuple[str, ...]:
    found = {section for case in cases for section in sections_of(_secrets(case))}
    return tuple(section for section in SECTIONS if section in found)


def _secrets(case: Case) -> PodSecrets:
    read = case.read(PodSecrets)
    return PodSecrets(()) if isinstance(read, Unavailable) else read


def _account(selectors: Selectors, budget: TimeBudget) -> Account:
    """IBM Cloud is read with the operator's login; a bundle is judged offline unless it may be probed."""
    if selectors.bundle and not selectors.probe:
        return Account(None, "a bundle is judged offline (--probe asks)")
    from runbook_lib.sources.ibmcloud import IbmCloudSource, find_login

    source = IbmCloudSource(find_login(os.environ, Path.home()), budget=budget)
    return Account(source, asks_keys=selectors.probe)
