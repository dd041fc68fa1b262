"""One document: a request as JSON on standard input, a PDF on standard output. A process of its own (conference.documents.render).

It stands on nothing of the house, so that it starts in a moment; typst keeps Python's lock while it works, and here nobody waits for it.
"""

import json
import sys
from datetime import datetime
from typing import Any

import typst

STANDARD = "ua-1"  # PDF/UA-1 (ISO 14289-1): typst refuses what breaks it


def main() -> None:
    asked = json.load(sys.stdin)
    try:
        made = compiled(asked, pdf_standards=STANDARD)
    except typst.TypstError as refused:
        if "PDF/UA" not in str(refused):
            raise
        made = compiled(asked)  # a sign that no font has: tagged all the same, and better than no document
    sys.stdout.buffer.write(made if isinstance(made, bytes) else b"".join(made or []))


def compiled(asked: dict[str, Any], **how: Any) -> Any:
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[asked["fonts"]])
    given = {"facts": json.dumps(asked["facts"])}
    if asked["made_at"]:
        # The same facts at the same instant: the same bytes.
        how["timestamp"] = datetime.fromisoformat(asked["made_at"]).replace(microsecond=0)
    return typst.compile(asked["template"], root=asked["root"], font_paths=fonts, sys_inputs=given, format="pdf", **how)


if __name__ == "__main__":
    main()
