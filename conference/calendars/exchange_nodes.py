"""XML from strangers as plain nodes (pure). What declares a DTD is refused at its first line, so no entity is ever expanded or fetched."""

from dataclasses import dataclass, field
from xml.parsers import expat

from conference.programme.importing import refused

MAX_NODES = 200_000
MAX_DEPTH = 20
DECLARES = "This XML file declares a document type or entities, which schedule files don’t need. Nothing of it was read."


@dataclass(slots=True)
class Node:
    name: str
    attributes: dict[str, str]
    line: int
    parts: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def child(self, name: str) -> "Node | None":
        return next((child for child in self.children if child.name == name), None)

    def all(self, name: str) -> list["Node"]:
        return [child for child in self.children if child.name == name]

    def said(self, *path: str) -> str:
        """The text at the end of this path; empty where there is none."""
        node: Node | None = self
        for name in path:
            node = node.child(name) if node else None
        return node.text if node else ""


def nodes_of(data: bytes) -> Node:
    """The root. Raises Invalid for what is not well-formed, declares anything, or is far too deep or large."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as broken:  # ValueError, LookupError: an encoding that nobody knows
        line = getattr(broken, "lineno", reader.parser.CurrentLineNumber)
        raise refused(f"This file is not well-formed XML: it breaks off at line {line}. Export it again where it comes from.") from None
    assert reader.root
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declares
        self.parser.EntityDeclHandler = self._declares
        self.parser.StartElementHandler = self._begins
        self.parser.EndElementHandler = self._ends
        self.parser.CharacterDataHandler = self._says
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0

    def _declares(self, *_: object) -> None:
        raise refused(DECLARES)

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_NODES or len(self.open) >= MAX_DEPTH:
            raise refused("This XML file is too large or too deep for a programme, so it was not read.")
        node = Node(name.rpartition(":")[2], attributes, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(node)
        self.root = self.root or node
        self.open.append(node)

    def _ends(self, _: str) -> None:
        self.open.pop()

    def _says(self, text: str) -> None:
        self.open[-1].parts.append(text)
