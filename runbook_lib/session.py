"""A session: the sources of a run and everything read so far, shared by all its cases."""

from __future__ import annotations

from runbook_lib.model.readings import Commands, Target
from runbook_lib.providers import PROVIDERS
from runbook_lib.resolve import Resolver
from runbook_lib.sources.account import Account
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cache import CachedKube
from runbook_lib.sources.kube import KubeSource
from runbook_lib.sources.probing import Probing


class Session:
    """Opens cases on one cluster or bundle. Nothing is read twice; `refresh` starts a new generation."""

    def __init__(
        self,
        cluster: KubeSource,
        *,
        probing: Probing | None = None,
        account: Account | None = None,
        default_namespace: str = "",
        cluster_name: str = "",
        budget: TimeBudget | None = None,
    ) -> None:
        self.cluster = CachedKube(cluster)
        self.probing = probing or Probing(None, "no registry is asked")
        self.account = account or Account(None, "IBM Cloud is not asked")
        self.default_namespace = default_namespace
        self.generation = 0
        self.budget = budget or TimeBudget()
        self._cluster_name = cluster_name

    def commands(self) -> Commands:
        """Which command-line tools fit this cluster: `kubectl` where it is known not to be OpenShift."""
        identity = self.cluster.identity()
        tool = "kubectl" if identity.openshift is False else "oc"
        known = Commands(kubectl=tool, openshift=identity.openshift, live=identity.kind == "live")
        if self._cluster_name:
            return Commands(tool, identity.openshift, self._cluster_name, identity.kind == "live")
        return known

    def resolver(self, target: Target) -> Resolver:
        """Returns the readings of one case, on this session's sources."""
        return Resolver(
            {
                KubeSource: self.cluster,
                Target: target,
                Commands: self.commands(),
                Probing: self.probing,
                Account: self.account,
            },
            PROVIDERS,
        )

    def refresh(self) -> None:
        """Forgets what was read, so that what follows sees the cluster as it is now."""
        self.generation += 1
        self.cluster.forget()
        self.probing.forget()
        self.account.forget()
        self.budget.renew()
