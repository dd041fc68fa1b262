"""What is said to whoever gave a command, and which acts are in the audit trail (pure)."""

from conference.live import happenings as happened
from conference.live.happenings import Happening
from conference.live.poll_tables import PollState

SHOWN = "Your question is on the stage."
SAID: dict[type, str] = {
    happened.Asked: "Your question waits for a moderator. You will see here what becomes of it.",
    happened.Upvoted: "Your vote counts.",
    happened.Withdrawn: "Your question is withdrawn.",
    happened.AnswerWritten: "Your answer is shown with the question.",
    happened.Approved: "The question is on the stage.",
    happened.Dismissed: "The question was dismissed; its author is told why.",
    happened.Answered: "The question is marked as answered.",
    happened.Archived: "The question is archived: it stays readable on the session's page.",
    happened.Merged: "The questions are merged: their votes are one.",
    happened.Held: "The question is yours for a minute.",
    happened.Undone: "The last act is undone.",
    happened.PollDrafted: "The poll is drafted: open it when you want answers.",
    happened.BallotCast: "Your answer counts. You can change it while the poll is open.",
    happened.Said: "Your message is in the chat.",
    happened.MessageShown: "The message is in the chat.",
    happened.MessageDeleted: "The message is deleted.",
    happened.Reacted: "",
    happened.Captioned: "",
    happened.CueGiven: "The speakers see your cue.",
    happened.HelpAsked: "The organisers have your message and see to it. You will read here what was done.",
    happened.HelpResolved: "The person who asked reads what was done.",
    happened.Silenced: "They may not write until then, and are told why.",
    happened.SilenceLifted: "They may write again.",
}
STAGE_SET = {
    "pinned": "The question is pinned: it is being answered now.",
    "unpinned": "Nothing is pinned.",
    "set": "The stage's settings are changed.",
}
POLLS = {
    PollState.open: "The poll is open.",
    PollState.closed: "The poll is closed: everybody sees the results.",
    PollState.archived: "The poll is archived.",
}
HELD_BACK = "A moderator looks at your message first."

AUDITED: dict[type, str] = {
    happened.Withdrawn: "question withdrawn",
    happened.AnswerWritten: "question answered in writing",
    happened.Approved: "question approved",
    happened.Dismissed: "question dismissed",
    happened.Answered: "question answered",
    happened.Archived: "question archived",
    happened.Merged: "question merged",
    happened.Undone: "question act undone",
    happened.PollDrafted: "poll drafted",
    happened.PollMoved: "poll moved",
    happened.MessageShown: "message shown",
    happened.MessageDeleted: "message deleted",
    happened.StageSet: "stage set",
    happened.CueGiven: "cue given",
    happened.HelpResolved: "help resolved",
    happened.Silenced: "silence begun",
    happened.SilenceLifted: "silence lifted",
}


def said_of(happening: Happening) -> str:
    """A sentence for the person who brought it about."""
    match happening:
        case happened.Asked(question) if question.approved_at:
            return SHOWN
        case happened.PollMoved(poll):
            return POLLS[poll.state]
        case happened.Said(message) if not message.shown_at:
            return HELD_BACK
        case happened.StageSet(what=what):
            return STAGE_SET[what]
        case _:
            return SAID[type(happening)]
