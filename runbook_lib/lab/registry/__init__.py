"""The lab's registries: the distribution API with token, Basic or no authorization, as an app.

`RegistryApp(RegistryState.load(data))` answers for all hosts of the state; `Access` is what decides who may
pull.
"""

from runbook_lib.lab.registry.access import Access, Login, Refusal, UserAccess
from runbook_lib.lab.registry.app import RegistryApp
from runbook_lib.lab.registry.content import Content, build, digest_of
from runbook_lib.lab.registry.dialect import error_reply
from runbook_lib.lab.registry.state import Image, Registry, RegistryState, RegistryUser, Repository

__all__ = [
    "Access",
    "Content",
    "Image",
    "Login",
    "Refusal",
    "Registry",
    "RegistryApp",
    "RegistryState",
    "RegistryUser",
    "Repository",
    "UserAccess",
    "build",
    "digest_of",
    "error_reply",
]
