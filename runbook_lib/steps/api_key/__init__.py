"""The document's second section: troubleshooting image pull secrets that use API keys."""

from runbook_lib.steps.api_key.identity import key_owner, policies_allow_pull
from runbook_lib.steps.api_key.registry import image_pulls, login_accepted
from runbook_lib.steps.api_key.secret import (
    payload_decodes,
    payload_type,
    registry_covered,
    secret_configuration,
)

STEPS = (
    key_owner,
    policies_allow_pull,
    secret_configuration,
    payload_type,
    payload_decodes,
    registry_covered,
    login_accepted,
    image_pulls,
)

__all__ = [
    "STEPS",
    "image_pulls",
    "key_owner",
    "login_accepted",
    "payload_decodes",
    "payload_type",
    "policies_allow_pull",
    "registry_covered",
    "secret_configuration",
]
