"""The document's third, deprecated section: troubleshooting image pull secrets that use tokens."""

from runbook_lib.steps.registry_token.registry import image_pulls, login_accepted
from runbook_lib.steps.registry_token.secret import (
    payload_decodes,
    payload_type,
    registry_covered,
    secret_configuration,
)

STEPS = (
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
    "login_accepted",
    "payload_decodes",
    "payload_type",
    "registry_covered",
    "secret_configuration",
]
