"""Data inside a page, for machines: never run, and never able to end the element that it stands in."""

import json
from typing import Any

from markupsafe import Markup

# As escapes of JSON: without < there is neither </script> nor <!--; the line ends trouble old readers of JavaScript.
_ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"})


def data_block(value: Any) -> Markup:
    """JSON to stand in <script type="application/ld+json">."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))  # noqa: S704 - escaped just here
