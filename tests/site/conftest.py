"""Both programmes, as the calendar tests have them; and the small event of the console's tests, for what somebody has there."""

from tests.calendars.conftest import house, programme_file
from tests.console.conftest import console

__all__ = ["console", "house", "programme_file"]
