"""The catalogue of causes, and the diagnosis that asks every one of them."""

from runbook_lib.causes.catalogue import CATALOGUE
from runbook_lib.causes.diagnosing import diagnose

__all__ = ["CATALOGUE", "diagnose"]
