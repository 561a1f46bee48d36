"""Credentials that nobody registered, told by their shape or by the words before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from runbook_lib.vault.encodings import searchable
from runbook_lib.vault.fields import (
    CREDENTIAL_HEADERS,
    FIELD_LABELS,
    decoded_pair,
    decoded_text,
    is_credential,
)

NOTHING = ""
"""The label of a piece of text in which a rule has looked and found no credential."""


class Found(NamedTuple):
    """A piece of text that looks like a credential: offsets in characters, and the label for its name."""

    start: int
    end: int
    label: str


class Place(NamedTuple):
    """Where a word stands that can introduce a credential, in lower case."""

    start: int
    end: int
    word: str


def search_shapes(text: str) -> Iterator[Found]:
    """Yields what looks like a credential: IBM API keys, JWTs, authorization headers, credential fields.

    One automaton finds the words that can introduce a credential; each rule then looks at that place only,
    so that a long report costs one pass and not one pass per rule.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose lower case is longer: keep the offsets
        lowered = "".join(c.lower() if c.isascii() else c for c in text)
    done: dict[Rule, int] = {}  # how far each rule has looked, so that hostile text costs no second look
    for index, start, end in _AUTOMATON.find_matches_as_indexes(searchable(lowered), overlapping=True):
        at = Place(start, end, _WORDS[index])
        for rule in _RULES[at.word]:
            if at.start >= done.get(rule, 0):
                for found in rule(text, at):
                    done[rule] = found.end
                    if found.label != NOTHING:
                        yield found


