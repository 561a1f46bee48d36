"""The project's Markdown pages, and the commands and links in them."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SHELLS = ("", "sh", "shell", "bash", "console")
_FENCE = re.compile(r"^ *(?P<fence>```+|~~~+) *(?P<language>[\w.-]*)")
_PLACEHOLDER = re.compile(r"<([\w ./-]+)>")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_OPERATORS = frozenset({"|", "||", "&&", ";", "&", "(", ")", "|&"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page, as a reader would paste it."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"

    @property
    def filled(self) -> str:
        """The command with its `<placeholders>` as plain words."""
        return _PLACEHOLDER.sub(_as_word, self.text)

    @property
    def simple(self) -> list[list[str]]:
        """The simple commands of a pipeline or list, as words; redirections and leading assignments are left out."""
        lexer = shlex.shlex(self.filled, posix=True, punctuation_chars=True)
        lexer.whitespace_split, lexer.commenters = True, "#"
        found: list[list[str]] = [[]]
        skip = False
        for token in lexer:
            if token in _OPERATORS:
                found.append([])
            elif set(token) <= set("<>&"):
                skip = True
            elif skip:
                skip = False
            elif found[-1] or not re.match(r"[A-Za-z_]\w*=", token):
                found[-1].append(token)
        return [words for words in found if words]


def _as_word(match: re.Match[str]) -> str:
    return re.sub(r"\W+", "-", match[1]).strip("-")


@cache
def pages() -> tuple[str, ...]:
    """Every Markdown page of the project, by its path; the document that the steps follow is not ours."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = {n for n in listed.stdout.splitlines() if (ROOT / n).is_file()}
    return tuple(sorted(n for n in names if not n.startswith("tests/document/")))


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yields each fenced block: its language, the number of its first line, its lines."""
    fence, language, start, held = "", "", 0, []
    for number, line in enumerate(text_of(page).splitlines(), 1):
        opened = _FENCE.match(line)
        if not fence and opened:
            fence, language, start, held = opened["fence"], opened["language"], number + 1, []
        elif fence and line.strip() == fence:
            yield language, start, held
            fence = ""
        elif fence:
            held.append(line)
    assert not fence, f"{page} ends inside a fenced block"


def commands(page: str) -> Iterator[Command]:
    """Yields the commands of the page's shell blocks; lines that go on are one command."""
    for language, start, lines in blocks(page):
        if language not in _SHELLS:
            continue
        held, first = "", start
        for number, line in enumerate(lines, start):
            held, first = (f"{held}\n{line}", first) if held else (line.strip(), number)
            if not held or held.startswith("#"):
                held = ""
            elif not _goes_on(held):
                yield Command(page, first, held.removeprefix("$ "))
                held = ""
        assert not held, f"{page}:{first}: a command that does not end: {held}"


def _goes_on(text: str) -> bool:
    heredoc = re.search(r"<<-?\s*'?(\w+)'?", text)
    if heredoc and not re.search(rf"^{heredoc[1]}$", text, re.MULTILINE):
        return True
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return True
    return text.endswith("\\") or (bool(words) and words[-1] in ("|", "&&", "||"))


def spans(page: str) -> Iterator[Command]:
    """Yields the commands of this project that stand in the running text."""
    fenced = {n for _, start, lines in blocks(page) for n in range(start, start + len(lines))}
    for number, line in enumerate(text_of(page).splitlines(), 1):
        if number not in fenced:
            for span in _SPAN.findall(line):
                if re.match(r"(runbook|make) [^=…]*$", span):
                    yield Command(page, number, span)
