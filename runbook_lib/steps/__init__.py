"""The 23 steps of the document, in its order: pure functions from readings to findings."""

from runbook_lib.model.wiring import Step
from runbook_lib.steps import api_key, image_pull, registry_token

SECTIONS: dict[str, tuple[Step, ...]] = {
    "image-pull": image_pull.STEPS,
    "api-key": api_key.STEPS,
    "token": registry_token.STEPS,
}
ALL_STEPS: tuple[Step, ...] = tuple(step for steps in SECTIONS.values() for step in steps)

__all__ = ["ALL_STEPS", "SECTIONS"]
