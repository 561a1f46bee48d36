"""Counter-tests: each credential that could have been used, tried against the registry for one image.

"Refused with the pod's copy, accepted with `default`'s" proves a cause that no text can. The answers
are seen from this machine, not from the node.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.registry_answer import Answer, RegistryAnswer


class Origin(StrEnum):
    """Where the credential of a trial comes from."""

    POD = "pod"  # an entry that the kubelet would send
    ANONYMOUS = "anonymous"
    PROJECT = "project"  # a fitting secret of the project that the pod does not use
    DEFAULT = "default"  # the secret of the `default` project
    REPAIRED = "repaired"  # the pod's password with the username that goes with it


@dataclass(frozen=True, slots=True)
class Trial:
    """One credential and the registry's answer to it. Holds no credential, only where it stands."""

    origin: Origin
    namespace: str
    secret: str
    key: str
    username: str
    answer: RegistryAnswer
    same_as_pod: bool = False  # the very credential that the pod's secret holds

    @property
    def label(self) -> str:
        """Names the trial for people."""
        if self.origin is Origin.ANONYMOUS:
            return "no credential"
        if self.origin is Origin.REPAIRED:
            return f"{self.namespace}/{self.secret} as {self.username}"
        return f"{self.namespace}/{self.secret} [{self.key}]"


@dataclass(frozen=True, slots=True)
class CounterTests:
    """The matrix of one image: every trial, in the kubelet's order, the anonymous one last."""

    image: ImageRef
    trials: tuple[Trial, ...]

    def of(self, *origins: Origin) -> tuple[Trial, ...]:
        """The trials of these origins."""
        return tuple(t for t in self.trials if t.origin in origins)

    def accepted(self, *origins: Origin) -> tuple[Trial, ...]:
        """The trials of these origins that the registry accepted."""
        return tuple(t for t in self.of(*origins) if t.answer.answer is Answer.ACCEPTED)

    @property
    def reached(self) -> bool:
        """True where the registry itself answered at least one trial."""
        return any(t.answer.answer.reached for t in self.trials)

    def all_answer(self, origin: Origin, *answers: Answer) -> bool:
        """True where there is a trial of this origin and each of them got one of these answers."""
        mine = self.of(origin)
        return bool(mine) and all(t.answer.answer in answers for t in mine)
