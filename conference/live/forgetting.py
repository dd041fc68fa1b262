"""What stages keep about people, for how long, and who sees it."""

from conference.live.care_tables import HelpRequest, ShownName, Silence
from conference.live.green_room_tables import GreenRoomNote
from conference.live.poll_tables import Ballot, Poll
from conference.live.tables import LiveProcess, Presence, Question, Stage, StageCommand, StageEvent, Vote
from conference.live.talk_tables import Announcement, CaptionLine, ChatMessage, Cue
from conference.storage.personal import A_DELEGATE, Kept, Purge, Purpose

MODERATORS = "Moderators and organisers of the event"
KEPT = (
    Kept(
        table=Question,
        what="Questions that they asked, and their name beside them unless they asked anonymously",
        purpose=Purpose.live,
        seen_by="Everybody, once a moderator has shown it; moderators see the name always",
        others=("held_id",),
        names=("author",),
        words=("text", "held_by"),
        plain=("dismiss_reason", "written_answer", "flag", "before"),
        by_hand=True,
    ),
    Kept(table=Vote, what="Which questions they voted for", purpose=Purpose.live, seen_by="Nobody but them; all see how many", erased={}),
    Kept(
        table=Ballot,
        what="What they answered in polls",
        purpose=Purpose.live,
        seen_by="Nobody but them; all see how many",
        words=("choices",),
        erased={},
    ),
    Kept(
        table=ChatMessage,
        what="What they wrote in the chat",
        purpose=Purpose.live,
        seen_by="Everybody on that stage",
        names=("author",),
        words=("text",),
        plain=("flag",),
        purges=(Purge(days=365, sets={"author": A_DELEGATE, "text": ""}, what="Name and words"),),
        by_hand=True,
    ),
    Kept(
        table=HelpRequest,
        what="Help that they asked for, or what they reported",
        purpose=Purpose.live,
        seen_by=MODERATORS,
        names=("name",),
        words=("text", "about_text", "resolved_by", "done"),
        purges=(
            Purge(days=90, sets={"name": A_DELEGATE, "text": "", "about_text": "", "done": "", "resolved_by": ""}, what="Names and words"),
        ),
        by_hand=True,
    ),
    Kept(
        table=Silence,
        what="That a moderator asked them not to write, until when and why",
        purpose=Purpose.live,
        seen_by=MODERATORS,
        others=("moderator_id",),
        names=("name",),
        words=("reason",),
        purges=(Purge(days=365),),
        by_hand=True,
    ),
    Kept(
        table=ShownName,
        what="That the others on a stage may see their name",
        purpose=Purpose.consent,
        seen_by="Everybody who is registered for the event",
        purges=(Purge(days=365),),
    ),
    Kept(
        table=GreenRoomNote,
        what="How their name is said, how they want to be introduced, whether they agree to be recorded, words to the moderators",
        purpose=Purpose.speaking,
        seen_by=MODERATORS,
        words=("name_said", "introduction", "to_moderators"),
        purges=(Purge(days=365, sets={"name_said": "", "introduction": "", "to_moderators": ""}, what="The words"),),
    ),
    Kept(
        table=StageCommand,
        what="What they did on a stage, so that doing it twice has one effect",
        purpose=Purpose.live,
        seen_by="Nobody",
        words=("answer",),
        plain=("client_id",),
        purges=(Purge(days=30),),
    ),
    Kept(
        table=StageEvent,
        what="The log of a stage: what was asked and said, as it was told to open pages",
        purpose=Purpose.live,
        seen_by="Whoever was on that stage",
        whose=(),
        words=("body",),
        purges=(Purge(days=90),),
        by_hand=True,
    ),
    Kept(
        table=Presence,
        what="That they have a stage open at this moment",
        purpose=Purpose.live,
        seen_by="All see how many; the names of those who agreed",
        stays="While the page is open",
    ),
    Kept(
        table=Poll,
        what="Which moderator drafted a poll",
        purpose=Purpose.live,
        seen_by="Nobody",
        whose=(),
        others=("person_id",),
        plain=("prompt", "options", "tally"),
        stays="As long as the session’s page",
    ),
    Kept(
        table=Cue,
        what="Words from a moderator to the speakers",
        purpose=Purpose.live,
        seen_by="The session’s speakers, and moderators",
        others=("person_id",),
        whose=(),
        words=("text",),
        purges=(Purge(days=90),),
    ),
    Kept(
        table=Announcement,
        what="Which organiser announced something",
        purpose=Purpose.live,
        seen_by="Nobody",
        whose=(),
        others=("person_id",),
        plain=("text",),
        stays="As long as the event’s pages",
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {Stage: ("held_words", "reactions"), LiveProcess: ("guests",), CaptionLine: ("text",)}
