"""Progress on the terminal: one line on standard error, nothing where it is not a terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""Control and format characters that JSON leaves as they are: C1, marks of writing direction, tags."""


def for_terminal(document: str | bytes) -> str:
    """Returns JSON in which each character that drives a terminal is escaped; it reads the same."""
    text = document.decode() if isinstance(document, bytes) else document
    return _HIDDEN.sub(lambda found: _escaped(found.group()), text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


@contextmanager
def progress_line(*, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Yields a function that shows what is being done; the line is gone at the end."""
    if quiet or not sys.stderr.isatty():
        yield lambda _text: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading …", spinner="dots") as status:
        yield lambda text: status.update(text[:70])


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Yields a function (what, done, of) for work with parts; plain lines where it is not a terminal."""
    if not sys.stderr.isatty():
        said: set[str] = set()

        def say(what: str, _done: int, _of: int) -> None:
            if what not in said:
                said.add(what)
                print(f"{what} …", file=sys.stderr, flush=True)

        yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done)  # type: ignore[arg-type]

        yield show
