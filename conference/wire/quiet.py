"""One line in the log, instead of a traceback, for what a stranger's socket can bring about at will."""

import logging
from asyncio import CancelledError


class OneLine(logging.Filter):
    """uvicorn logs two things with their traceback: a text frame that isn't UTF-8 (the client is told by close code 1007), and what a stop
    broke off because somebody would not read its answer.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], (UnicodeDecodeError, CancelledError)):
            record.exc_info, record.exc_text = None, None
            record.levelno, record.levelname = logging.INFO, "INFO"
        return True


def quieten() -> None:
    """Call it once the server's log is set up; again does no harm."""
    server = logging.getLogger("uvicorn.error")
    if not any(isinstance(known, OneLine) for known in server.filters):
        server.addFilter(OneLine())
