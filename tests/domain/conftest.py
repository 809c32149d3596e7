"""Hypothesis without its deadline: a loaded machine is not a fault of the rules."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
