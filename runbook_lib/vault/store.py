"""The vault: every credential that was read, and how it is kept out of text."""

from __future__ import annotations

import base64
import re
import threading
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple, NoReturn

from runbook_lib.vault.encodings import MINIMUM, Form, forms, searchable
from runbook_lib.vault.fields import WELL_KNOWN_USERNAMES, field_label, header_credential, is_credential
from runbook_lib.vault.last_scan import hidden_leaks, unescape
from runbook_lib.vault.matcher import Matcher, search
from runbook_lib.vault.payload import credentials_in, secret_values
from runbook_lib.vault.secret import Secret
from runbook_lib.vault.shapes import search_shapes
from runbook_lib.vault.spans import Span, blanked, merged, replaced

_LABEL = re.compile(r"[a-z][a-z ]{0,23}\Z")
_MARKS = (
    re.compile(r"«([a-z][a-z ]{0,23} #\d+)»"),
    re.compile(r"u00ab([a-z][a-z ]{0,23} #\d+)\\+u00bb"),  # in JSON that is all ASCII
)
_PASSES = 6
_NAME_LENGTH = 200
_MOST_CLEAN = 20_000


class Leak(NamedTuple):
    """A credential that a text shows: what it is (never its value), how it is spelled, where (characters)."""

    label: str
    encoding: str
    offset: int
    length: int = 0


