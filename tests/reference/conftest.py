"""Hypothesis profiles of the reference tests; ``HYPOTHESIS_PROFILE=gross`` searches for an hour instead of seconds.

The profiles are used by name (``PROFIL``), not loaded: other tests keep Hypothesis' own settings.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW_ON_PURPOSE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "klein", max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW_ON_PURPOSE
)
settings.register_profile(
    "gross", max_examples=5000, deadline=None, print_blob=True, suppress_health_check=_SLOW_ON_PURPOSE
)
PROFIL = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "klein"))
