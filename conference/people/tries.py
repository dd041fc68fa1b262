"""How often a password may be tried: for one account, and from one network. A try is counted before it is looked at, so none slips through.

An account that nobody has is counted like any other; whoever is kept out still gets in by the mailed link.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, delete, select

from conference.errors import TooMany
from conference.people.rules import email_key, token_hash
from conference.people.tables import PasswordTry
from conference.storage.database import Db
from conference.storage.ids import first_id_at

WINDOW = timedelta(minutes=15)
FOR_ACCOUNT = 8
FROM_NETWORK = 60
TOO_OFTEN = "Too many passwords were tried. Wait 15 minutes, or use the link by mail: it works at once."


async def take_try(db: Db, secret: str, email: str, address: str, real_now: datetime) -> UUID:
    """Count one more. Raises TooMany. `address` is the network address that the request came from."""
    account, network = account_key(secret, email), network_of(address)
    connection = await db.connection()
    if connection.dialect.name == "postgresql":  # those who try at the same moment take turns
        for key in sorted((account, network)):
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    since = col(PasswordTry.id) >= first_id_at(real_now - WINDOW)
    counted = select(func.count()).select_from(PasswordTry).where(since)
    if (await db.exec(counted.where(PasswordTry.account == account))).one() >= FOR_ACCOUNT:
        raise TooMany(TOO_OFTEN)
    if (await db.exec(counted.where(PasswordTry.network == network))).one() >= FROM_NETWORK:
        raise TooMany(TOO_OFTEN)
    row = PasswordTry(account=account, network=network)
    db.add(row)
    await db.flush()
    return row.id


async def forget_try(db: Db, try_id: UUID) -> None:
    """It was the right one."""
    await db.exec(delete(PasswordTry).where(col(PasswordTry.id) == try_id))


async def forget_tries(db: Db, secret: str, email: str) -> None:
    """The account has another password: what was tried before says nothing about it."""
    await db.exec(delete(PasswordTry).where(col(PasswordTry.account) == account_key(secret, email)))


def account_key(secret: str, email: str) -> str:
    """The address as the table knows it: nobody reads from there who tried, or was tried."""
    return token_hash(f"{secret}|password|{email_key(email)}")


def network_of(address: str) -> str:
    """Neighbours count as one: 256 addresses of IPv4, a site's of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 6 and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False))
