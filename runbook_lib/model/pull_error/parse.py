"""Reads any message about a failed pull, layer by layer, down to its innermost words.

The order is the order of this package: plain text, several errors apart, names out, wrappers off, words
weighed.
No regular expression here can backtrack and every search is a plain one, so the time grows with the text
alone.
"""

from __future__ import annotations

from dataclasses import replace

from .attempts import most_telling, sent_in_all, split_attempts, without_rivals
from .clean import clean, lowered
from .evidence import Evidence, gather
from .judge import Reading, judge
from .layers import peel
from .lexicon import LEXICON
from .names import host_of_image, read_names
from .subject import find_host, find_image
from .summary import summarize
from .value import Detail, Kind, PullError

_LONGEST_WORDS = 400
_JSON_MESSAGE = ('"message":"', '"message": "')
_SHORTEST_TAIL = 6
_NO_REGISTRY = (Detail.NOT_A_PULL, Detail.RUNTIME_UNREACHABLE)
_AFTER = ('" image="', '" pod="', '" err="', '" logger=', '", "', "', '", '"}', " (after reconnecting")


def parse(text: str) -> PullError:
    """Gives what a message says; never raises, and reads only both ends of a text longer than 128 KiB.

    A text that tells nothing, or something else than a failed pull, comes back as ``Kind.OTHER``.
    """
    plain = clean(text)
    error = _parse(plain.text, truncated=plain.truncated)
    if error.kind is Kind.OTHER and plain.broken and error.detail is None:
        again = _parse(clean(text, join="").text, truncated=plain.truncated)
        if again.kind is not Kind.OTHER:
            return again
    return error


def _parse(text: str, *, truncated: bool, nested: bool = False, completed: bool = False) -> PullError:
    low = lowered(text)
    if "; artifact err: " in low or "(mirrors also failed" in low:
        text, dropped = without_rivals(text, low)
        low = lowered(text)
    else:
        dropped = ()
    if not nested and "[" in text:
        several = split_attempts(text, low)
        if several is not None:
            return _joined(low, several[0], several[1], truncated)
    names = read_names(text, low)
    image = find_image(text, low, names)
    host = find_host(low, names)
    evidence = gather(names, image, host)
    reading = judge(evidence)
    verdict = reading.verdict
    if verdict.kind is Kind.OTHER and verdict.detail is None and not (evidence.found or completed):
        whole = _completed(text, low)
        if whole is not None:
            return _parse(whole, truncated=True, nested=nested, completed=True)
    return _error(text, evidence, reading, dropped, truncated, host)


def _error(
    text: str,
    evidence: Evidence,
    reading: Reading,
    dropped: tuple[str, ...],
    truncated: bool,
    host: str | None,
) -> PullError:
    verdict = reading.verdict
    summary = summarize(
        verdict.kind,
        verdict.detail,
        verdict.phase,
        reading.sent,
        evidence.status,
        evidence.registry,
        host,
        evidence.image,
    )
    layers = dict.fromkeys(layer.wrapper.name for layer in evidence.layers)
    return PullError(
        kind=verdict.kind,
        also=verdict.also,
        phase=verdict.phase,
        registry=None if verdict.detail in _NO_REGISTRY and evidence.image is None else evidence.registry,
        image=evidence.image,
        status=evidence.status,
        code=reading.code,
        credential_sent=reading.sent,
        runtime=reading.runtime,
        says=_says(text, evidence, reading),
        summary=summary,
        layers=(*layers, *dropped),
        attempts=(),
        truncated=truncated,
        detail=verdict.detail,
        host=host,
    )


def _says(text: str, evidence: Evidence, reading: Reading) -> str:
    """The innermost words begin after the last wrapper, or address, that stands before the telling ones."""
    start = 0
    if not evidence.found and evidence.status is None and evidence.layers:
        return _bare(text[evidence.layers[-1].start :][:_LONGEST_WORDS])
    for layer in evidence.layers:
        if layer.inner <= reading.start:
            start = max(start, layer.inner)
    for address in evidence.names.addresses:
        if start < address.end <= reading.start + 1 and text.startswith((": ", '": '), address.end):
            start = text.index(": ", address.end) + 2
    if '"message"' in text:
        for key in _JSON_MESSAGE:
            found = text.rfind(key, start, reading.start)
            start = max(start, found + len(key) if found >= 0 else 0)
    says = text[start : start + _LONGEST_WORDS]
    if '"' in says or "(after" in says:
        for mark in _AFTER:
            end = says.find(mark, max(0, reading.start - start))
            if end > 0:
                says = says[:end]
    return _bare(says)


def _bare(words: str) -> str:
    """Strips blanks, and quotes that have lost their other half."""
    words = words.strip(" \\-")
    for quote in "\"'":
        while quote in words and words.count(quote) % 2:
            stripped = words.removeprefix(quote).lstrip() if words[0] == quote else words.removesuffix(quote).rstrip()
            if stripped == words:
                break
            words = stripped
    return words


def _joined(low: str, before: str, parts: list[str], truncated: bool) -> PullError:
    attempts = tuple(_parse(part, truncated=False, nested=True) for part in parts)
    speaker = most_telling(attempts)
    names = read_names(before, low[: len(before)])
    image = find_image(before, low[: len(before)], names) or speaker.image
    registry = host_of_image(image) if image else speaker.registry
    rivals = (*speaker.also, *(attempt.kind for attempt in attempts if attempt.kind is not Kind.OTHER))
    sent = sent_in_all(attempts)
    outer = dict.fromkeys(layer.wrapper.name for layer in peel(names.text))
    summary = summarize(
        speaker.kind, speaker.detail, speaker.phase, sent, speaker.status, registry, speaker.host, image
    )
    return replace(
        speaker,
        also=tuple(dict.fromkeys(kind for kind in rivals if kind is not speaker.kind)),
        registry=registry,
        image=image,
        credential_sent=sent,
        summary=f"{summary[:-1]}, after {len(attempts)} attempts.",
        layers=tuple(dict.fromkeys((*outer, "kubelet:attempts", *speaker.layers))),
        attempts=attempts,
        truncated=truncated,
    )


def _completed(text: str, low: str) -> str | None:
    """Ends a message that was cut amid known words, where all that could follow agree on the kind."""
    tail = low.rstrip(" .\"'").rpartition(": ")[2].lstrip()
    if len(tail) < _SHORTEST_TAIL or len(tail) > 60:
        return None
    whole = [(phrase, meaning.kind) for phrase, meaning in LEXICON.phrases.items() if phrase.startswith(tail)]
    if not whole or len({kind for _, kind in whole}) != 1:
        return None
    cut = low.rfind(tail)
    return text[:cut] + whole[0][0]
