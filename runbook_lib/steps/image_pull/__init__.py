"""The document's main section: why images fail to pull with ImagePullBackOff or authorization errors."""

from runbook_lib.steps.image_pull.credentials import credential_types
from runbook_lib.steps.image_pull.image import image_name_and_tag, traffic_and_quota
from runbook_lib.steps.image_pull.secrets import (
    default_project_secrets,
    pod_names_secrets,
    secret_in_project,
    service_account_secrets,
)
from runbook_lib.steps.image_pull.symptoms import pod_status, pull_error

STEPS = (
    pod_status,
    pull_error,
    image_name_and_tag,
    traffic_and_quota,
    pod_names_secrets,
    default_project_secrets,
    secret_in_project,
    service_account_secrets,
    credential_types,
)

__all__ = [
    "STEPS",
    "credential_types",
    "default_project_secrets",
    "image_name_and_tag",
    "pod_names_secrets",
    "pod_status",
    "pull_error",
    "secret_in_project",
    "service_account_secrets",
    "traffic_and_quota",
]
