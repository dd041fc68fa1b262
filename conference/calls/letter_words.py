"""The letters of a call: its own texts, with a few facts filled in as plain data (pure)."""

from conference.calls.definition import Definition, Letters

PLAIN = Letters(
    received="Thank you: what you sent to {title} has arrived. Its reference is {reference}.",
    accepted="We are glad to tell you that your submission {reference} to {title} was successful.",
    reserve="Your submission {reference} to {title} is on the reserve list. We write to you if its turn comes.",
    rejected="Thank you for your submission {reference} to {title}. We are sorry to tell you that it was not successful this time.",
)


def letters_of(definition: Definition) -> Letters:
    """The call's own, or plain ones."""
    return definition.letters or PLAIN
