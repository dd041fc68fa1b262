"""A house with speakers in it, as the speakers' tests have it."""

from tests.speaking.conftest import any_house, house

__all__ = ["any_house", "house"]
