"""Both programmes, as the calendar tests have them."""

from tests.calendars.conftest import house, programme_file

__all__ = ["house", "programme_file"]
