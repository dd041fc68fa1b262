"""Money, codes and texts of papers."""

import secrets

from conference.attendance.tickets import read_code
from conference.papers.rules import code_of, money, paragraphs_of, without_vat


def test_the_fee_of_the_week_is_split_to_the_penny() -> None:
    net = without_vat(2_300_00, 20)
    assert (money(net), money(2_300_00 - net)) == ("£1,916.67", "£383.33")


def test_net_and_vat_always_add_up_and_are_never_more_than_half_a_penny_off() -> None:
    for percent in (0, 5, 19, 20, 100):
        for total in range(1, 3000):
            net = without_vat(total, percent)
            assert 0 <= net <= total
            assert abs(net * (100 + percent) - total * 100) * 2 <= 100 + percent
    assert without_vat(1234, 0) == 1234


def test_a_code_is_read_back_as_it_is_typed() -> None:
    for number in (0, 2**80 - 1, secrets.randbits(80)):
        code = code_of(number)
        assert read_code(code.lower().replace("-", " ")) == code
    assert code_of(0) == "0000-0000-0000-0000"


def test_a_value_is_filled_in_once_and_never_read_as_a_text() -> None:
    text = "Dear {name},\n\nwe offer {what}.\nIt is {unknown}, {"
    assert paragraphs_of(text, name="{what}", what="a place") == ["Dear {what},", "we offer a place. It is {unknown}, {"]
