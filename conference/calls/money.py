"""How money reads (pure). Everywhere it is integer pence."""


def pounds(pence: int) -> str:
    """`£7,000`, `£1,916.67`"""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")
