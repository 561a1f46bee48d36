"""Judges what a person practising says: whether they named the planted cause, and why it is that one."""

from __future__ import annotations

import difflib
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from runbook_lib.causes import CATALOGUE
from runbook_lib.model.problem import BadInput

NOTHING = "none"
"""What a person answers who finds that nothing is wrong."""

_BY_ID = {cause.id: cause for cause in CATALOGUE}
_PART = re.compile(r"^## What it is\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class Mark(StrEnum):
    """How near an answer is."""

    RIGHT = "right"
    NEAR = "near"  # holds as well, or cannot be told apart by the text alone
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Exercise:
    """What is to be found: for each container its cause, and the causes that are near; empty where all is well."""

    planted: tuple[tuple[str, str], ...]  # container, cause
    near: frozenset[str] = frozenset()

    @property
    def causes(self) -> tuple[str, ...]:
        """The planted causes, each once."""
        return tuple(dict.fromkeys(cause for _, cause in self.planted)) or (NOTHING,)

    def mark(self, answer: str) -> Mark:
        """Marks the id of a cause."""
        if answer in self.causes:
            return Mark.RIGHT
        return Mark.NEAR if answer in self.near else Mark.WRONG


def free_port() -> int:
    """Returns a port of this machine's loopback that nobody listens on, for the JupyterLab to practise in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def answers() -> tuple[str, ...]:
    """Returns every id that may be answered."""
    return (*_BY_ID, NOTHING)


def as_answer(said: str) -> str:
    """Returns the id that a person means; an unambiguous beginning is enough.

    Raises:
        BadInput: no cause is called so; what comes close is named.
    """
    word = "-".join(said.strip().lower().replace("_", "-").split())
    ids = answers()
    begins = [i for i in ids if word and i.startswith(word)]
    if word in ids or len(begins) == 1:
        return word if word in ids else begins[0]
    if begins:
        raise BadInput(f"{word} may be {_listed(begins)}.", "Say which.")
    parts = [i for i in ids if word and word in i]
    close = parts or difflib.get_close_matches(word, ids, n=3, cutoff=0.5)
    hint = f"Did you mean {_listed(close)}?" if close else "A question mark lists them all."
    raise BadInput(f"There is no cause {word or 'without a name'}.", hint)


def _listed(ids: Sequence[str]) -> str:
    return " or ".join((", ".join(ids[:-1]), ids[-1])) if len(ids) > 1 else ids[0]


def judged(exercise: Exercise, answer: str) -> str:
    """Says in Markdown whether an answer is right, and what the answered cause would look like where it is not."""
    mark = exercise.mark(answer)
    if mark is Mark.RIGHT:
        others = [c for c in exercise.causes if c != answer]
        more = f" Another container has another cause: `{'`, `'.join(others)}`." if others else ""
        return f"**Right: {answer}.**{more}"
    if mark is Mark.NEAR:
        return (
            f"**Nearly.** `{answer}` holds as well, or the text alone cannot tell it from what is wrong here. "
            "Something names the fault more exactly: look at what the registry and the account answer."
        )
    if answer == NOTHING:
        return "**No.** Something is wrong here."
    return f"**No.** {_BY_ID[answer].title} would show like this: {_what_it_is(answer)}"


def _what_it_is(cause: str) -> str:
    found = _PART.search(_BY_ID[cause].page)
    return " ".join((found[1] if found else _BY_ID[cause].page).split())


def hint(exercise: Exercise) -> str:
    """Says where to look, and not what is there."""
    if not exercise.planted:
        return "Look at the containers' states before anything else."
    first = _BY_ID.get(exercise.causes[0])
    where = f"step `{first.step}`" if first is not None else "what could not be read"
    return f"Look at {where}, and at the way of the pull: which hop fails, and which was not seen?"


def why(exercise: Exercise) -> str:
    """Tells in Markdown what is planted, and the pages of the causes."""
    if not exercise.planted:
        return "**Nothing is planted.** The pod is well; to say so is the right answer (`none`)."
    lines = []
    for container, cause in exercise.planted:
        place = f"container {container}" if container else "the pod as a whole"
        title = _BY_ID[cause].title if cause in _BY_ID else "the evidence does not tell"
        lines.append(f"- {place}: **{cause}**. {title}.")
    pages = [f"# {c}\n\n{_BY_ID[c].page}" for c in exercise.causes if c in _BY_ID]
    near = ", ".join(f"`{c}`" for c in sorted(exercise.near))
    also = f"\n\nNear it (these hold as well, or the text alone cannot tell them apart): {near}." if near else ""
    return "Planted:\n\n" + "\n".join(lines) + also + "\n\n" + "\n\n".join(pages)
