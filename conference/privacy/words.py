"""What is kept, in words: one source for the pages, for the retention sweep and for docs/personal-data.md (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conference.storage.personal import Kept, Purpose

WITH_ACCOUNT = "With the account, at most 3 years after they were last here"
BASES: Mapping[Purpose, str] = {
    Purpose.account: "Needed for what they asked for: taking part (contract)",
    Purpose.taking_part: "Needed for what they asked for: taking part (contract)",
    Purpose.applying: "Needed to choose fairly among those who ask for it (contract), and to justify the choice (legitimate interest)",
    Purpose.speaking: "Agreed with the speaker (contract)",
    Purpose.live: "Needed to run the sessions (legitimate interest)",
    Purpose.mail: "Needed for what they asked for: taking part (contract)",
    Purpose.calendars: "Asked for by themselves (consent)",
    Purpose.safety: "Keeping accounts and records safe (legitimate interest)",
    Purpose.consent: "Showing that they agreed (legal obligation)",
    Purpose.rights: "Answering within the time that the law sets (legal obligation)",
}


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One kind of data, as a person reads of it."""

    what: str
    seen_by: str
    until: tuple[str, ...]
    erased: str


def lines_by_purpose(kept: Iterable[Kept]) -> dict[Purpose, list[KeptLine]]:
    found: dict[Purpose, list[KeptLine]] = {purpose: [] for purpose in Purpose}
    for one in kept:
        found[one.purpose].append(KeptLine(one.what, one.seen_by, until_words(one), erased_words(one)))
    return {purpose: lines for purpose, lines in found.items() if lines}


def until_words(kept: Kept) -> tuple[str, ...]:
    purges = tuple(rule.words for rule in kept.purges)
    whole = any(rule.sets is None for rule in kept.purges)
    return purges if whole and not kept.stays else (*purges, kept.stays or WITH_ACCOUNT)


def erased_words(kept: Kept) -> str:
    """What is left of it once somebody is erased."""
    if kept.by_hand:
        return BY_HAND[kept.name]
    if not kept.whose and not kept.via and not kept.addresses:
        return "The act stays; the account that it leads to is empty"
    if kept.erased is None:
        return "Removed"
    return "Stays counted, without a name"


def as_markdown(kept: Iterable[Kept]) -> str:
    """The tables of docs/personal-data.md."""
    parts = []
    for purpose, lines in lines_by_purpose(kept).items():
        rows = [f"| {line.what} | {line.seen_by} | {'; '.join(line.until)} | {line.erased} |" for line in lines]
        head = ["| What | Who sees it | Until | Once somebody is erased |", "| --- | --- | --- | --- |"]
        parts.append("\n".join([f"## {purpose.words}", "", f"{BASES[purpose]}.", "", *head, *rows]))
    return "\n\n".join(parts) + "\n"


BY_HAND: Mapping[str, str] = {
    "submission": "Withdrawn where it was not decided; an empty line stays counted, without a name",
    "submission_version": "An empty line stays counted, without a name; names and addresses in others’ answers are taken out",
    "submission_file": "Removed, with the files",
    "person": "An empty row stays: what was done is still counted, by nobody",
    "password_try": "Holds no address; gone within a day",
    "audit_entry": "Act, time and ids stay; names and addresses go out of the details",
    "idempotency_key": "Removed",
    "group_registration": "Places without a person go back; what has one stays, and the institution’s name goes",
    "place_invitation": "Name and address go; open offers of their own place end",
    "code_try": "Holds only a hash; gone within a day",
    "invoice": "Stays as it was made: accounts must be kept",
    "event_sender": "The address is taken out: answers go to the house",
    "queued_mail": "Removed, with the files; in mails to others their name is taken out",
    "notice": "Removed; in notices to others their name is taken out",
    "speaker": "Unlinked; what a published programme names is for its organisers to take out, who are asked",
    "speaker_profile": "Removed, with the photo",
    "speaker_invitation": "Address and words removed",
    "speaker_time": "Removed",
    "talk_proposal": "Removed",
    "talk_resource": "Removed, with the files",
    "question": "Stays as asked by “A delegate”, or goes too, as they choose",
    "chat_message": "Stays as written by “A delegate”, or goes too, as they choose",
    "help_request": "Stays counted, without name and words",
    "silence": "Stays counted, without name and reason",
    "stage_event": "Told anew, without them",
}
