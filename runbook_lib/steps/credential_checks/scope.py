"""Which of the pod's pull secrets, matches and trials a section is about.

An entry is told by its host and its username, not by the secret's name: the document's rule (`icr` or
`bluemix` in the name) serves only where nothing could be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.model.counter_tests import CounterTests, Origin, Trial
from runbook_lib.model.finding import Action, Plain
from runbook_lib.model.keyring import Match
from runbook_lib.model.pull_secret import PullSecret, RegistryEntry
from runbook_lib.model.readings import CaseImage, Credentials, NamedSecret, PodSecrets
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.steps.image_pull.credentials import TOKEN, by_name, credential_type
from runbook_lib.steps.saying import to_read

OUTDATED = "where the document is outdated"
"""The evidence that says in one line what the document has wrong by now."""


class CredentialKind(StrEnum):
    """The two kinds of credential that the document tells apart; any other registry's login goes with API keys."""

    API_KEY = "API key"
    TOKEN = "registry token"  # noqa: S105


_STEPS = {
    CredentialKind.API_KEY: {"get": "3.1", "type": "3.2", "decode": "3.3", "compare": "3.4", "login": "3.5"},
    CredentialKind.TOKEN: {"get": "1", "type": "2", "decode": "3", "compare": "4", "login": "5"},
}


def is_token(entry: RegistryEntry) -> bool:
    """True for a registry token: the username `token` on a host of IBM Cloud's registry."""
    return credential_type(entry) == TOKEN


@dataclass(frozen=True, slots=True)
class Scope:
    """The secrets of the pod that a section is about; with none, `why_not` says why the section is skipped."""

    kind: CredentialKind
    named: tuple[NamedSecret, ...]
    why_not: str = ""

    @property
    def read(self) -> tuple[PullSecret, ...]:
        """Those that could be read."""
        return tuple(n.secret for n in self.named if isinstance(n.secret, PullSecret))

    @property
    def refused(self) -> tuple[NamedSecret, ...]:
        """Those that exist, perhaps, and could not be read at all."""
        return tuple(n for n in self.named if isinstance(n.secret, Unavailable) and not n.is_missing)

    @property
    def unread(self) -> tuple[NamedSecret, ...]:
        """Those of which it is not known what they hold."""
        return tuple(n for n in self.named if n.is_unread)

    @property
    def missing(self) -> tuple[str, ...]:
        """Names that do not exist in the project."""
        return tuple(n.name for n in self.named if n.is_missing)

    def why_unread(self) -> str:
        """One sentence about the first secret that could not be read."""
        first = self.unread[0]
        if isinstance(first.secret, Unavailable):
            return first.secret.sentence
        return f"The value of {first.name} was removed from the evidence."

    def to_read(self) -> tuple[Action, ...]:
        """What would make the first of them readable."""
        first = self.unread[0].secret
        return to_read(first) if isinstance(first, Unavailable) else ()

    def matches(self, credentials: Credentials) -> tuple[Match, ...]:
        """The entries of this kind that the kubelet would try for the image."""
        return tuple(m for m in credentials.matches if self._is_mine(is_token(m.entry)))

    def usable(self, credentials: Credentials | Unavailable) -> tuple[Match, ...]:
        """Those that hold a username and a password."""
        if isinstance(credentials, Unavailable):
            return ()
        return tuple(m for m in self.matches(credentials) if m.entry.has_credential)

    def trials(self, tests: CounterTests) -> tuple[Trial, ...]:
        """The counter-tests with the pod's credentials of this kind."""
        ibm = tests.image.registry.is_ibm
        return tuple(t for t in tests.of(Origin.POD) if self._is_mine(ibm and t.username == "token"))

    def step(self, name: str) -> str:
        """The number of the section's step `type`, `decode`, `compare` or `login`."""
        return _STEPS[self.kind][name]

    def _is_mine(self, token: bool) -> bool:
        return token is (self.kind is CredentialKind.TOKEN)


def scope_of(kind: CredentialKind, secrets: PodSecrets, image: CaseImage) -> Scope:
    """Finds the secrets of this kind among those that the pod names."""
    named = tuple(n for n in secrets.relevant_to(image.image) if _is_of(kind, n))
    if named:
        return Scope(kind, named)
    if not secrets.named:
        return Scope(kind, (), f"The pod names no pull secret (image-pull/3): there is no {kind} to check.")
    if kind is CredentialKind.API_KEY and any(_is_of(CredentialKind.TOKEN, n) for n in secrets.named):
        return Scope(kind, (), "The pod's secrets hold a registry token and no API key: see the token section.")
    return Scope(kind, (), f"None of the pod's secrets holds {_a(kind)}.")


def _a(kind: CredentialKind) -> str:
    return "an API key" if kind is CredentialKind.API_KEY else "a registry token"


def _is_of(kind: CredentialKind, named: NamedSecret) -> bool:
    secret = named.secret
    if isinstance(secret, PullSecret) and secret.entries:
        tokens = [is_token(entry) for entry in secret.entries]
        return any(tokens) if kind is CredentialKind.TOKEN else not all(tokens)
    old_key = isinstance(secret, PullSecret) and ".dockercfg" in secret.data_keys
    by_its_name = by_name(named.name) == TOKEN
    return by_its_name or old_key if kind is CredentialKind.TOKEN else not by_its_name


def host_of(image: CaseImage) -> str:
    """The image's registry, for sentences."""
    return str(image.image.ref.registry) if image.image.ref else "the registry"


def listed(label: str, lines: list[str]) -> dict[str, Plain]:
    """Returns one piece of evidence that is a list, with `none` in place of nothing."""
    return {label: lines or ["none"]}
