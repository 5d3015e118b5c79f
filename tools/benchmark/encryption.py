"""The certificates of the TLS loads, on P-256."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .processes import LoadFailed

NAMES = "DNS:bench.example,DNS:bulk.bench.example,DNS:localhost,IP:127.0.0.1"
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


@dataclass(frozen=True)
class Encryption:
    """How a load is encrypted, the same way on both sides of a proxy."""

    # As xmppload has it: direct or starttls.
    kind: str
    authority: Path
    certificate: Path
    key: Path

    def together(self) -> Path:
        """Certificate and key in one file, as HAProxy wants it."""
        return self.certificate.with_suffix(".pem")


def make_encryption(folder: Path, kind: str) -> Encryption:
    """A new CA and a certificate of the sink's for one run."""
    if shutil.which("openssl") is None:
        raise LoadFailed("openssl is missing (Debian: apt-get install openssl)")
    made = Encryption(kind, folder / "ca.crt", folder / "sink.crt", folder / "sink.key")
    authority_key = folder / "ca.key"
    openssl("-keyout", authority_key, "-out", made.authority, "-subj", "/CN=stanzatap bench CA")
    openssl("-keyout", made.key, "-out", made.certificate, "-subj", "/CN=bench.example",
            "-addext", f"subjectAltName={NAMES}", "-addext", "basicConstraints=critical,CA:FALSE",
            "-CA", made.authority, "-CAkey", authority_key)
    made.together().write_bytes(made.certificate.read_bytes() + made.key.read_bytes())
    return made


def openssl(*arguments: str | Path) -> None:
    """Makes a key and its certificate."""
    command = ["openssl", "req", "-x509", *NEW_KEY, "-days", "2", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LoadFailed(f"openssl req failed: {done.stderr[-400:].strip()}")
