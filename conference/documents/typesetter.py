"""One document: a request as JSON on standard input, a PDF on standard output. A process of its own (conference.documents.render).

It stands on nothing of the house, so that it starts in a moment; typst keeps Python's lock while it works, and here nobody waits for it.
"""

import json
import sys

import typst


def main() -> None:
    asked = json.load(sys.stdin)
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=True, font_paths=[asked["fonts"]])
    given = {"facts": json.dumps(asked["facts"])}
    made = typst.compile(asked["template"], root=asked["root"], font_paths=fonts, sys_inputs=given, format="pdf")
    sys.stdout.buffer.write(made if isinstance(made, bytes) else b"".join(made or []))


if __name__ == "__main__":
    main()
