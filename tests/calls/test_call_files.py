"""A call is a file: what is wrong in it is named with its place, and the files that come with the house say what was published."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.calls.call_file import CallFile, typed_call, typed_definition
from conference.calls.definition import Definition
from conference.calls.showing import fee_words
from conference.calls.tables import CallKind, CallState
from conference.calls.toml_text import toml_of
from conference.errors import BadSettings, Invalid
from conference.files import folder
from conference.seed_calls import read_calls
from conference.seed_format import read_seed
from tests.calls.cast import DEFINITION
from tests.seed.test_seed_format import changed

SEED = folder("seed_data")
SMALL = """
slug = "small"
kind = "bursary"
state = "open"
title = "A small call"
zone = "Pacific/Auckland"
deadline = 2021-02-05T01:00:00
results_by = 2021-03-01
summary = "S."
purpose = "P."
who_may = "Everybody."
who_may_why = "Nobody is left out."
[[parts]]
key = "all"
title = "All of it"
[[parts.questions]]
key = "why"
label = "Why"
kind = "long_text"
words = 50
[[parts.questions]]
key = "country"
label = "Where"
kind = "country"
fact = { title = "Abroad", rule = "not_country", values = ["GB"] }
[[criteria]]
key = "good"
title = "Good"
[letters]
received = "We have it, {name}."
accepted = "Yes."
reserve = "Perhaps."
rejected = "No."
"""
SLIPS = [
    ('kind = "long_text"', 'kind = "essay"', "parts[0].questions[0].kind: “essay” can't be used: it must be one of 'short_text', "),
    ("words = 50", "word = 50", "parts[0].questions[0].word: `word` is not a key that is known here; did you mean “words”?"),
    ("words = 50", 'options = ["a"]', "parts[0].questions[0]: “why”: options belong to a choice, and a choice needs them."),
    ('key = "country"', 'key = "why"', "The question “why” is there twice."),
    ('key = "good"', 'key = "Good one"', "criteria[0].key: “Good one” can't be used: it must be small letters, digits and underscores"),
    ('values = ["GB"]', "value = 3", "parts[0].questions[1].fact: “Abroad”: the rule not_country has `values`, and nothing else."),
    ("not_country", "one_of", "parts[0].questions[1]: “country”: the rule one_of is about another kind of answer (choice)."),
    ("{name}", "{nam}", "letters: the letter “received” has {nam}, and nothing is known by that name: name, title, reference,"),
    ("deadline = 2021-02-05T01:00:00", "", "A call that opens needs a deadline."),
    ('[[criteria]]\nkey = "good"\ntitle = "Good"', "", "A call that opens needs criteria."),
    ("2021-03-01", "2021-02-04", "Results can’t come before the deadline. Choose a later day."),
    ("2021-02-05T01:00:00", "2021-09-26T02:30:00", "02:30 on Sunday 26 September 2021 does not happen in Auckland: the clocks go forward"),
    ("Pacific/Auckland", "NZDT", "zone: “NZDT” can't be used: it must be an IANA time zone, such as Africa/Nairobi"),
    ('slug = "small"', 'slug = "new"', "The slug `new` is an address of the house: choose another."),
    (
        "summary",
        "summery",
        "summary: this key is missing. Add it.\nsummery: `summery` is not a key that is known here;",
    ),
    ('title = "Good"', "title = Good", "line 28, column 9: this is not TOML: invalid value. Look at this line and the one before it;"),
    ('"S."', '"S\\u0000"', "summary: “S\ufffd” can't be used: it must be without control characters; only tabs and new lines are taken."),
]
PLAIN = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t\"\\'"), max_size=60)


@pytest.mark.parametrize(("was", "wrote", "said"), SLIPS, ids=[wrote[:30] or was[:30] for was, wrote, _ in SLIPS])
def test_a_slip_is_named_with_its_place_and_remedy(was: str, wrote: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        typed_call(changed(SMALL, was, wrote))
    assert refused.value.sentence[: len(said)] == said


def test_every_fault_of_a_text_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        typed_definition("summary = 3\npanel = { blind = 7 }\n")
    assert [line.partition(":")[0] for line in refused.value.sentence.splitlines()] == [
        "summary",
        "purpose",
        "who_may",
        "who_may_why",
        "panel.blind",
    ]


def test_a_wall_time_is_read_on_the_calls_own_clock() -> None:
    assert typed_call(SMALL).plan().deadline_at == datetime(2021, 2, 4, 12, tzinfo=UTC)


@given(PLAIN, st.lists(PLAIN, max_size=3))
def test_what_organisers_are_given_to_edit_reads_back_as_it_was(words: str, readings: list[str]) -> None:
    definition = Definition.model_validate(DEFINITION | {"purpose": words, "readings": readings})
    assert typed_definition(toml_of(definition)) == definition


def shipped() -> dict[str, CallFile]:
    return {call.slug: call for call in read_calls(SEED, read_seed(SEED))}


def test_the_files_of_the_house_are_whole_and_read_back() -> None:
    calls = shipped()
    assert {slug: (call.kind, call.state) for slug, call in calls.items()} == {
        "building-bridges": (CallKind.grant, CallState.decided),
        "illp-2025": (CallKind.place, CallState.open),
        "peer-mentoring": (CallKind.mentoring, CallState.open),
        "travel-bursaries": (CallKind.bursary, CallState.open),
        "travelling-librarian-award": (CallKind.award, CallState.suspended),
        "wi-2021-proposals": (CallKind.proposal, CallState.open),
    }
    assert [typed_definition(toml_of(call.definition())) == call.definition() for call in calls.values()] == [True] * len(calls)


def test_the_leaders_programme_asks_and_promises_what_was_published() -> None:
    call = shipped()["illp-2025"]
    plan, after = call.plan(), call.after
    assert (plan.deadline_at, plan.results_by, plan.places) == (datetime(2025, 2, 6, 12, tzinfo=UTC), date(2025, 3, 28), 23)
    assert [part.title for part in call.parts] == ["Part I: Personal Details", "Part II: Professional and Personal Interests"]
    assert (len(call.criteria), call.panel.blind, call.panel.independent_at_least) == (5, True, 1)
    assert after.fee
    assert fee_words(after.fee).startswith("£2,300 including 20 % VAT (£1,916.67 + £383.33). It includes")
    assert (after.invitation_letter, after.certificate, call.award) == (True, True, None)


def test_grants_have_limits_and_partners_and_bursaries_have_no_amounts() -> None:
    calls = shipped()
    grants, bursaries = calls["building-bridges"], calls["travel-bursaries"]
    assert grants.award
    assert (grants.award.least_pence, grants.award.most_pence) == (700_000, 2_000_000)
    assert [(one.session, len(one.partners)) for one in grants.funded] == [
        ("project-oxfordshire-bergen", 1),
        ("project-redbridge-kerala", 2),
        ("project-barnet-copenhagen", 1),
        ("project-oldham-germany", 3),
    ]
    assert (bursaries.award, bursaries.budget_pence, bursaries.event) == (None, None, None)
    assert "£" not in (SEED / "calls" / "travel-bursaries.toml").read_text(encoding="utf-8")


def test_a_file_that_names_nothing_is_refused_with_what_there_is(tmp_path: Path) -> None:
    copy = tmp_path / "seed"
    shutil.copytree(SEED, copy)
    text = (copy / "calls" / "building-bridges.toml").read_text(encoding="utf-8")
    (copy / "calls" / "building-bridges.toml").write_text(text.replace("project-barnet-copenhagen", "project-barnet"), encoding="utf-8")
    (copy / "calls" / "smal.toml").write_text(changed(SMALL, 'kind = "bursary"', 'kind = "bursary"\nevent = "wi-2020"'), encoding="utf-8")
    with pytest.raises(BadSettings) as refused:
        read_calls(copy, read_seed(copy))
    assert str(refused.value).splitlines() == [
        "seed/calls/building-bridges.toml: funded[2].session: there is no session “project-barnet” at the call's event; "
        "did you mean “project-barnet-copenhagen”?",
        "seed/calls/smal.toml: slug: “small” is not this file's name. Call the file small.toml, or change the slug.",
        "seed/calls/smal.toml: event: there is no event “wi-2020”; did you mean “wi-2021”?",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "results_by = 9999-12-31",
        "deadline = 9999-12-31T23:59:59-12:00",
        "opens = 0001-01-01T00:00:00+12:00",
        "budget_pence = 99999999999",
        "keep_days = 999999999",
        "several_each = 1000000000",
        "after.answer_days = 999999999",
        "panel.reviews_due_days = 999999999",
        "after.fee = {total_pence = 99999999999, vat_percent = 20}",
        'criteria = [{key = "x", title = "X", highest = 1000000000}]',
        'parts = [{key = "p", title = "P", questions = [{key = "q", label = "Q", kind = "partner", many = true, most = 1000000000}]}]',
    ],
)
def test_numbers_and_days_that_nothing_could_be_done_with_are_faults_of_the_text(line: str) -> None:
    whole = (
        'slug = "x"\nkind = "place"\ntitle = "X"\nzone = "Europe/London"\nsummary = "x"\npurpose = "x"\nwho_may = "x"\nwho_may_why = "x"\n'
    )
    assert typed_call(whole).slug == "x"
    with pytest.raises(Invalid):
        typed_call(whole + line)
