"""A cluster of plain objects and a registry of plain answers: evidence in any combination, diagnosed offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runbook_lib.case import Case
from runbook_lib.model.credential import Credential
from runbook_lib.model.diagnosis import Diagnosis
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.readings import Target
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.session import Session
from runbook_lib.sources.account import Account
from runbook_lib.sources.bundle.evidence import BundleCluster, Evidence
from runbook_lib.sources.kube import ClusterIdentity, RawObject
from runbook_lib.sources.probing import Probing

from .objects import NS, Item

Answers = Callable[[Credential | None], RegistryAnswer]


def answer(kind: Answer, *, logged_in: bool = False, status: int = 0, hop: Hop = Hop.MANIFEST) -> RegistryAnswer:
    return RegistryAnswer(kind, hop, status, logged_in=logged_in)


ACCEPTED = answer(Answer.ACCEPTED, logged_in=True, status=200)


REJECTED = answer(Answer.CREDENTIALS_REJECTED, status=401, hop=Hop.TOKEN)


DENIED = answer(Answer.DENIED, logged_in=True, status=403)


NO_TOKEN = answer(Answer.NO_TOKEN_SENT, status=401, hop=Hop.TOKEN)


ABSENT = answer(Answer.NOT_FOUND, status=404)


def registry(by_password: Mapping[str, RegistryAnswer], anonymous: RegistryAnswer = NO_TOKEN) -> Answers:
    """A registry that answers by the password; unknown ones are rejected."""

    def ask(credential: Credential | None) -> RegistryAnswer:
        if credential is None:
            return anonymous
        return by_password.get(credential.password.reveal(), REJECTED)

    return ask


class _Registry:
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def ask(
        self,
        image: ImageRef,
        credential: Credential | None,
        *,
        platform: tuple[str, str] | None = None,
        blob: bool = False,
    ) -> RegistryAnswer:
        return self._answers(credential)


class _Live:
    """The same objects as a live API would give them: what is not there is answered with 404."""

    def __init__(self, bundle: BundleCluster, forbidden: frozenset[str]) -> None:
        self._bundle, self._forbidden = bundle, forbidden

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        if resource in self._forbidden:
            return Unavailable(f"{resource} {namespace}/{name}", Why.FORBIDDEN, "the login may not")
        found = self._bundle.get(resource, namespace, name)
        return Unavailable(found.what, Why.NOT_FOUND) if isinstance(found, Unavailable) else found

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Any:
        if resource in self._forbidden:
            return Unavailable(f"{resource} of {namespace}", Why.FORBIDDEN, "the login may not")
        found = self._bundle.list(resource, namespace, fields=fields)
        return () if isinstance(found, Unavailable) else found

    def identity(self) -> ClusterIdentity:
        return ClusterIdentity("live", "made up", openshift=True)


@dataclass(frozen=True)
class Evidenced:
    """Objects, how they are read, and what the registry answers (None: it is not asked)."""

    items: list[Item]
    answers: Answers | None = None
    live: bool = True
    forbidden: frozenset[str] = field(default_factory=frozenset)
    container: str = "app"
    pod: str = "web"
    namespace: str = NS

    def session(self) -> Session:
        evidence = Evidence()
        for item in self.items:
            evidence.add(item)
        bundle = BundleCluster(evidence, name="made up")
        source = _Live(bundle, self.forbidden) if self.live else bundle
        probing = Probing(_Registry(self.answers)) if self.answers else Probing(None, "not asked")
        return Session(source, probing=probing, account=Account(None, "not asked"))

    def case(self) -> Case:
        return Case(self.session(), Target(self.namespace, self.pod, self.container))

    def diagnose(self) -> Diagnosis:
        return self.case().diagnose()


def diagnose(*items: Item, answers: Answers | None = None, **how: Any) -> Diagnosis:
    """The diagnosis of the container `app` of the pod `web` among these objects."""
    return Evidenced([*items], answers, **how).diagnose()


def confirmed(diagnosis: Diagnosis) -> set[str]:
    """Every cause that the diagnosis calls confirmed."""
    return {claim.id for claim in diagnosis.causes if claim.confidence.value == "confirmed"}


def verdict(diagnosis: Diagnosis) -> tuple[str, str]:
    """The cause (or the status) and the confidence."""
    v = diagnosis.verdict
    return v.cause or v.status.value, v.confidence.value if v.confidence else "-"
