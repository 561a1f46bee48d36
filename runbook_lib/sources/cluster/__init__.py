"""The live cluster: a kubeconfig's context read through the Kubernetes API."""

from runbook_lib.sources.cluster.live import LiveCluster
from runbook_lib.sources.cluster.login import open_cluster

__all__ = ["LiveCluster", "open_cluster"]
