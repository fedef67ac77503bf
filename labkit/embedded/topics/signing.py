"""The signature in a notification's envelope, with a key and a certificate of this process's own.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

SIGNED = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")  # as far as they are there
VALID_FOR = timedelta(days=3650)  # more than anybody moves the clock


class Signer:
    """One key pair. It is made when it is first used, which takes a tenth of a second."""

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def certificate(self) -> bytes:
        """In PEM, for whoever wants to verify a signature."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + VALID_FOR)
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    @cached_property
    def file_name(self) -> str:
        """The last part of the envelope's SigningCertURL."""
        digest = hashes.Hash(hashes.SHA256())
        digest.update(self.certificate)
        return f"SimpleNotificationService-{digest.finalize().hex()[:32]}.pem"

    def sign(self, notification: Mapping[str, str], version: str) -> str:
        """The signature of an envelope's fields; version 1 is made with SHA-1, version 2 with SHA-256."""
        text = "".join(f"{field}\n{notification[field]}\n" for field in SIGNED if field in notification)
        algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = self._key.sign(text.encode("utf-8", "surrogatepass"), padding.PKCS1v15(), algorithm)
        return base64.b64encode(signature).decode()


@cache
def signer() -> Signer:
    """The signer of this process."""
    return Signer()
