"""Numbers in sentences (pure)."""


def how_many(count: int, one: str, more: str) -> str:
    """`1 person has`, `12 people have`, `0 people have`."""
    return f"{count} {one if count == 1 else more}"
