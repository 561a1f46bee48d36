"""Worlds in which a pull fails: what is wrong, what the node is told, and what of it can be seen.

The evidence is made from the world, as cluster, runtime and registry make it; the faults are read off the
world itself. Neither knows the rules of the diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from runbook_lib.model.credential import Credential
from runbook_lib.model.registry_answer import Answer, RegistryAnswer

from . import cluster as at
from . import objects
from . import words as node_says
from .keys import BAD, GOOD, THIRD
from .objects import HOST, Item, elided, failed, pod, said, secret, unretrieved, waiting


class Held(Enum):
    """What stands behind one name in the pod's list of pull secrets."""

    GOOD = "good"
    BAD = "bad"
    DENIED = "denied"
    ELSEWHERE = "for another region"
    WRONG_TYPE = "good, of the wrong type"
    BLANK = "without a password"
    BROKEN = "not JSON"
    ABSENT_NEEDED = "absent, and it would have covered"
    ABSENT_LEFTOVER = "absent, and nothing would have come of it"


class Manner(Enum):
    """How the registry turns away who has no credential, and whether that depends on the image."""

    TOKEN_401 = "401 to everybody without a login"
    SCOPE = "denied, alike for what is private and what is not there"
    NOT_FOUND = "not found, alike for what is private and what is not there"


class Way(Enum):
    """The node's way to the registry."""

    FREE = "free"
    NO_NAME = "the name does not resolve"
    CLOSED = "the port is closed"
    PROXY = "a proxy wants a login"
    PROXY_PAGE = "a proxy forbids, with a page"
    MIRROR = "a mirror wants a login of its own"
    ALLOW_LIST = "the account's allow-list refuses logins from the node's network"


ABSENT = (Held.ABSENT_NEEDED, Held.ABSENT_LEFTOVER)
_CREDENTIAL = {Held.GOOD: GOOD, Held.BAD: BAD, Held.DENIED: THIRD}


