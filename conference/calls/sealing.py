"""What a passport says, sealed by a key made of the house's secret: whoever has only the database can't read it."""

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from conference.errors import Conflict

PASSPORT = b"passport details, version 1"
Details = dict[str, str]


def seal(secret: str, details: Details) -> str:
    return _lock(secret).encrypt(json.dumps(details).encode()).decode()


def unseal(secret: str, sealed: str) -> Details:
    """Raises Conflict where it was sealed with another secret."""
    try:
        details: Details = json.loads(_lock(secret).decrypt(sealed.encode()))
    except InvalidToken as other:
        raise Conflict("These details can’t be read any more: the house’s secret has changed since. Please ask for them again.") from other
    return details


def _lock(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PASSPORT).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
