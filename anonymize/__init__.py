"""Destroying faces, people and plates, and proving which pictures passed.

Usable alone: ``voirie anonymize INPUT --out OUT``, or

    sealer = Sealer()
    safe = sealer.seal(raw)            # RawFrame -> SafeFrame, or an error
    CertificateWriter(folder, sealer.settings).store(safe, "a.jpg")
"""

from anonymize.certificate import Certificate, Entry, certified_bytes, reopen
from anonymize.certificate_writer import CertificateWriter
from anonymize.encode import encode, save
from anonymize.mask import Mask
from anonymize.safeframe import PublicFrame, Readable, SafeFrame, public
from anonymize.sealer import Sealer, SealerSettings

__all__ = [
    "Certificate",
    "CertificateWriter",
    "Entry",
    "Mask",
    "SealerSettings",
    "PublicFrame",
    "Readable",
    "SafeFrame",
    "Sealer",
    "certified_bytes",
    "encode",
    "public",
    "reopen",
    "save",
]