_QUOTE = r"""\\*["']|&quot;|&\#34;|&\#39;|&\#x27;|%22"""
_FIELD = re.compile(
    rf"(?:{_QUOTE})(?:\s|%20)*(?::|%3A)(?:\s|%20)*(?:b(?='))?(?P<quote>{_QUOTE})"
    r"(?P<value>[^\r\n]*?)(?:(?<!\\)(?P=quote)|(?=[\r\n])|\Z)",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(?:=|%3D| )(?P<value>[^\s&\"'<>;,«{}$\\()]{8,})", re.IGNORECASE)
_OPTION = re.compile(r"--[\w-]*\Z")
_IDENTIFIER = re.compile(r"[a-z]+(?:[._][a-z]+)+\Z|(?:password|token|api_?key)\Z")  # code in a traceback
_CODE = re.compile(r",\Z|\A(?:str|bytes|Secret)\Z|\A[a-z]+(?:[._][a-z]+)+\Z")
_LINE_START = re.compile(r"^[ \t-]*[^\s:#|]*\Z", re.MULTILINE)
_YAML_LINE = re.compile(r"[\"']?:[ \t]++(?P<value>[^\s\"'«|>{\[&*!%][^\s]*+)[ \t]*+(?=[\r\n]|\Z)")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{8,}+\.(?:ey[A-Za-z0-9_-]{8,}+|\.)(?:\.[A-Za-z0-9_-]*+)*+")
_JWT_PART = re.compile(r"[A-Za-z0-9_-]*+")
_NEXT = r"(?:\r?\n|\\n)[ \t]*+"
_BASE64_RUN = re.compile(
    rf"[A-Za-z0-9+/]{{20,}}+(?:{_NEXT}[A-Za-z0-9+/]{{20,}}+)*+(?:{_NEXT}[A-Za-z0-9+/]++(?==|\s|\Z))?+={{0,2}}"
)
_CONTINUED = re.compile(r"[A-Za-z0-9+/]{20}(?:\r?\n|\\n)[ \t]*\Z")
_JSON_START = ("eyJ", "eyAi", "ewo", "ew0K")  # base64 of an object's first characters
_IBM_KEY = re.compile(
    r"(?<![A-Za-z0-9_-])(?=[a-z0-9_-]*[A-Z])(?=[A-Z0-9_-]*[a-z])(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{44}(?![\w-])"
)
_TOKEN68 = re.compile(r"\s+(?P<value>[A-Za-z0-9._~+/-]{16,}=*)(?![\w=])")
_HEADER = re.compile(
    r"(?:\\*[\"'])?\s*[:,]\s*(?:\\*[\"'])?(?P<scheme>(?:basic|bearer)\s+)?(?P<value>[^\s\"'\\«,;<>&]{8,}=*)",
    re.IGNORECASE,
)
_USERINFO = re.compile(
    r"[^\s/@:\"'<>«]*:(?P<value>[^\s/@\"'<>«]+)@|(?P<token>[^\s/@:\"'<>«]{20,})@",
)
_PEM = re.compile(
    r"-----begin [a-z0-9 ]*private key-----.*?(?:-----end [a-z0-9 ]*private key-----|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_PAYLOAD_WORD = re.compile(
    r'"(?:auth|password|identitytoken|registrytoken|apikey)"\s*:\s*"[^"]',
    re.IGNORECASE,
)
_WINDOW = 200  # characters after a word such as "password" in which a bare IBM API key is one


def _field(text: str, at: Place) -> Iterator[Found]:
    match = _FIELD.match(text, at.end)
    if match and is_credential(at.word, match["value"]):
        yield Found(*match.span("value"), FIELD_LABELS[at.word])


def _assignment(text: str, at: Place) -> Iterator[Found]:
    match = _ASSIGNED.match(text, at.end)
    if match is None or _IDENTIFIER.match(match["value"]) or not is_credential(at.word, match["value"]):
        return
    if text[at.end] != " " or _OPTION.search(text, max(0, at.start - 30), at.start):
        yield Found(*match.span("value"), FIELD_LABELS[at.word])


def _yaml_line(text: str, at: Place) -> Iterator[Found]:
    if not _LINE_START.search(text, max(0, at.start - _WINDOW), at.start):
        return
    match = _YAML_LINE.match(text, at.end)
    if match and not _CODE.search(match["value"]) and is_credential(at.word, match["value"]):
        yield Found(*match.span("value"), FIELD_LABELS[at.word])


def _ibm_key(text: str, at: Place) -> Iterator[Found]:
    line_end = text.find("\n", at.end, at.end + _WINDOW)
    end = line_end if line_end >= 0 else min(at.end + _WINDOW, len(text))
    for match in _IBM_KEY.finditer(text, at.end, end):
        yield Found(*match.span(), "key")
    yield Found(at.start, min(end, at.end + _WINDOW // 3), NOTHING)


def _jwt(text: str, at: Place) -> Iterator[Found]:
    match = _JWT.match(text, at.start)
    if match:
        yield Found(*match.span(), "token")
    elif part := _JWT_PART.match(text, at.start):
        yield Found(*part.span(), NOTHING)


def _payload(text: str, at: Place) -> Iterator[Found]:
    before = text[max(0, at.start - 60) : at.start]
    inside = before[-1:].isalnum() and not before.endswith("\\n")
    if inside or not text.startswith(_JSON_START, at.start) or _CONTINUED.search(before):
        return
    match = _BASE64_RUN.match(text, at.start)
    if match is None:
        return
    decoded = decoded_text(re.sub(r"\\n|\s", "", match.group()).rstrip("="))
    shown = decoded is not None and _PAYLOAD_WORD.search(decoded)
    yield Found(*match.span(), "credential" if shown else NOTHING)


def _basic(text: str, at: Place) -> Iterator[Found]:
    match = _TOKEN68.match(text, at.end)
    if match and decoded_pair(match["value"]):
        yield Found(*match.span("value"), "credential")


def _bearer(text: str, at: Place) -> Iterator[Found]:
    match = _TOKEN68.match(text, at.end)
    if match and len(match["value"]) >= 20:
        yield Found(*match.span("value"), "token")


def _header(text: str, at: Place) -> Iterator[Found]:
    match = _HEADER.match(text, at.end)
    if match is None:
        return
    value = match["value"]  # "authorization: insufficient_scope" is a registry's answer, not a header
    strong = len(value) >= 16 and any(c.isdigit() for c in value)
    named = "authorization" not in at.word and ":" in text[at.end : match.start("value")]
    if match["scheme"] or strong or named:
        yield Found(*match.span("value"), "credential")


def _userinfo(text: str, at: Place) -> Iterator[Found]:
    match = _USERINFO.match(text, at.end)
    if match:
        yield Found(*match.span("value" if match["value"] else "token"), "password")


def _pem(text: str, at: Place) -> Iterator[Found]:
    match = _PEM.match(text, at.start)
    if match:
        yield Found(*match.span(), "key")


Rule = Callable[[str, Place], Iterator[Found]]
_FIELD_RULES: tuple[Rule, ...] = (_field, _assignment, _yaml_line)
_RULES: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(FIELD_LABELS, _FIELD_RULES),
    "eyj": (_jwt, _payload),
    **dict.fromkeys(("eyai", "ewo", "ew0k"), (_payload,)),
    "basic": (_basic,),
    "bearer": (_bearer,),
    **dict.fromkeys(CREDENTIAL_HEADERS, (_header,)),
    "://": (_userinfo,),
    "-----begin": (_pem,),
}
for _word in ("password", "passwd", "token", "secret", "credential", "key"):
    _RULES[_word] = (*_RULES.get(_word, ()), _ibm_key)
_WORDS = tuple(_RULES)
_AUTOMATON = AhoCorasick(list(_WORDS))
