"""The tag list of a repository: whether it is there, and which of its tags look like the one sought.

A 404 for a manifest does not say which of the two is missing: the distribution project's own registry answers
MANIFEST_UNKNOWN for a repository that does not exist.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from difflib import get_close_matches

from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.registry_answer import Answer, RegistryAnswer
from runbook_lib.sources.registry.failure import Failure
from runbook_lib.sources.registry.refusal import words_of
from runbook_lib.sources.registry.transport import Reply
from runbook_lib.vault import vault

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_MOST_COMPARED = 2000
_MOST_CLOSE = 5
_UNKNOWN_REPOSITORY = ("NAME_UNKNOWN", "REPOSITORY_UNKNOWN")


def judge_not_found(answer: RegistryAnswer, image: ImageRef, tag_list: Reply | Failure) -> RegistryAnswer:
    """Returns a 404 answer made as exact as the tag list allows; NOT_FOUND stays where it does not say."""
    if isinstance(tag_list, Failure):
        return answer
    if tag_list.status == 404 and words_of(tag_list).code.upper() in _UNKNOWN_REPOSITORY:
        return replace(answer, answer=Answer.REPOSITORY_UNKNOWN)
    tags = _tags_in(tag_list)
    if not tags or image.wanted in tags:
        return answer
    close = () if image.digest else close_names(image.tag, tags)
    return replace(answer, answer=Answer.TAG_UNKNOWN, close_names=close)


def says_unknown_repository(answer: RegistryAnswer) -> bool:
    """True where the manifest's own 404 already names the repository as unknown."""
    return answer.code.upper() in _UNKNOWN_REPOSITORY


def close_names(wanted: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns at most five names that look like the one sought, the closest first."""
    close = get_close_matches(wanted, names[:_MOST_COMPARED], n=_MOST_CLOSE)
    return tuple(name for name in close if vault().scrub(name) == name)


def _tags_in(reply: Reply) -> tuple[str, ...]:
    try:
        document = json.loads(reply.body) if reply.ok and not reply.flaw else None
    except (ValueError, RecursionError):
        return ()
    tags = document.get("tags") if isinstance(document, dict) else None
    return tuple(t for t in tags if isinstance(t, str) and _TAG.fullmatch(t)) if isinstance(tags, list) else ()