@dataclass(frozen=True)
class World:
    """One world and how much of it is seen."""

    named: tuple[Held, ...]
    of_node: Held | None  # a credential that stands on the node itself
    spare: bool  # a good secret lies in the project, and the pod does not name it
    in_default: Held | None
    exists: bool
    public: bool
    manner: Manner
    way: Way
    crio: bool
    seen: str  # "readable", "elided", "forbidden"
    told: str  # "event", "message", "bare"
    asked: bool
    here_is_let_in: bool  # by the allow-list, where there is one
    live: bool

    def sent(self) -> tuple[Held, ...]:
        """The credentials that the kubelet tries, in turn."""
        own = tuple(h for h in self.named if h in _CREDENTIAL)
        return own + ((self.of_node,) if self.of_node else ())

    def text(self) -> str | None:
        """What the node is told at the end of the pull; None where it succeeds."""
        if Held.BROKEN in self.named:
            return node_says.UNPARSABLE
        before = {
            Way.NO_NAME: node_says.NO_SUCH_HOST,
            Way.CLOSED: node_says.REFUSED,
            Way.PROXY: node_says.PROXY_407,
            Way.PROXY_PAGE: node_says.CRIO_PROXY_PAGE,
            Way.MIRROR: node_says.ANONYMOUS_401.replace("https://{h}/", "https://mirror.corp.example/"),
        }.get(self.way)
        if before is not None:
            return before
        attempts = [self._attempt(h) for h in self.sent()] or [self._attempt(None)]
        if None in attempts:
            return None
        texts = [a for a in attempts if a]
        if len(texts) == 1:
            return texts[0]
        return 'Failed to pull image "{i}": [' + ", ".join(t.partition('": ')[2] for t in texts) + "]"

    def _attempt(self, held: Held | None) -> str | None:
        login = node_says.CRIO_401 if self.crio else node_says.OAUTH_401
        if held is None:
            return self._anonymous()
        if held is Held.BAD or self.way is Way.ALLOW_LIST:
            return login
        if held is Held.DENIED:
            return node_says.CRIO_DENIED if self.crio else node_says.FORBIDDEN
        return None if self.exists else node_says.NOT_FOUND

    def _anonymous(self) -> str | None:
        if self.public:
            return None if self.exists else node_says.NOT_FOUND
        if self.manner is Manner.TOKEN_401:
            return node_says.CRIO_401 if self.crio else node_says.ANONYMOUS_401
        return node_says.SCOPE if self.manner is Manner.SCOPE else node_says.NOT_FOUND

    def answer(self, credential: Credential | None) -> RegistryAnswer:
        """What the registry answers here."""
        if credential is None:
            if self.public:
                return at.answer(Answer.ACCEPTED if self.exists else Answer.NOT_FOUND)
            return {
                Manner.TOKEN_401: at.NO_TOKEN,
                Manner.SCOPE: at.answer(Answer.DENIED, status=403),
                Manner.NOT_FOUND: at.ABSENT,
            }[self.manner]
        blocked = self.way is Way.ALLOW_LIST and not self.here_is_let_in
        if blocked or credential.password.reveal() == BAD[1]:
            return at.REJECTED
        if credential.password.reveal() == THIRD[1]:
            return at.DENIED
        return at.ACCEPTED if self.exists else at.answer(Answer.NOT_FOUND, logged_in=True, status=404)

    def faults(self) -> set[str]:
        """What is wrong in this world and stands in the way of this pull: all that may be called confirmed."""
        if Held.BROKEN in self.named:
            return {"pull-secret-malformed"}
        if self.way is Way.NO_NAME:
            return {"dns-failure"}
        if self.way is Way.CLOSED:
            return {"connection-refused"}
        if self.way in (Way.PROXY, Way.PROXY_PAGE, Way.MIRROR):
            return set()
        missing_image = set() if self.exists else {"image-not-found", "tag-not-found"}
        wants_login = self.manner is Manner.TOKEN_401 or self.exists
        if self.sent():
            own = any(h in _CREDENTIAL for h in self.named)
            would_do = not own and self.way is Way.FREE and self.exists  # tried beside the node's own, and accepted
            return self._of_credentials() | missing_image | (self._of_absence() if would_do else set())
        return missing_image if self.public or not wants_login else self._of_absence() | missing_image

    def _of_credentials(self) -> set[str]:
        found = set()
        if Held.BAD in self.sent():
            found |= {"credentials-rejected"}
            if Held.BAD in self.named and self.in_default in (Held.GOOD, Held.DENIED):
                found |= {"stale-secret-copy"}
        if Held.DENIED in self.sent() and self.way is not Way.ALLOW_LIST:
            found |= {"access-denied"}
        return found

    def _of_absence(self) -> set[str]:
        found = set()
        if self.spare:
            found.add("pull-secret-not-linked")
        # the original of the first name is in `default` and would be accepted: a copy of it would have covered
        needed = Held.ABSENT_NEEDED in self.named or (self.named[:1] == (Held.ABSENT_LEFTOVER,) and self._copy_helps())
        only_absent = bool(self.named) and all(h in ABSENT for h in self.named)  # what they held is nowhere to be seen
        if needed or only_absent:
            found.add("pull-secret-missing")
        if Held.WRONG_TYPE in self.named:
            found.add("pull-secret-type-wrong")
        if Held.BLANK in self.named:
            found.add("pull-secret-malformed")
        if Held.ELSEWHERE in self.named and Held.ABSENT_NEEDED not in self.named:
            found.add("registry-not-covered")
        if not self.named:
            found.add("no-pull-secret")
        return found

    def _copy_helps(self) -> bool:
        return self.in_default is Held.GOOD and self.exists

    def items(self) -> list[Item]:
        """The objects that are saved of this world."""
        text = self.text()
        assert text is not None
        names = [self._name(n) for n in range(len(self.named))]
        items = [self._pod(text, tuple(names)), objects.account(secrets=tuple(names)), objects.node()]
        secrets = [self._secret(name, held) for name, held in zip(names, self.named, strict=True) if held not in ABSENT]
        if self.spare:
            secrets.append(secret("spare", {HOST: GOOD}))
        if self.in_default is not None:
            secrets.append(objects.default_secret({HOST: _CREDENTIAL[self.in_default]}, self._name(0)))
        items += [elided(s) if self.seen == "elided" else s for s in secrets]
        absent = [n for n, held in zip(names, self.named, strict=True) if held in ABSENT]
        if self.told == "event":
            items.append(failed(text))
        if absent and self.told != "bare":
            items.append(unretrieved(*absent))
        return items

    def _name(self, number: int) -> str:
        return ("all-icr-io", "regcred", "third")[number]

    def _pod(self, text: str, names: tuple[str, ...]) -> Item:
        bare = f'Back-off pulling image "{objects.IMAGE}"'
        message = f"{bare}: ErrImagePull: {said(text).partition(': ')[2]}" if self.told == "message" else bare
        return pod(secrets=names, status=[waiting("app", objects.IMAGE, message=message)])

    @staticmethod
    def _secret(name: str, held: Held) -> Item:
        if held is Held.BROKEN:
            return secret(name, payload='{"auths": ')
        if held is Held.BLANK:
            return secret(name, {HOST: ("iamapikey", "")})
        if held is Held.ELSEWHERE:
            return secret(name, {"uk.icr.io": GOOD})
        if held is Held.WRONG_TYPE:
            return secret(name, {HOST: GOOD}, type_="Opaque")
        return secret(name, {HOST: _CREDENTIAL[held]})
