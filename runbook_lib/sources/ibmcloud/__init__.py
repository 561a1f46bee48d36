"""The IBM Cloud source: an account's registry, identities, policies and clusters, read and never changed."""

from runbook_lib.sources.ibmcloud.login import Login, find_login
from runbook_lib.sources.ibmcloud.source import IbmCloudSource

__all__ = ["IbmCloudSource", "Login", "find_login"]
