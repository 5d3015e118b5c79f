"""Certificates for the servers, all on P-256: a good one and the ways in which one can be bad."""

import time

from common import read, run

KINDS = ["good", "expired", "wrong-name", "self-signed"]

AUTHORITY = """
[ca]
default_ca = lab
[lab]
database = {folder}/ca-index.txt
new_certs_dir = {folder}
certificate = {folder}/ca.crt
private_key = {folder}/ca.key
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
DAY = 24 * 3600


class Certificates:
    """A CA and a certificate for the domain, localhost and 127.0.0.1, or a bad one of the KINDS.

    With a self-signed certificate the CA is there too; it just has not signed anything.
    """

    def __init__(self, folder, domain, kind="good"):
        self.folder = folder
        self.ca = f"{folder}/ca.crt"
        self.certificate = f"{folder}/server.crt"
        self.key = f"{folder}/server.key"
        self.pem = f"{folder}/server.pem"
        # A certificate has an internationalised domain in its xn-- form.
        name = "other.test" if kind == "wrong-name" else domain.encode("idna").decode("ascii")
        names = f"DNS:{name}" if kind == "wrong-name" else f"DNS:{name},DNS:anon.{name},DNS:localhost,IP:127.0.0.1"
        subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName={names}"]
        run(["openssl", "req", "-x509", *NEW_KEY, "-keyout", f"{folder}/ca.key", "-out", self.ca, "-days", "2",
             "-subj", "/CN=stanzatap test CA"])
        if kind == "self-signed":
            run(["openssl", "req", "-x509", *NEW_KEY, "-keyout", self.key, "-out", self.certificate, "-days", "2",
                 *subject])
        else:
            self.sign(subject, -DAY if kind == "expired" else 2 * DAY)
        chain = "" if kind == "self-signed" else read(self.ca)
        self.chain = f"{folder}/chain.crt"
        write(self.chain, read(self.certificate) + chain)
        write(self.pem, read(self.certificate) + chain + read(self.key))

    def sign(self, subject, seconds_left):
        """Has the CA sign a new key; only `openssl ca` knows a date of expiry in the past."""
        request, settings = f"{self.folder}/server.csr", f"{self.folder}/ca.cnf"
        write(settings, AUTHORITY.format(folder=self.folder))
        write(f"{self.folder}/ca-index.txt", "")
        run(["openssl", "req", "-new", *NEW_KEY, "-keyout", self.key, "-out", request, *subject])
        run(["openssl", "ca", "-batch", "-notext", "-config", settings, "-in", request,
             "-out", self.certificate, "-startdate", moment(-3 * DAY), "-enddate", moment(seconds_left)])


def moment(seconds):
    """A time relative to now, as a certificate has it."""
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + seconds))


def write(path, text):
    """A small file."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
