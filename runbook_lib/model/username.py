"""Which username goes with which kind of password at IBM Cloud's registries."""

from __future__ import annotations

from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.pull_secret import RegistryEntry

IAM_USERNAMES = ("iamapikey", "iambearer", "iamrefresh")
"""https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access"""


def expected_username(entry: RegistryEntry, kind: RegistryKind) -> str:
    """Returns the username that goes with an entry's password, or an empty string where it cannot be told."""
    if entry.password is None or entry.username.startswith("iam-Profile-"):
        return ""
    if kind is RegistryKind.ICR_ENTITLED:
        return "cp"
    value = entry.password.reveal()
    return "iambearer" if value.count(".") == 2 and value.startswith("eyJ") else "iamapikey"
