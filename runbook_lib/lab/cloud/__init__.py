"""The lab's IBM Cloud: IAM, the container-registry API, context-based restrictions and the cluster service.

`CloudApp(CloudState.load(data))` answers as the services do; `CloudState.may_pull` is the lab's own
judgement, and `CloudState.key_value` gives the secrets that a scenario names.
"""

from runbook_lib.lab.cloud.app import HOSTS, REGISTRY_HOSTS, CloudApp
from runbook_lib.lab.cloud.cloud_state import BASE_FILE, CloudState
from runbook_lib.lab.cloud.cluster_service import Write
from runbook_lib.lab.cloud.decision import Decision, Reason
from runbook_lib.lab.cloud.directory import Identity, KeyFault
from runbook_lib.lab.cloud.domains import Domain, canonical, domain_of

__all__ = [
    "BASE_FILE",
    "HOSTS",
    "REGISTRY_HOSTS",
    "CloudApp",
    "CloudState",
    "Decision",
    "Domain",
    "Identity",
    "KeyFault",
    "Reason",
    "Write",
    "canonical",
    "domain_of",
]
