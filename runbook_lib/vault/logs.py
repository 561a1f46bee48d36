"""Log records without credentials, whoever writes them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from runbook_lib.vault.current import vault

_FORMATTER = logging.Formatter()
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class LogScrubber(logging.Filter):
    """Scrubs a record in place: message, exception, stack and the fields that `extra=` adds."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record, scrubbed."""
        scrub_record(record)
        return True


def scrub_record(record: logging.LogRecord) -> logging.LogRecord:
    """Fixes a record's text now and drops the arguments and the exception object, which handlers could print.

    A record whose arguments do not fit its message keeps the message alone: logging would print both.
    """
    shared = vault()
    try:
        message = record.getMessage()
    except Exception:
        message = f"{record.msg!s} (its arguments do not fit)"
    record.msg, record.args = shared.scrub(message), ()
    if record.exc_info:
        exc_text = record.exc_text
        if not exc_text and record.exc_info[1] is not None:
            exc_text = _FORMATTER.formatException(record.exc_info)
        record.exc_info, record.exc_text = None, exc_text
    if record.exc_text:
        record.exc_text = shared.scrub(record.exc_text)
    if record.stack_info:
        record.stack_info = shared.scrub(record.stack_info)
    for key, value in list(record.__dict__.items()):
        if key not in _STANDARD:
            record.__dict__[key] = shared.scrub_json(value if _is_plain(value) else str(value))
    return record


def install_log_scrubber() -> Callable[[], None]:
    """Scrubs every record of this process from now on, of any library; returns the undoing.

    A record factory sees the records of every logger, also of handlers added later; what `extra=` adds comes
    after the factory, so the handlers that the root logger has now get a filter as well.
    """
    before = logging.getLogRecordFactory()
    scrubber = LogScrubber()
    handlers = list(logging.getLogger().handlers)

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        return scrub_record(before(*args, **kwargs))

    logging.setLogRecordFactory(factory)
    for handler in handlers:
        handler.addFilter(scrubber)

    def undo() -> None:
        if logging.getLogRecordFactory() is factory:
            logging.setLogRecordFactory(before)
        for handler in handlers:
            handler.removeFilter(scrubber)

    return undo


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, bytes, int, float, dict, list, tuple))
