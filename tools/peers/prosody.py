"""Prosody with in-band registration, changing of passwords and removal of accounts."""

from common import spawn, wait_for_port

CONFIGURATION = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
certificates = "{folder}"
interfaces = {{ "127.0.0.1" }}
c2s_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ }}
modules_enabled = {{ "roster"; "saslauth"; {tls} "disco"; "ping"; {register} "user_account_management"; "posix"; "smacks" }}
modules_disabled = {{ "s2s" }}
allow_registration = {registers}
min_seconds_between_registrations = 0
c2s_require_encryption = {required}
allow_unencrypted_plain_auth = true
authentication = "internal_hashed"
storage = "internal"
log = {{ {{ levels = {{ min = "info" }}; to = "file"; filename = "{folder}/prosody.log" }} }}
VirtualHost "{domain}"
{ssl}
"""


def start(folder, domain, port, mode, certificates, registers):
    """Starts Prosody in the foreground."""
    ssl = ""
    if certificates:
        ssl = f'ssl = {{ key = "{certificates.key}"; certificate = "{certificates.certificate}" }}'
    with open(f"{folder}/prosody.cfg.lua", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(
            folder=folder, port=port, domain=domain, ssl=ssl, tls='"tls";' if certificates else "",
            register='"register_ibr";' if registers else "", registers="true" if registers else "false", required="true" if mode == "required" else "false"))
    process = spawn(["prosody", "--config", f"{folder}/prosody.cfg.lua", "-F"], folder, "prosody")
    wait_for_port(process, port)
    return [process]
