"""What several ask at the same time is asked once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from runbook_lib.model.credential import Credential
from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.registry_answer import RegistryAnswer
from runbook_lib.sources.probing import Probing, Question
from runbook_lib.triage.once import Once, SharedProbing
from runbook_lib.vault import vault


def test_of_many_threads_one_makes_the_answer():
    once: Once[str, int] = Once()
    made = []

    def make() -> int:
        made.append(threading.get_ident())
        time.sleep(0.05)
        return 7

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _n: once.get("q", make), range(32))) == {7}
    assert len(made) == 1


def test_an_error_is_not_kept():
    once: Once[str, int] = Once()
    with pytest.raises(ZeroDivisionError):
        once.get("q", lambda: 1 // 0)
    assert once.get("q", lambda: 2) == 2


def test_a_pair_of_image_and_credential_is_asked_once_by_many_cases_at_once():
    asked = []

    class Source:
        def ask(self, image, credential, *, platform=None, blob=False):
            asked.append((str(image), credential))
            time.sleep(0.02)
            return object.__new__(RegistryAnswer)

    image = parse_image("us.icr.io/shop/web:1.0").ref
    password = vault().register("a-password-of-the-test-1234", "password")
    questions = [Question(image, None), Question(image, Credential("iamapikey", password))]
    shared = SharedProbing(Probing(Source()))
    assert shared.allowed
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: shared.ask_all(questions), range(20)))
    assert len(asked) == 2
    assert all(found[0] is answers[0][0] and found[1] is answers[0][1] for found in answers)
    shared.forget()
    shared.ask_all(questions)
    assert len(asked) == 4


def test_where_no_registry_may_be_asked_none_is():
    assert not SharedProbing(Probing(None, "offline")).allowed
    assert SharedProbing(Probing(None, "offline")).why_not == "offline"
