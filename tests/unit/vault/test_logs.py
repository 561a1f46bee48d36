"""Log records carry no credential, whatever logger, argument or handler they come through."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from runbook_lib.vault import Vault, install_log_scrubber

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"


class AllOfIt(logging.Formatter):
    """Prints every attribute of a record, as structured log formatters do."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record) + json.dumps(record.__dict__, default=str)


@pytest.fixture
def output(own_vault: Vault) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(AllOfIt())
    root = logging.getLogger()
    level = root.level
    client = logging.getLogger("urllib3.connectionpool")
    clients_level = client.level  # a Kubernetes configuration made in this process sets it
    client.setLevel(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    own_vault.register_pair("iamapikey", KEY, "key")
    undo = install_log_scrubber()
    yield stream
    undo()
    root.removeHandler(handler)
    root.setLevel(level)
    client.setLevel(clients_level)


class Answer:
    def __str__(self) -> str:
        return f"answer with {KEY}"


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        (f"sent {KEY}", ()),
        ("sent %s", (KEY,)),
        ("sent %r after 100%%", ({"k": KEY},)),
        ("sent %(k)s", ({"k": KEY},)),
        ("sent %s", (Answer(),)),
        ("sent %s", (KEY.encode(),)),
        ("does not fit %d", (KEY,)),
        ("header IAM-ApiKey: %s", ("never-registered-value",)),
    ],
)
def test_messages_and_arguments(output: io.StringIO, message: str, arguments: tuple[object, ...]) -> None:
    """The text is fixed and scrubbed when the record is made; the arguments do not travel on."""
    logging.getLogger("urllib3.connectionpool").debug(message, *arguments)
    written = output.getvalue()
    assert KEY not in written
    assert "never-registered-value" not in written
    assert "sent" in written or "does not fit" in written or "header" in written


def test_exceptions_with_their_causes(output: io.StringIO) -> None:
    """The traceback is there, scrubbed, and the exception object is not."""
    try:
        try:
            raise ValueError(f"bad key {KEY}")
        except ValueError as cause:
            raise RuntimeError(f"could not log in with {KEY}") from cause
    except RuntimeError:
        logging.getLogger("runbook").exception("failed", stack_info=True)
    written = output.getvalue()
    assert "Traceback" in written
    assert "could not log in" in written
    assert "bad key «key #1»" in written
    assert KEY not in written


def test_extra_fields(output: io.StringIO) -> None:
    """What `extra=` adds is scrubbed by the handlers, objects as the text that they would print."""
    logging.getLogger("runbook").info("x", extra={"header": KEY, "tree": {"a": [KEY]}, "answer": Answer()})
    assert KEY not in output.getvalue()
    assert output.getvalue().count("«key #1»") + output.getvalue().count("\\u00abkey #1\\u00bb") >= 3


def test_percent_signs_survive(output: io.StringIO) -> None:
    """A message is formatted once: `100%` and `%s` in a value stay."""
    logging.getLogger("runbook").info("%s", "100% of %s")
    assert output.getvalue().startswith("100% of %s")


def test_undoing_it_brings_the_former_factory_back(own_vault: Vault) -> None:
    """Tests and embedders can take the scrubber away again."""
    before = logging.getLogRecordFactory()
    undo = install_log_scrubber()
    assert logging.getLogRecordFactory() is not before
    undo()
    assert logging.getLogRecordFactory() is before