class Vault:
    """Holds the credentials of a run and replaces them in text by stable names such as «key #2».

    Values are registered at the moment they are read, before anything else can go wrong with them; every
    output passes through `scrub`, and `findings` is the last look at what is about to leave. All methods may
    be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._secrets: dict[str, Secret] = {}
        self._counts: Counter[str] = Counter()
        self._matcher = Matcher()
        self._watched: set[str] = set()
        self._plain = Matcher()
        self._clean: set[str] = set()  # short texts that show nothing of what is watched now

    def register(self, value: str | bytes, label: str = "credential") -> Secret:
        """Takes a credential in and returns the object to carry it in; the same value gives the same object.

        A value of fewer than 8 characters, and a username such as `iamapikey`, gets its masked object but is
        not looked for in text. Raises ValueError for a label that is not a few lower-case words.
        """
        if not _LABEL.match(label):
            raise ValueError("a label is one to 24 lower-case letters and spaces")
        text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
        with self._lock:
            secret = self._named(text, label)
            self._watch(text, secret.name)
        return secret

    def register_pair(self, username: str, password: str, label: str = "password") -> Secret:
        """Takes a login in: the password, and base64 of `username:password` as it travels in headers."""
        secret = self.register(password, label)
        if password:
            with self._lock:
                self._watch(_base64(f"{username}:{password}"), secret.name)
        return secret

    def register_payload(self, payload: str | bytes, label: str = "credential") -> Secret:
        """Takes a secret's payload in: as a whole, and each credential inside it by itself.

        A JSON payload without a credential inside, such as `{"auths":{}}`, is not looked for as a whole.
        """
        text = payload.decode("utf-8", "surrogateescape") if isinstance(payload, bytes) else payload
        inside = list(credentials_in(text))
        for found in inside:
            if found.username is None:
                self.register(found.value, found.label)
            else:
                self.register_pair(found.username, found.value, found.label)
        with self._lock:
            whole = self._named(text, label)
            if inside or not text.lstrip().startswith(("{", "[")):
                self._watch(text, whole.name)
        return whole

    def register_secret(self, manifest: Mapping[str, object]) -> tuple[Secret, ...]:
        """Takes in the values of a Kubernetes Secret, also those in its last-applied annotation.

        Keys whose values open nothing (`namespace`, `ca.crt`, `username`, `registry`, …) are left readable.
        """
        return tuple(
            self.register_payload(payload, field_label(key) or "credential") for key, payload in secret_values(manifest)
        )

    def scrub(self, text: str) -> str:
        """Replaces every credential in `text` by its name; text without one comes back as it is.

        It repeats until nothing changes, since a replacement can bring two pieces together.
        """
        if text in self._clean:
            return text
        given, watched = text, len(self._watched)
        for _ in range(_PASSES):
            spans = self._spans(text)
            if not spans:
                break
            text = replaced(text, spans)
        if text is given and len(text) <= _NAME_LENGTH:
            self._remember_clean(text, watched)
        return text

    def scrub_bytes(self, data: bytes) -> bytes:
        """As `scrub`, for UTF-8; bytes that are not UTF-8 stay as they are."""
        text = data.decode("utf-8", "surrogateescape")
        scrubbed = self.scrub(text)
        return data if scrubbed is text else scrubbed.encode("utf-8", "surrogateescape")

    def scrub_json(self, value: Any) -> Any:
        """As `scrub`, for a tree of plain values: keys too, and fields such as `password` by their name."""
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, bytes):
            return self.scrub_bytes(value)
        if isinstance(value, Secret):
            return str(value)
        if isinstance(value, Mapping):
            return self._scrub_mapping(value)
        if isinstance(value, (list, tuple, set, frozenset)):
            items = [self.scrub_json(item) for item in value]
            return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
        return value

    def findings(self, text: str) -> list[Leak]:
        """What `text` still shows, in order of place; empty is the only answer with which it may leave.

        It also decodes what it finds encoded (base64, escapes, lines wrapped in the middle of a value), so it
        recognises spellings that `scrub` cannot write a name into.
        """
        leaks = [Leak(s.name, s.encoding, s.start, s.end - s.start) for s in self._spans(text)]
        with self._lock:
            plain = self._plain.automata()
        text = blanked(text, self._marks(text))
        leaks += [
            Leak(s.name, s.encoding, s.start, s.end - s.start) for s in hidden_leaks(text, partial(search, plain))
        ]
        return sorted(set(leaks), key=lambda leak: (leak.offset, -leak.length))

    def names(self) -> tuple[str, ...]:
        """The redaction names given so far, in the order in which they were given; never a value."""
        with self._lock:
            return tuple(secret.name for secret in self._secrets.values())

    def __repr__(self) -> str:
        return f"<Vault of {len(self._secrets)} credentials>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Vault stays in its process")

    def _named(self, value: str, label: str) -> Secret:
        secret = self._secrets.get(value)
        if secret is None:
            self._counts[label] += 1
            secret = self._secrets[value] = Secret(value, f"{label} #{self._counts[label]}")
        return secret

    def _remember_clean(self, text: str, watched: int) -> None:
        with self._lock:
            if len(self._watched) == watched and len(self._clean) < _MOST_CLEAN:
                self._clean.add(text)

    def _watch(self, value: str, name: str) -> None:
        if len(value.strip()) < MINIMUM or value.strip().lower() in WELL_KNOWN_USERNAMES:
            return
        for text in {value, value.strip()} - self._watched:
            self._watched.add(text)
            self._clean.clear()
            plain = {searchable(text), searchable(unescape(text))}
            self._plain.add([Form(form, "raw") for form in plain if len(form) >= MINIMUM], name)
            self._matcher.add(forms(text), name)

    def _spans(self, text: str) -> list[Span]:
        """Disjoint pieces to replace, in order; overlapping ones are named by the longest registered."""
        with self._lock:
            automata = self._matcher.automata()
        spans = search(automata, text)
        for shape in search_shapes(text):
            with self._lock:
                name = self._named(text[shape.start : shape.end], shape.label).name
            spans.append(Span(shape.start, shape.end, name, "shape"))
        if not spans:
            return spans
        marks = self._marks(text)
        return merged(span for span in spans if not any(a <= span.start and span.end <= b for a, b in marks))

    def _marks(self, text: str) -> list[tuple[int, int]]:
        known = set(self.names())
        return [mark.span() for form in _MARKS for mark in form.finditer(text) if mark[1] in known]

    def _scrub_mapping(self, value: Mapping[Any, Any]) -> dict[Any, Any]:
        scrubbed: dict[Any, Any] = {}
        for key, item in value.items():
            name = self.scrub(key) if isinstance(key, str) else key
            while name in scrubbed and name != key:
                name = f"{name}'"
            if isinstance(key, str) and isinstance(item, str):
                item = self._scrub_field(key, item)
            scrubbed[name] = self.scrub_json(item)
        return scrubbed

    def _scrub_field(self, key: str, value: str) -> str:
        """Masks the value of a field or header that holds a credential by its name, however it looks."""
        label, credential = field_label(key), header_credential(key, value)
        if credential is None:
            if label is None or not is_credential(key, value):
                return value
            credential = value
        with self._lock:
            return value.replace(credential, str(self._named(credential, label or "credential")))


def _base64(text: str) -> str:
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that no byte stands for, as JSON can write it
        raw = text.encode("utf-8", "surrogatepass")
    return base64.b64encode(raw).decode()
