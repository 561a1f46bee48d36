"""One question to a registry, walked as a pull walks it: ping, token, manifest, platform, blob.

Every step returns either what the next one needs or the answer that ends the question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.registry.challenge import Challenge, choose, parse_challenges
from runbook_lib.sources.registry.content import choose_entry, judge_config
from runbook_lib.sources.registry.failure import Failure
from runbook_lib.sources.registry.login import Login, log_in
from runbook_lib.sources.registry.manifest import ACCEPT, ImageManifest, Unreadable, parse_manifest
from runbook_lib.sources.registry.platform import Platform
from runbook_lib.sources.registry.realm import api_authority, same_operator
from runbook_lib.sources.registry.refusal import Sent, refuse
from runbook_lib.sources.registry.tags import judge_not_found, says_unknown_repository
from runbook_lib.sources.registry.transport import ERROR_LIMIT, MANIFEST_LIMIT, Reply, Transport

_MOST_NESTED = 3  # an index may list an index
_CONFIG_LIMIT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about."""

    image: ImageRef
    credential: Credential | None
    node: Platform | None = None
    blob: bool = False


class Question:
    """Asks one registry one thing. `hop` and `provisional` may be read from another thread at any time."""

    def __init__(self, transport: Transport, asked: Asked) -> None:
        authority = api_authority(asked.image.registry)
        self._transport = transport
        self._asked = asked
        self._host = RegistryHost(authority).host.strip("[]").lower()
        scheme = "http" if authority in transport.plain_http else "https"
        self._root = f"{scheme}://{authority}/v2/"
        self._scope = f"repository:{asked.image.repository}:pull"
        self._login = Login(scope=self._scope)
        self.hop = Hop.PING
        self.provisional: RegistryAnswer | None = None
        """The answer that holds already, should what would make it more exact not come in time."""

    @property
    def logged_in(self) -> bool:
        """True once a token was given for the credential."""
        return self._login.sent is Sent.TOKEN

    def answer(self) -> RegistryAnswer:
        """Walks the handshake and returns what came of it; `seconds` is left at 0."""
        challenges = self._ping()
        if isinstance(challenges, RegistryAnswer):
            return challenges
        if stopped := self._log_in(choose(challenges)):
            return stopped
        reply = self._manifest(Hop.MANIFEST, self._asked.image.wanted)
        if isinstance(reply, Reply) and reply.status == 401 and self._at_home(reply):
            again = choose(parse_challenges(reply.headers.get("WWW-Authenticate", "")))
            if again and self._is_new(again):
                if stopped := self._log_in(again):
                    return stopped
                reply = self._manifest(Hop.MANIFEST, self._asked.image.wanted)
        answer = self._judge_manifest(reply)
        accepted = self._login.sent is Sent.PASSWORD and answer.answer.reached
        if accepted and answer.answer is not Answer.CREDENTIALS_REJECTED:
            return replace(answer, logged_in=True)  # Basic has no token: that it is not refused is the login
        return answer

    def _ping(self) -> tuple[Challenge, ...] | RegistryAnswer:
        reply = self._transport.get(self._root, {}, ERROR_LIMIT)
        if isinstance(reply, Failure):
            return self._failed(reply)
        if reply.status == 401:
            return parse_challenges(reply.headers.get("WWW-Authenticate", "")) if self._at_home(reply) else ()
        if reply.ok or reply.status in (
            400,
            403,
            404,
            405,
        ):  # not all registries answer here; the manifest decides
            refused = refuse(Hop.PING, reply, Sent.NOTHING, at_home=self._at_home(reply))
            return refused if refused.answer in (Answer.PRIVATE_ONLY, Answer.QUOTA_EXCEEDED) else ()
        return refuse(Hop.PING, reply, Sent.NOTHING, at_home=self._at_home(reply))

    def _log_in(self, challenge: Challenge | None) -> RegistryAnswer | None:
        if challenge is None:
            return None
        self.hop = Hop.TOKEN
        outcome = log_in(self._transport, self._host, challenge, self._asked.credential, self._scope)
        if isinstance(outcome, RegistryAnswer):
            return outcome
        self._login = outcome
        return None

    def _is_new(self, challenge: Challenge) -> bool:
        """True where a challenge asks for more than was answered already."""
        if self._login.sent is Sent.NOTHING:
            return challenge.scheme == "bearer" or self._asked.credential is not None
        return challenge.scheme == "bearer" and not set(challenge["scope"].split()) <= set(self._login.scope.split())

    def _manifest(self, hop: Hop, reference: str) -> Reply | Failure:
        self.hop = hop
        headers = {"Accept": ACCEPT, **self._login.headers}
        return self._transport.get(self._url("manifests", reference), headers, MANIFEST_LIMIT)

    def _judge_manifest(self, reply: Reply | Failure) -> RegistryAnswer:
        if isinstance(reply, Failure):
            return self._failed(reply)
        if not reply.ok:
            return self._refused(reply)
        node, wanted, digest = self._asked.node, self._asked.image.digest, ""
        platforms: tuple[str, ...] = ()
        for _ in range(_MOST_NESTED):
            found = parse_manifest(reply, wanted)
            if isinstance(found, Unreadable):
                kind = Answer.MANIFEST_UNSUPPORTED if found.unsupported else Answer.MALFORMED
                return self._say(kind, reply.status, text=found.why, platforms=platforms, digest=digest or found.digest)
            digest = digest or found.digest
            if isinstance(found, ImageManifest):
                return self._judge_image(found, reply.status, platforms, digest)
            platforms = platforms or found.platforms
            if node is None and not self._asked.blob:
                return self._say(Answer.ACCEPTED, reply.status, platforms=platforms, digest=digest)
            entry = choose_entry(found, node)
            if entry is None:
                self.hop = Hop.PLATFORM
                return self._say(Answer.PLATFORM_ABSENT, reply.status, platforms=platforms, digest=digest)
            wanted = entry.digest
            followed = self._manifest(Hop.PLATFORM, wanted)
            if isinstance(followed, Failure):
                return self._failed(followed)
            if not followed.ok:
                return replace(self._refused(followed), platforms=platforms, digest=digest)
            reply = followed
        return self._say(Answer.MALFORMED, reply.status, text="image indexes within one another", digest=digest)

    def _judge_image(
        self, found: ImageManifest, status: int, platforms: tuple[str, ...], digest: str
    ) -> RegistryAnswer:
        accepted = self._say(Answer.ACCEPTED, status, platforms=platforms, digest=digest)
        if not self._asked.blob:
            return accepted
        self.hop = Hop.BLOB
        headers = dict(self._login.headers)
        whole = self._asked.node is not None and not platforms  # the platform then stands only in the configuration
        if not whole:
            headers["Range"] = "bytes=0-0"
        reply = self._transport.get(self._url("blobs", found.config), headers, _CONFIG_LIMIT if whole else 1)
        if isinstance(reply, Failure):
            return replace(self._failed(reply), platforms=platforms, digest=digest)
        if not reply.ok:
            return replace(self._refused(reply), platforms=platforms, digest=digest)
        if whole and not reply.flaw and (other := judge_config(reply.body, self._asked.node)):
            self.hop = Hop.PLATFORM
            return self._say(Answer.PLATFORM_ABSENT, reply.status, platforms=(other,), digest=digest)
        return replace(accepted, hop=Hop.BLOB, status=reply.status)

    def _refused(self, reply: Reply) -> RegistryAnswer:
        answer = refuse(self.hop, reply, self._login.sent, at_home=self._at_home(reply))
        answer = replace(answer, logged_in=self.logged_in)
        if reply.status == 401 and self._asked.credential and self._login.sent is Sent.NOTHING:
            return replace(answer, answer=Answer.MALFORMED, text=answer.text or "401 without a challenge")
        if answer.answer is not Answer.NOT_FOUND or self.hop is not Hop.MANIFEST:
            return answer
        if says_unknown_repository(answer):
            return replace(answer, answer=Answer.REPOSITORY_UNKNOWN)
        self.provisional = answer
        tag_list = self._transport.get(self._url("tags", "list?n=1000"), self._login.headers, MANIFEST_LIMIT)
        return judge_not_found(answer, self._asked.image, tag_list)

    def _failed(self, failure: Failure) -> RegistryAnswer:
        return self._say(failure.answer, text=failure.text)

    def _say(
        self,
        answer: Answer,
        status: int = 0,
        *,
        text: str = "",
        platforms: tuple[str, ...] = (),
        digest: str = "",
    ) -> RegistryAnswer:
        return RegistryAnswer(
            answer, self.hop, status, text=text, platforms=platforms, digest=digest, logged_in=self.logged_in
        )

    def _at_home(self, reply: Reply) -> bool:
        return same_operator(reply.host.lower(), self._host)

    def _url(self, kind: str, last: str) -> str:
        return f"{self._root}{self._asked.image.repository}/{kind}/{last}"
