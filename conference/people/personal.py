"""What is kept about who somebody is. Of an erased person an empty row stays, so that what they did is still counted."""

from sqlalchemy import update
from sqlmodel import col, select

from conference.people.tables import AddressChange, Consent, MailedLink, Password, PasswordTry, Person, Role, SignIn
from conference.storage.database import Db
from conference.storage.personal import A_DELEGATE, ERASED_DOMAIN, Erasing, Kept, Purge, Purpose, Rows, Whom, empty_rows, rows_about

KEPT = (
    Kept(
        table=Person,
        what="Name, e-mail address, country, organisation, time zone, language",
        purpose=Purpose.account,
        seen_by="They, and organisers of the events that they take part in",
        whose=("id",),
        addresses=("email", "email_key"),
        names=("name",),
        words=("country", "zone", "language", "organisation"),
        others=("robot_of",),
        stays="3 years after they were last here and their last event was over",
        by_hand=True,
    ),
    Kept(
        table=SignIn,
        what="Devices that are, or were, signed in: which kind of browser, since when, on which day it was last seen",
        purpose=Purpose.safety,
        seen_by="They alone",
        words=("device",),
        secret=("token_hash",),
        purges=(Purge(days=60, since="expires_at"),),
    ),
    Kept(
        table=MailedLink,
        what="Links in mails that sign in or confirm something",
        purpose=Purpose.safety,
        seen_by="Nobody",
        names=("name",),
        plain=("next_path",),
        purges=(Purge(days=7, since="expires_at"),),
    ),
    Kept(
        table=AddressChange,
        what="A new e-mail address that waits to be confirmed",
        purpose=Purpose.account,
        seen_by="Nobody",
        addresses=("email",),
        secret=("token_hash",),
        purges=(Purge(days=7, since="expires_at"),),
    ),
    Kept(
        table=Password,
        what="A password, as a hash that nobody can turn back",
        purpose=Purpose.safety,
        seen_by="Nobody",
        secret=("hash",),
    ),
    Kept(
        table=PasswordTry,
        what="Passwords that were tried and not right: from which network, and for which account (as a hash)",
        purpose=Purpose.safety,
        seen_by="Nobody",
        whose=(),
        words=("network",),
        secret=("account",),
        purges=(Purge(days=1),),
        by_hand=True,
    ),
    Kept(
        table=Role,
        what="What they may do at an event: organise, moderate, speak, assess",
        purpose=Purpose.taking_part,
        seen_by="Organisers of the event",
        erased={},
    ),
    Kept(
        table=Consent,
        what="What they agreed to at an event, in which words, when, and when they took it back",
        purpose=Purpose.consent,
        seen_by="Organisers of the event",
    ),
)
NOBODYS: dict[type, tuple[str, ...]] = {}


async def everything_about(db: Db, whom: Whom) -> Rows:
    return await rows_about(db, KEPT, whom)


async def forget(db: Db, whom: Whom, erasing: Erasing) -> None:
    """Every way in ends, every role too; the row stays and says nothing."""
    live = (col(Role.person_id) == whom.id, col(Role.ended_at).is_(None))
    await db.exec(update(Role).where(*live).values(ended_at=erasing.real_now))
    await empty_rows(db, KEPT, whom)
    person = (await db.exec(select(Person).where(Person.id == whom.id))).one()
    person.email = person.email_key = f"{whom.id.hex}{ERASED_DOMAIN}"
    person.name, person.organisation, person.language = A_DELEGATE, "", "en"
    person.country = person.zone = person.seen_at = None
    person.erased_at = person.erased_at or erasing.real_now
    await db.flush()
