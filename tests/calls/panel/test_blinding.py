"""What a blind panel's texts still say, and how submissions are shared out: the pure rules."""

from collections import Counter
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from conference.calls.blinding import identity_of, redacted
from conference.calls.calibration import Mark, members_judged, points_of
from conference.calls.conflict_rules import likely_conflict
from conference.calls.definition import Criterion
from conference.calls.panel_tables import ConflictKind
from conference.calls.sharing import shared_out
from conference.people.tables import Person
from tests.calls.cast import OPENS

WHO = identity_of(
    ["Grace W. Wanjiru", "محمد الأمين", "王芳", "Bjørn Østby"],
    ["The Kenya National Library Service, Upper Hill"],
    ["g.wanjiru@knls.example"],
)
HOUSE = UUID(int=0)


def thing(name: object) -> UUID:
    return uuid5(HOUSE, str(name))


def test_a_name_is_hidden_however_it_is_written() -> None:
    texts = {
        "I am Grace Wanjiru of the Kenya National Library Service (KNLS).": "I am [hidden] of the [hidden] ([hidden]).",
        "WANJIRU's plan": "[hidden]'s plan",
        "Signed: wanjiru, Grace": "Signed: [hidden]",
        "Bjorn Ostby wrote": "[hidden] wrote",
        "zero\u200bwidth: Wan\u200bji\u00adru": "zero\u200bwidth: [hidden]",
        "decomposed: Bjørn Østby, Gra\u0301ce": "decomposed: [hidden]",
        "أنا محمد الأمين من كينيا": "أنا [hidden] من كينيا",
        "我是王芳，图书馆员": "我是[hidden]，图书馆员",
        "Upper Hill school": "[hidden] school",
        "see knls.example": "see [hidden]",
    }
    assert {text: redacted(text, WHO) for text in texts} == texts


def test_addresses_numbers_and_handles_of_anybody_are_hidden() -> None:
    text = "Mail me@anywhere.example or call +254 700 123456, see https://me.example/cv, @gracew, 0000-0002-1825-0097."
    assert redacted(text, identity_of([], [], [])) == "Mail [hidden] or call [hidden], see [hidden]."


def test_words_that_are_nobodys_name_stay() -> None:
    text = "By the grace of patience the national library service of 2015-2019 lent 100 000 books to the public."
    assert redacted(text, WHO) == text


@given(st.text(max_size=40), st.text(max_size=40), st.lists(st.text(min_size=1, max_size=20), max_size=3))
def test_no_text_and_no_name_breaks_it(before: str, after: str, names: list[str]) -> None:
    identity = identity_of([*names, "Zubaida Quarshie"], names, names)
    assert "zubaida" not in redacted(f"{before} Zubaida Quarshie {after}", identity).casefold()


def test_the_same_institution_or_house_is_offered_as_a_conflict_and_free_mail_is_not() -> None:
    def member(email: str, organisation: str = "") -> Person:
        return Person(email=email, email_key=email, name="Member", organisation=organisation, made_at=OPENS)

    assert likely_conflict(member("a@b.example", "KENYA national library service, upper hill"), WHO) is ConflictKind.same_institution
    assert likely_conflict(member("a@staff.knls.example"), WHO) is ConflictKind.same_domain
    assert likely_conflict(member("a@gmail.com"), identity_of([], [], ["b@gmail.com"])) is None
    assert likely_conflict(member("a@other.example", "Another library"), WHO) is None


@given(st.integers(0, 40), st.integers(1, 6), st.integers(1, 3), st.data())
def test_submissions_are_shared_out_evenly_and_never_to_who_has_a_conflict(count: int, people: int, each: int, data: st.DataObject) -> None:
    submissions, members = [thing(n) for n in range(count)], [thing(f"member {n}") for n in range(people)]
    every = [(submission, member) for submission in submissions for member in members]
    apart = set(data.draw(st.lists(st.sampled_from(every), max_size=30))) if every else set()
    given_out = shared_out(submissions, members, apart, each)
    assert not set(given_out) & apart
    assert len(set(given_out)) == len(given_out)
    may = {submission: sum((submission, member) not in apart for member in members) for submission in submissions}
    readers = Counter(submission for submission, _ in given_out)
    assert {one: readers[one] for one in submissions} == {one: min(each, may[one]) for one in submissions}
    load = Counter(dict.fromkeys(members, 0))
    load.update(member for _, member in given_out)
    if not apart:
        assert max(load.values()) - min(load.values()) <= 1
    for submission, heavy in given_out:  # no single reading could be moved to make it more even
        lighter = [one for one in members if (submission, one) not in apart and (submission, one) not in given_out]
        assert all(load[heavy] - load[one] < 2 for one in lighter)


def test_a_harsh_member_is_seen_beside_the_others_on_the_same_submissions() -> None:
    marks = [Mark(thing("harsh"), thing(n), 40.0 + n) for n in range(4)] + [Mark(thing("mild"), thing(n), 70.0 + n) for n in range(4)]
    marks.append(Mark(thing("new"), thing(1), 60.0))
    judged = {each.person_id: each.words for each in members_judged(marks)}
    assert judged[thing("harsh")] == "Harsher by 29 points"
    assert judged[thing("mild")] == "More lenient by 28 points"
    assert judged[thing("new")] == "Too little in common to say"


def test_weights_count_and_scales_may_begin_anywhere() -> None:
    criteria = [Criterion(key="a", title="A", lowest=1, highest=5), Criterion(key="b", title="B", highest=4, weight=3)]
    assert points_of(criteria, {"a": 5, "b": 4}) == 100
    assert points_of(criteria, {"a": 1, "b": 2}) == 37.5
    assert points_of(criteria, {"a": 3}) == 12.5
