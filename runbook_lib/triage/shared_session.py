"""A session whose cases share what is made of the readings too.

`default`'s secrets are decoded once for all, and no case goes through the pods of its project for its siblings:
a thousand failures of one project would look at each other a million times.
"""

from __future__ import annotations

from typing import Any

from runbook_lib.model.readings import DefaultSecrets, Siblings, Target
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.resolve import Resolver
from runbook_lib.session import Session
from runbook_lib.sources.kube import KubeSource
from runbook_lib.triage.once import Once
from runbook_lib.triage.shared_cluster import Noted


class SharedSession(Session):
    """A session for many cases side by side, in one look; what it shares is not read anew within it.

    Args:
        noted: what the pass over pods and events has left.
    """

    def __init__(self, cluster: KubeSource, noted: Noted, **options: Any) -> None:
        super().__init__(cluster, **options)
        self._noted = noted
        self._default: Once[str, DefaultSecrets | Unavailable] = Once()

    def resolver(self, target: Target) -> Resolver:
        """Returns the readings of one case, with the secrets of `default` already made.

        Where those could not be read, the case takes that reading itself: a refusal is part of what it has seen.
        """
        resolver = super().resolver(target)
        default = self._default.get("", lambda: resolver.read(DefaultSecrets))
        if not isinstance(default, Unavailable):
            resolver.give(DefaultSecrets, default)
        siblings = self._noted.siblings(target)
        if siblings is not None:
            resolver.give(Siblings, siblings)
        return resolver
