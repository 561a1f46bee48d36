"""Asks registries about images with several credentials at once; each pair is asked once in a run."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.registry_answer import RegistryAnswer

_AT_ONCE = 6


class AsksRegistry(Protocol):
    """What is needed of a registry source."""

    def ask(
        self,
        image: ImageRef,
        credential: Credential | None,
        *,
        platform: tuple[str, str] | None = None,
        blob: bool = False,
    ) -> RegistryAnswer:
        """Asks for an image with a credential or with none."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """One image, one credential (None: anonymous), for a node's platform."""

    image: ImageRef
    credential: Credential | None
    platform: tuple[str, str] | None = None
    blob: bool = False


class Probing:
    """The registries as seen from here, or the reason why none is asked."""

    def __init__(self, source: AsksRegistry | None, why_not: str = "") -> None:
        self._source, self.why_not = source, why_not
        self._answers: dict[Question, RegistryAnswer] = {}

    @property
    def allowed(self) -> bool:
        """False for offline evidence without `--probe`, and with `--no-probe`."""
        return self._source is not None

    def ask_all(self, questions: Sequence[Question]) -> list[RegistryAnswer]:
        """Returns the answers in the order of the questions; new ones are asked in parallel, each time-limited."""
        source = self._source
        if source is None:
            raise ValueError("no registry may be asked")
        new = [q for q in dict.fromkeys(questions) if q not in self._answers]
        if new:
            with ThreadPoolExecutor(min(_AT_ONCE, len(new))) as pool:
                answers = pool.map(lambda q: source.ask(q.image, q.credential, platform=q.platform, blob=q.blob), new)
                self._answers.update(zip(new, answers, strict=True))
        return [self._answers[q] for q in questions]

    def forget(self) -> None:
        """Drops the answers, so that a refresh asks again."""
        self._answers.clear()
