"""What several cases ask at the same time is asked once: the others wait for that answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

from runbook_lib.model.registry_answer import RegistryAnswer
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.account import Account
from runbook_lib.sources.probing import Probing, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

REGISTRY_QUESTIONS_AT_ONCE = 12


class Once(Generic[K, T]):
    """Answers by their question; the first who asks makes the answer, from whichever thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._doors: dict[K, threading.Lock] = {}
        self._answers: dict[K, T] = {}

    def get(self, question: K, make: Callable[[], T]) -> T:
        """Returns the answer, made now where nobody has asked before; an error of `make` is not kept."""
        if question in self._answers:
            return self._answers[question]
        with self._lock:
            door = self._doors.setdefault(question, threading.Lock())
        with door:
            if question not in self._answers:
                self._answers[question] = make()
            return self._answers[question]

    def forget(self) -> None:
        """Drops all answers."""
        with self._lock:
            self._answers.clear()
            self._doors.clear()


class SharedProbing(Probing):
    """The registries of a run, asked by several cases side by side: each image and credential once."""

    def __init__(self, asked: Probing) -> None:
        super().__init__(None, asked.why_not)
        self._asked = asked
        self._once: Once[Question, RegistryAnswer] = Once()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    @property
    def allowed(self) -> bool:
        """What the registries behind allow."""
        return self._asked.allowed

    def ask_all(self, questions: Sequence[Question]) -> list[RegistryAnswer]:
        """Returns the answers in the order of the questions."""
        with self._lock:
            self._pool = self._pool or ThreadPoolExecutor(REGISTRY_QUESTIONS_AT_ONCE)
        return list(self._pool.map(self._ask, questions))

    def _ask(self, question: Question) -> RegistryAnswer:
        return self._once.get(question, lambda: self._asked.ask_all([question])[0])

    def forget(self) -> None:
        """Drops the answers, so that a refresh asks again."""
        self._once.forget()
        self._asked.forget()


class SharedAccount(Account):
    """IBM Cloud for several cases side by side."""

    def __init__(self, asked: Account) -> None:
        super().__init__(None, "")
        self._asked, self.asks_keys = asked, asked.asks_keys
        self._once: Once[tuple[object, ...], object] = Once()

    def once(self, what: str, method: Callable[..., T | Unavailable], *arguments: object) -> T | Unavailable:
        """Returns the answer of one of the source's methods, asking only the first time."""
        key = (method.__name__, *arguments)
        return self._once.get(key, lambda: self._asked.once(what, method, *arguments))  # type: ignore[return-value]

    def prepare(self) -> None:
        """Loads what the first question would have to wait for."""
        self._asked.prepare()

    def forget(self) -> None:
        """Drops the answers, so that a refresh asks again."""
        self._once.forget()
        self._asked.forget()
