"""What the API-key section and the token section check alike, from the pull secret to the pull itself."""

from runbook_lib.steps.credential_checks.configuration import configuration, decodes, type_and_key
from runbook_lib.steps.credential_checks.coverage import coverage
from runbook_lib.steps.credential_checks.login import login
from runbook_lib.steps.credential_checks.pulling import Surroundings, pulling
from runbook_lib.steps.credential_checks.scope import CredentialKind, Scope, scope_of

__all__ = [
    "CredentialKind",
    "Scope",
    "Surroundings",
    "configuration",
    "coverage",
    "decodes",
    "login",
    "pulling",
    "scope_of",
    "type_and_key",
]
