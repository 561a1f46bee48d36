"""The registry source: one method that asks a registry about an image and returns a typed outcome."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import replace

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.deadline import Deadline, current_deadline
from runbook_lib.sources.registry.platform import normalise
from runbook_lib.sources.registry.question import Asked, Question
from runbook_lib.sources.registry.transport import Transport


class RegistrySource:
    """Asks registries over the distribution API, from this machine: the node's network may differ.

    Only GET is used, and POST for a token where the token service wants it. TLS is verified; proxies and CA
    bundles come from the standard environment variables unless `trust_env` is False; `ca_bundle` is the path
    of a CA bundle that goes before those. `plain_http` holds the authorities (host:port) that are asked
    without TLS, for registries on loopback. Safe to share between threads: nothing is kept from one question
    to the next.
    """

    def __init__(
        self,
        *,
        timeout: float = 10.0,
        connect_timeout: float = 4.0,
        trust_env: bool = True,
        ca_bundle: str | None = None,
        plain_http: frozenset[str] = frozenset(),
        budget: TimeBudget | None = None,
    ) -> None:
        """Takes time limits in seconds: `timeout` of a whole question, `connect_timeout` of a connection; `budget` is
        the run's, a new one where None.
        """
        self._timeout = timeout
        self._budget = budget or TimeBudget()
        self._connect_timeout = connect_timeout
        self._trust_env = trust_env
        self._ca_bundle = ca_bundle
        self._plain_http = plain_http

    def ask(
        self,
        image: ImageRef,
        credential: Credential | None,
        *,
        platform: tuple[str, str] | None = None,
        blob: bool = False,
    ) -> RegistryAnswer:
        """Asks whether the image can be pulled with the credential, or with none; every refusal is a value.

        `platform` is the node's (os, architecture): an image index is then searched for it. With `blob`, one
        byte of one blob is read too, since quotas of pull traffic show only there; of a single image the
        configuration is read whole where a platform is given, since only it names the image's own.
        """
        started = time.monotonic()
        limit = self._budget.share(self._timeout)
        if limit <= 0.0:
            return RegistryAnswer(Answer.TIMEOUT, Hop.PING, text=self._budget.spent_words)
        deadline = Deadline(limit)
        transport = Transport(
            deadline,
            connect_timeout=self._connect_timeout,
            trust_env=self._trust_env,
            ca_bundle=self._ca_bundle,
            plain_http=self._plain_http,
        )
        node = normalise(*platform) if platform and all(platform) else None
        question = Question(transport, Asked(image, credential, node, blob))
        result: Future[RegistryAnswer] = Future()
        worker = threading.Thread(target=_work, args=(question, transport, deadline, result), daemon=True)
        worker.start()
        try:
            with self._budget.waiting():
                answer = result.result(limit)
        except TimeoutError:  # a name look-up, for one, cannot be interrupted: its thread is left to end by itself
            answer = _late(question)
        finally:
            deadline.close()
        if answer.answer is Answer.TIMEOUT and question.provisional:
            answer = question.provisional
        return replace(answer, seconds=round(time.monotonic() - started, 3))


def _work(question: Question, transport: Transport, deadline: Deadline, result: Future[RegistryAnswer]) -> None:
    current_deadline.set(deadline)
    try:
        with transport:
            result.set_result(question.answer())
    except BaseException as error:
        result.set_exception(error)


def _late(question: Question) -> RegistryAnswer:
    text = "no whole answer within the time limit"
    return RegistryAnswer(Answer.TIMEOUT, question.hop, text=text, logged_in=question.logged_in)
