"""Saved evidence with the interface of a live cluster; judged offline."""

from runbook_lib.sources.bundle.evidence import BundleCluster
from runbook_lib.sources.bundle.opening import open_bundle

__all__ = ["BundleCluster", "open_bundle"]
