"""What tools/peers/client knows about each client: how it is built, which TLS it has, what it cannot do."""

import os
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from common import openssl_limits

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / ".build-peers"

# GnuTLS offers 1.3 alone only if every other version is off, those of DTLS as well.
GNUTLS_DISABLED = {
    "1.2": ["tls1.3"],
    "1.3": ["ssl3.0", "tls1.0", "tls1.1", "tls1.2", "dtls0.9", "dtls1.0", "dtls1.2"],
}

# In a mount namespace of its own the client sees no CA but the given one.
OWN_STORE = 'mount -t tmpfs none "$0" && cp "$1" "$0/ca-certificates.crt" && cp "$1" "$0/ca.pem" && shift && exec "$@"'
STORE = "/etc/ssl/certs"


class BuildFailed(Exception):
    """A compiler or a library is missing."""


class CannotDo(Exception):
    """This client has no way to do what was asked for."""


@dataclass(frozen=True)
class Client:
    """One client."""

    # A script, or a source that is compiled.
    source: str
    compiler: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    # Its TLS library, if that obeys a configuration from the environment.
    library: str = ""
    # What its program is told before the options.
    first: tuple[str, ...] = ()
    # True if it knows no CA but those of the system.
    has_system_store_only: bool = False
    # True if it takes up zlib.
    compresses: bool = False
    # Options and actions that it does not have, each with a reason.
    lacks: dict[str, str] = field(default_factory=dict)

    def build(self) -> str:
        """Compiles the source if it is newer than the program; returns the program."""
        source = HERE / self.source
        if not self.compiler:
            return str(source)
        program = BUILT / source.stem
        if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
            return str(program)
        BUILT.mkdir(exist_ok=True)
        # Made aside and moved, so that two callers at once do not run half a program.
        aside = f"{program}.{os.getpid()}"
        flags = [*self.libraries, *package_flags(self.packages)]
        run([*self.compiler, "-o", aside, str(source), *flags])
        os.replace(aside, program)
        return str(program)

    def check(self, options) -> None:
        """Raises CannotDo for what this client does not have."""
        asked = [*options.actions]
        asked += ["--no-tls", *(f"--no-tls {action}" for action in options.actions)] if options.no_tls else []
        asked += ["--direct-tls"] if options.direct_tls else []
        asked += [f"--tls-version {options.tls_version}"] if options.tls_version else []
        if options.compress and not self.compresses:
            raise CannotDo("--compress: it does not compress streams")
        for one in asked:
            if one in self.lacks:
                raise CannotDo(f"{one}: {self.lacks[one]}")

    def environment(self, options) -> dict[str, str]:
        """The environment, with limits for the TLS library."""
        version = options.tls_version
        environment = dict(os.environ)
        if version and self.library == "openssl":
            environment |= limits_file(f"openssl-{version}.cnf", lambda path: openssl_limits(path, version, version))
        if version and self.library == "gnutls":
            environment |= limits_file(f"gnutls-{version}.cfg", lambda path: gnutls_limits(path, version))
        return environment

    def command(self, program: str, options) -> list[str]:
        """The client's command line."""
        command = [program, *self.first, "--host", options.host, "--port", str(options.port), "--domain", options.domain,
                   "--user", options.user, "--password", options.password, "--timeout", str(options.timeout)]
        command += ["--no-tls"] if options.no_tls else []
        command += ["--direct-tls"] if options.direct_tls else []
        command += ["--compress"] if options.compress else []
        command += ["--ca", options.ca] if options.ca else []
        command += ["--tls-version", options.tls_version] if options.tls_version else []
        command += options.actions
        return self.with_own_store(command, options.ca) if options.ca and self.has_system_store_only else command

    def with_own_store(self, command: list[str], authority: str) -> list[str]:
        """Replaces the system's CAs by one, for this process only."""
        namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
            raise CannotDo("--ca: it trusts the system's CAs only, and `unshare --mount` is not allowed here (needs root)")
        return [*namespace, "--propagation", "private", "sh", "-c", OWN_STORE, STORE, os.path.abspath(authority), *command]


def limits_file(name: str, write) -> dict[str, str]:
    """Writes a configuration with `write`, aside and moved; returns the variable that points to it."""
    BUILT.mkdir(exist_ok=True)
    path = str(BUILT / name)
    aside = f"{path}.{os.getpid()}"
    variables = write(aside)
    os.replace(aside, path)
    return {variable: path for variable in variables}


def gnutls_limits(path: str, version: str) -> dict[str, str]:
    """Turns the other versions off."""
    with open(path, "w", encoding="ascii") as file:
        file.write("[overrides]\n" + "".join(f"disabled-version = {other}\n" for other in GNUTLS_DISABLED[version]))
    return {"GNUTLS_SYSTEM_PRIORITY_FILE": path}


def package_flags(packages: tuple[str, ...]) -> list[str]:
    """What pkg-config says about the packages."""
    return shlex.split(run(["pkg-config", "--cflags", "--libs", *packages])) if packages else []


def run(command: list[str]) -> str:
    """Runs a tool that must succeed; what a compiler warns about goes to standard error."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    except OSError as error:
        raise BuildFailed(f"cannot start {command[0]}: {error.strerror}; run tools/setup --tests") from error
    if done.returncode:
        raise BuildFailed(f"{command[0]} failed; run tools/setup --tests or --all-peers")
    return done.stdout


CPP = ("g++", "-O1", "-Wall", "-Wextra", "-Wno-deprecated-declarations")
C = ("gcc", "-O1", "-Wall", "-Wextra")
NO_PASSWORD = {"password": "not written here"}
ONLY_SENDS = dict.fromkeys(("register", "password", "remove"), "it only logs in and sends")

CLIENTS = {
    "gloox": Client(
        "gloox-client.cpp", CPP, ("-lgloox", "-lpthread"), has_system_store_only=True, compresses=True,
        lacks={"--tls-version 1.3": "gloox 1.0.24 asks GnuTLS for TLS 1.2 at most"}),
    "slixmpp": Client("slixmpp-client", lacks=NO_PASSWORD),
    "libstrophe": Client("strophe-client.c", C, ("-lstrophe",), library="openssl", lacks=NO_PASSWORD),
    "sendxmpp": Client("send-client", first=("sendxmpp",), library="openssl", lacks=ONLY_SENDS),
    "go-sendxmpp": Client("send-client", first=("go-sendxmpp",), lacks={
        **ONLY_SENDS, "--no-tls": "it does not log in without TLS",
        "--tls-version 1.2": "it has an option for the lowest version only"}),
    "qxmpp": Client(
        "qxmpp-client.cpp", (*CPP, "-std=c++17", "-fPIC"), packages=("qxmpp", "Qt5Core", "Qt5Network", "Qt5Xml"),
        lacks=NO_PASSWORD),
    "nbxmpp": Client("nbxmpp-client", library="gnutls", has_system_store_only=True, lacks={
        **NO_PASSWORD, "--no-tls register": "it registers over TLS only"}),
    "libpurple": Client(
        "purple-client.c", C, packages=("purple",), has_system_store_only=True, lacks={
            **NO_PASSWORD, **dict.fromkeys(("--tls-version 1.2", "--tls-version 1.3"), "NSS takes its versions from a plug-in")}),
    "profanity": Client("profanity-client", library="openssl", lacks={
        **NO_PASSWORD, "register": "its /register has one name for host and domain", "remove": "it has no command for that"}),
}
