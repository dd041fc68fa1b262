"""Countries and their names, for whoever lets people choose one."""

from babel import Locale

_TERRITORIES = Locale("en").territories
COUNTRIES: tuple[tuple[str, str], ...] = tuple(
    sorted(
        (
            (code, name)
            for code, name in _TERRITORIES.items()
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
        ),
        key=lambda pair: pair[1],
    )
)
COUNTRY_NAMES = dict(COUNTRIES)
