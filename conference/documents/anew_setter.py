"""Sets a PDF's pages anew: path, title and the most pages as arguments, a PDF on standard output. A process of its own (anew.py).

It stands on nothing of the house. What a broken or wicked file does here ends with the process, which may use no more than 2 GB.
"""

import contextlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

import typst

with contextlib.suppress(ImportError):  # not on Windows
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

NO_PDF = 3
BEYOND = 1_000_000  # no document has this page: the answer says how many it has
PAGES = """#set document(title: sys.inputs.title, date: none)
#set page(width: auto, height: auto, margin: 0pt)
#for number in range(int(sys.inputs.first), int(sys.inputs.last) + 1) { page(image("given.pdf", page: number)) }
"""


def main() -> None:
    path, title, most = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, Path(folder, "given.pdf"))
        main = Path(folder, "main.typ")
        main.write_text(PAGES)
        try:
            pages = _pages(main, folder, title)
            if not 0 < pages <= int(most):
                raise ValueError(f"{pages} pages")
            made = _set(main, folder, title, 1, pages)
        except (typst.TypstError, ValueError) as wrong:
            sys.stderr.write(str(wrong))
            sys.exit(NO_PDF)
    sys.stdout.buffer.write(made)


def _pages(main: Path, folder: str, title: str) -> int:
    try:
        _set(main, folder, title, BEYOND, BEYOND)
    except typst.TypstError as said:
        for hint in said.hints:
            if found := re.search(r"has (?:only )?(\d+) page", hint):
                return int(found[1])
        raise
    raise ValueError("no pages")


def _set(main: Path, folder: str, title: str, first: int, last: int) -> bytes:
    asked = {"title": title, "first": str(first), "last": str(last)}
    made = typst.compile(str(main), root=folder, format="pdf", sys_inputs=asked, ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


if __name__ == "__main__":
    main()
