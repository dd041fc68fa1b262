"""A house with speakers in it, as the speakers' tests have it."""

from tests.speaking.conftest import house

__all__ = ["house"]
