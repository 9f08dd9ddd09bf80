"""What lies encrypted in the database: the secrets of authenticator apps, the seeds of recovery
codes, and answers of the API that are kept to be repeated.

AES-256-GCM with a key that HKDF-SHA-256 derives from the secret key of the installation, which lies in its home and in
no backup. Each text names its key, so that the key can be changed: what an older one (`SECRET_KEY_FALLBACKS`) has
sealed is still opened, and sealed with the new one by `plenum key finish`.
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

SIGN = "sealed1"
"""How every sealed text begins; another number for another way of sealing."""
PURPOSE = b"plenum.access.sealed 1"
NONCE = 12
NAME = 4


class CannotOpen(ValueError):
    """The text was sealed with a key that is not here, or is not as it was sealed."""


def seal(text: str) -> str:
    """The text as it may be kept."""
    name, key = _derived(settings.SECRET_KEY)
    nonce = os.urandom(NONCE)
    closed = AESGCM(key).encrypt(nonce, text.encode(), SIGN.encode())
    return ":".join((SIGN, name, base64.urlsafe_b64encode(nonce + closed).decode()))


def opened(text: str) -> str:
    """What was sealed; a text from before anything was sealed is given as it is. Raises CannotOpen."""
    if not is_sealed(text):
        return text
    _sign, name, kept = text.split(":", 2)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        known, key = _derived(secret)
        if known == name:
            try:
                raw = base64.urlsafe_b64decode(kept)
                return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], SIGN.encode()).decode()
            except (InvalidTag, binascii.Error, ValueError) as error:
                raise CannotOpen from error
    raise CannotOpen


def is_sealed(text: str) -> bool:
    """Whether a text was sealed, by whatever key."""
    return text.startswith(f"{SIGN}:") and text.count(":") == 2


def is_current(text: str) -> bool:
    """Whether a text was sealed with the key that seals now."""
    return text.startswith(f"{SIGN}:{_derived(settings.SECRET_KEY)[0]}:")


def _derived(secret: str) -> tuple[str, bytes]:
    """The name and the key that follow from a secret of the installation."""
    made = HKDF(algorithm=SHA256(), length=NAME + 32, salt=None, info=PURPOSE).derive(secret.encode())
    return made[:NAME].hex(), made[NAME:]
