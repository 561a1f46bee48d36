"""`runbook explain`: what a pull error means, without a cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click


@click.command()
@click.argument("words", nargs=-1, metavar="[TEXT]")
@click.option("--file", "file", default="", help="Read the text from a file; - for standard input.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    help="How to read and print.",
)
def explain(words: tuple[str, ...], file: str, form: str) -> int | None:
    """Say what a pull error means; needs no cluster.

    Takes the text from its arguments, a file, or standard input: a message, the
    output of `oc describe pod`, or with --format jsonl a JSON object with a
    `message` on each line.

    \b
    runbook explain 'failed to fetch anonymous token: 401 Unauthorized'
    oc describe pod web | runbook explain
    """
    if form == "jsonl":
        return _lines(file)
    text = _text(words, file)
    from runbook_lib.model.pull_error import parse
    from runbook_lib.model.pull_error.explain import explain as meaning_of
    from runbook_lib.model.pull_error.explain import to_json
    from runbook_lib.model.pull_error.find import find_messages

    errors = [parse(message) for message in find_messages(text) or [text]]
    if form == "json":
        import json

        click.echo(_scrubbed(json.dumps([to_json(e) for e in errors], indent=2, ensure_ascii=False)))
        return None
    for number, error in enumerate(errors):
        if number:
            click.echo()
        meaning = meaning_of(error)
        _print(f"{error.kind.value}: {meaning.meaning}")
        _print(meaning.does_not_tell)
        click.echo("Look next:")
        for place in meaning.look_next:
            _print(place, "- ")
    return None


def _scrubbed(text: str) -> str:
    from runbook_lib.vault import vault

    return vault().scrub(text)


def _print(text: str, mark: str = "") -> None:
    import textwrap

    clean = "".join(c if c.isprintable() else " " for c in _scrubbed(text))
    click.echo(textwrap.fill(clean, 80, initial_indent=mark, subsequent_indent=" " * len(mark)))


def _open(file: str) -> Iterator[str]:
    """Yields the lines of a file or of standard input; broken bytes become question marks."""
    from runbook_lib.model.problem import BadInput

    if file in ("", "-"):
        yield from (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)
        return
    try:
        with Path(file).open("rb") as stream:
            yield from (raw.decode("utf-8", "replace") for raw in stream)
    except OSError as refused:
        raise BadInput(f"{file} cannot be read ({refused.strerror}).", "Name a text file with --file.") from None


def _text(words: tuple[str, ...], file: str) -> str:
    from runbook_lib.model.problem import BadInput

    if words and words != ("-",):
        if file:
            raise BadInput("A text is given and a file too.", "Give one of them.")
        return " ".join(words)
    if not file and words != ("-",) and sys.stdin.isatty():
        raise BadInput("There is no text to explain.", "Give it as an argument, with --file, or on standard input.")
    text = "".join(_open(file))
    if not text.strip():
        raise BadInput("The text is empty.", "Give the error's text, or the output of `oc describe pod`.")
    return text


def _lines(file: str) -> int:
    """Answers each JSON line with one JSON line, in order; a line that is none of ours is answered as `other`."""
    import msgspec

    from runbook_lib.model.pull_error import parse
    from runbook_lib.model.pull_error.explain import to_json

    bad = 0
    for line in _open(file):
        if not line.strip():
            continue
        try:
            decoded = msgspec.json.decode(line)
            message = decoded["message"]
            if not isinstance(message, str):
                raise TypeError
        except (msgspec.DecodeError, TypeError, KeyError, RecursionError):
            bad += 1
            message = ""
        sys.stdout.write(_scrubbed(msgspec.json.encode(to_json(parse(message))).decode()) + "\n")
    if bad:
        click.echo(f"{bad} lines hold no JSON object with a text `message`; each was answered as other.", err=True)
    return 2 if bad else 0
