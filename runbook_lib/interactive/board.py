"""The cards on a page: shown while they are being filled, and marked when they are out of date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from runbook_lib.interactive import markup
from runbook_lib.interactive.frontend import Bundle, Content, Place, cell_run
from runbook_lib.model.finding import Status

C = TypeVar("C", bound=Content)

RUN_AGAIN = "run this cell again"


class Shown(Generic[C]):
    """Something that a cell ends with: it displays itself, and its output is replaced when it is out of date."""

    def __init__(self, content: C, place: Place | None = None) -> None:
        self.content, self.stale = content, ""
        self.run = cell_run()
        self._place = place or Place()
        self._is_there = place is not None

    def mark(self, why: str) -> None:
        """Says on the page why this is out of date."""
        self.stale = f"{why}; {RUN_AGAIN}"
        self._place.replace(self.content.bundle(self.stale))

    def _ipython_display_(self) -> None:
        if self._is_there and cell_run() == self.run:
            self._is_there = False  # once: a later cell that ends with the same value shows it again
            return
        self._place.show(self.content.bundle(self.stale))

    def _repr_mimebundle_(self, **_forms: Any) -> Bundle:
        return self.content.bundle(self.stale)

    def __repr__(self) -> str:
        """Returns the plain text, for a terminal."""
        return str(self.content.bundle(self.stale)["text/plain"])


class Board:
    """Every card that is up to date, so that they can be marked when they no longer are."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._fresh: list[Shown[Any]] = []

    def put(self, what: str, make: Callable[[Callable[[str], None]], C]) -> Shown[C]:
        """Makes a card and keeps it. A person sees at once what is being done, and the card in its place.

        Args:
            what: what is being done.
            make: makes the card; it may say what it is at by the function that it is given.
        """
        if not self._live:
            return self._keep(Shown(make(lambda _text: None)))
        place = Place()
        place.show(working(what))
        try:
            content = make(lambda said: place.replace(working(f"{what}: {said}")))
        except BaseException as failed:
            place.replace(ended(what, failed))
            raise
        place.replace(content.bundle())
        return self._keep(Shown(content, place))

    def _keep(self, shown: Shown[C]) -> Shown[C]:
        self._fresh = [s for s in self._fresh if not shown.run.is_again(s.run)]
        self._fresh.append(shown)
        return shown

    def make_stale(self, why: str, keep: Shown[Any] | None = None) -> int:
        """Marks every card but the one to keep, and returns how many."""
        old = [s for s in self._fresh if s is not keep]
        self._fresh = [s for s in self._fresh if s is keep]
        for shown in old:
            shown.mark(why)
        return len(old)


def working(what: str) -> Bundle:
    """Returns an output that says what is being done."""
    said = f"{markup.line(what)} …"
    return {
        "text/plain": said,
        "text/markdown": f"*{markup.md(said)}*",
        "text/html": markup.card(Status.SKIPPED, f"<span class='rb-working' role='status'>{markup.text(said)}</span>"),
    }


def ended(what: str, why: BaseException) -> Bundle:
    """Returns an output that says that something was not finished."""
    said = f"{markup.line(what)}: not finished ({type(why).__name__.lstrip('_')})."
    shown = markup.card(Status.UNKNOWN, markup.text(said))
    return {"text/plain": said, "text/markdown": markup.md(said), "text/html": shown}
