"""Pull errors: the message of a failed image pull, read layer by layer into a value. Pure; no I/O."""

from .explain import Explanation, explain, to_json
from .find import find_messages
from .parse import parse
from .value import CredentialSent, Detail, Kind, Phase, PullError, Runtime

__all__ = [
    "CredentialSent",
    "Detail",
    "Explanation",
    "Kind",
    "Phase",
    "PullError",
    "Runtime",
    "explain",
    "find_messages",
    "parse",
    "to_json",
]
