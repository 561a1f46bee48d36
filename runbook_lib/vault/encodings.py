"""The forms in which one credential can turn up in a text."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

MINIMUM = 8
"""Values of fewer characters are never looked for: a password `problem` would eat a report."""

_DEEP = 4096  # characters; longer values are looked for plain, escaped once and in base64 only
_MOST_FORMS = 1000  # of one value; only values made of nothing but special characters come near
_NEVER_ESCAPED = re.compile(r"[A-Za-z0-9_.~-]*\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Form(NamedTuple):
    """One spelling of a value; `lead` and `tail` count neighbours that carry some of its bits."""

    text: str
    encoding: str
    lead: int = 0
    tail: int = 0


def forms(value: str) -> list[Form]:
    """Lists the distinct spellings of `value` that are long enough to be looked for.

    Escapes are applied up to twice over, because a manifest inside an annotation inside a JSON document is
    escaped once per level. Base64 is taken at three alignments, since a credential may stand anywhere
    inside a longer payload, and once more on top of itself: a pull secret is base64 within base64.
    """
    if len(value) < MINIMUM:
        return []
    found: dict[str, Form] = {}
    for form in _all_forms(value):
        text = searchable(form.text)
        if len(text.replace("\ufffd", "")) >= MINIMUM and len(found) < _MOST_FORMS:
            found.setdefault(text, form._replace(text=text))
    return list(found.values())


def searchable(text: str) -> str:
    """Replaces lone surrogates, which the automaton cannot take, by U+FFFD; offsets stay as they are."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def _all_forms(value: str) -> Iterator[Form]:
    raw = value.encode("utf-8", "surrogateescape" if _from_bytes(value) else "surrogatepass")
    plain = [Form(value, "raw")]
    escaped = _escaped(plain)
    yield from plain
    yield from escaped
    yield Form(raw.hex(), "hex")
    yield Form(raw.hex().upper(), "hex")
    if not raw.isascii():
        yield Form(repr(raw)[2:-1], "repr")
        yield Form(raw.decode("latin-1"), "raw")
        yield Form(raw.decode("utf-8", "replace"), "raw")
    payloads = [raw, *(f.text.encode("utf-8", "surrogatepass") for f in escaped if f.encoding == "json")]
    once = [core for payload in dict.fromkeys(payloads) for core in _base64_cores(payload, "base64")]
    yield from once
    if len(value) <= _DEEP:
        yield from _quoted(once)
        for core in once:
            yield from _base64_cores(core.text.encode(), "base64 twice")
        yield from _escaped(escaped)


def _from_bytes(value: str) -> bool:
    try:
        value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _escaped(start: Iterable[Form]) -> list[Form]:
    """What each escape makes of each form that it changes."""
    made: dict[str, Form] = {}
    for form in start:
        if _NEVER_ESCAPED.match(form.text):
            continue
        for encoding, escape in _ESCAPES:
            text = escape(form.text)
            if text != form.text:
                made.setdefault(text, Form(text, encoding))
    return list(made.values())


def _json(text: str, ascii_only: bool = True) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _json_html_safe(text: str, ascii_only: bool = False) -> str:
    """As Go's encoder writes it, and with it every manifest that passed through a Kubernetes client."""
    escaped = _json(text, ascii_only)
    for character in "<>&\u2028\u2029":
        escaped = escaped.replace(character, f"\\u{ord(character):04x}")
    return escaped


def _repr_both_quotes(text: str) -> str:
    return repr('"' + text)[2:-1]


def _percent_lower(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda m: m.group().lower(), _quote(text))


def _quote(text: str, safe: str = "") -> str:
    return quote(text, safe=safe, errors="surrogateescape" if _from_bytes(text) else "surrogatepass")


def _quote_plus(text: str) -> str:
    return quote_plus(text, errors="surrogateescape" if _from_bytes(text) else "surrogatepass")


_ESCAPES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("json", _json),
    ("json", lambda t: _json(t, ascii_only=False)),
    ("json", _json_html_safe),
    ("json", lambda t: _json_html_safe(t, ascii_only=True)),
    ("json", lambda t: _json_html_safe(t, ascii_only=True).replace("'", "\\u0027")),  # Jinja's tojson
    ("json", lambda t: _json(t, ascii_only=False).replace("/", "\\/")),
    ("html", html.escape),
    ("html", lambda t: html.escape(t, quote=False)),
    ("html", lambda t: html.escape(t).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")),  # Jinja, Go
    ("html", lambda t: html.escape(t).replace("&#x27;", "&#39;")),
    ("html", lambda t: html.escape(t, quote=False).replace('"', "&quot;")),
    ("html", lambda t: html.escape(t).encode("ascii", "xmlcharrefreplace").decode()),
    ("url", _quote),
    ("url", lambda t: _quote(t, safe="/")),
    ("url", lambda t: _quote(t, safe="!$&'()*+,;=:@/")),
    ("url", _quote_plus),
    ("url", _percent_lower),
    ("repr", lambda t: repr(t)[1:-1]),
    ("repr", _repr_both_quotes),
    ("repr", lambda t: ascii(t)[1:-1]),
    ("shell", lambda t: t.replace("'", "'\"'\"'")),
    ("yaml", lambda t: t.replace("'", "''")),
)


def _base64_cores(payload: bytes, encoding: str) -> Iterator[Form]:
    """The characters of base64 that depend on nothing but `payload`, after 0, 1 and 2 bytes before it."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + payload).decode().rstrip("=")
        start = (0, 2, 3)[before]
        partial = (before + len(payload)) % 3 != 0
        core = text[start : len(text) - partial]
        form = Form(core, encoding, lead=1 if before else 0, tail=1 if partial else 0)
        yield form
        if "+" in core or "/" in core:
            yield form._replace(text=core.replace("+", "-").replace("/", "_"))


def _quoted(cores: Iterable[Form]) -> Iterator[Form]:
    for form in cores:
        if "+" in form.text or "/" in form.text:
            upper = quote(form.text, safe="")
            for text in (upper, _percent_lower(form.text), quote(form.text, safe="/")):
                yield form._replace(text=text)
            yield form._replace(text=form.text.replace("/", "\\/"))
