"""Where the files that travel with the code are: beside pyproject.toml in a checkout, inside the package when installed."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """The folder `templates`, `static` or `seed_data`. A checkout's own comes before what an installation copied."""
    checkout = _PACKAGE.parent
    return checkout / name if (checkout / "pyproject.toml").is_file() else _PACKAGE / "_bundle" / name
