"""What a registry's 401 asks for: the WWW-Authenticate header, read leniently.

Sources: RFC 9110 (11.6.1) and the distribution project's token specification. IBM's registry has been seen to
send its values without quotes, which Go clients cannot read; both forms are taken here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_LONGEST = 8192  # characters of the header that are looked at
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?=\s|,|$)")
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?!=)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_BARE = re.compile(r"[^\s,]*")
_SEPARATORS = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to log in: its scheme in lower case, its parameters under lower-case names."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """Returns a parameter, or an empty string."""
        return self.parameters.get(name, "")


def parse_challenges(header: str) -> tuple[Challenge, ...]:
    """Returns the challenges of one WWW-Authenticate header (several headers joined by commas), in its order.

    Never raises: what cannot be read is passed over. A bare value ends at a comma; what then follows without
    `name=` belongs to it, since `scope=repository:a/b:pull,push` is sent like that.
    """
    text = header[:_LONGEST]
    found: list[tuple[str, dict[str, str]]] = []
    position, last = _after_separators(text, 0), ""
    while position < len(text):
        name = _NAME.match(text, position)
        if name and found:
            last = name[1].lower()
            value, position = _value(text, name.end())
            found[-1][1].setdefault(last, value)
        elif scheme := _scheme(text, position, opening=not found):
            found.append((scheme.lower(), {}))
            last, position = "", position + len(scheme)
        else:
            value, position = _value(text, position)
            position += not value  # always forward
            if last and value and text[position - 1] != '"':
                found[-1][1][last] += f",{value}"
        position = _after_separators(text, position)
    return tuple(Challenge(scheme, parameters) for scheme, parameters in found)


def choose(challenges: tuple[Challenge, ...]) -> Challenge | None:
    """Returns the challenge to answer: the first Bearer, else the first Basic, as containerd prefers them."""
    for scheme in ("bearer", "basic"):
        for challenge in challenges:
            if challenge.scheme == scheme:
                return challenge
    return None


def _scheme(text: str, position: int, *, opening: bool) -> str:
    """A scheme opens the header, is well known, or stands before `name=`; else it is a bare value's rest."""
    word = _SCHEME.match(text, position)
    if not word:
        return ""
    follows_name = _NAME.match(text, _after_separators(text, word.end())) and text[word.end() : word.end() + 1] != ","
    known = word[0].lower() in ("bearer", "basic", "digest", "negotiate", "ntlm")
    return word[0] if opening or follows_name or known else ""


def _value(text: str, position: int) -> tuple[str, int]:
    if quoted := _QUOTED.match(text, position):
        return re.sub(r"\\(.)", r"\1", quoted[1]), quoted.end()
    bare = _BARE.match(text, position)
    return (bare[0], bare.end()) if bare else ("", position)


def _after_separators(text: str, position: int) -> int:
    match = _SEPARATORS.match(text, position)
    return match.end() if match else position
