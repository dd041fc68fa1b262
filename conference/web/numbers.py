"""Numbers in addresses: no longer than any that a database takes. A longer one is the address of nothing."""

from starlette.convertors import IntegerConvertor, register_url_convertor


class NumberConvertor(IntegerConvertor):
    """`{number:int}`: so short that it fits into 32 bits."""

    regex = "[0-9]{1,9}"


def take_short_numbers() -> None:
    """From now on, for every route that is made."""
    register_url_convertor("int", NumberConvertor())
