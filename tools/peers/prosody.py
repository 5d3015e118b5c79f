"""Prosody with in-band registration, changing of passwords and removal of accounts."""

from common import spawn, wait_for_port

CONFIGURATION = """
run_as_root = true
pidfile = "{folder}/prosody.pid"
data_path = "{folder}"
certificates = "{folder}"
interfaces = {{ "127.0.0.1" }}
c2s_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {plain_port} }}
c2s_direct_tls_ports = {{ {direct_port} }}
{direct_ssl}
{http}
s2s_ports = {{ }}
modules_enabled = {{ "roster"; "saslauth"; {tls} "disco"; "ping"; {register} "user_account_management"; "posix"; "smacks"; {modules} }}
modules_disabled = {{ "s2s" }}
allow_registration = {registers}
min_seconds_between_registrations = 0
c2s_require_encryption = {required}
allow_unencrypted_plain_auth = true
authentication = "internal_hashed"
storage = "internal"
log = {{ {{ levels = {{ min = "info" }}; to = "file"; filename = "{folder}/prosody.log" }} }}
VirtualHost "{domain}"
c2s_direct_tls_host = "{server_name}"
{ssl}
{services}
"""

# What people use of an evening, as hosts of their own beside the domain's.
MODULES = '"carbons"; "mam"; "csi"; "csi_simple"; "pep"; "blocklist"; "private"; "vcard_legacy"; "bookmarks"; "version"; "time"; "uptime"; "lastactivity";'
SERVICES = """
VirtualHost "anon.{domain}"
authentication = "anonymous"
{ssl}
Component "conference.{domain}" "muc"
modules_enabled = {{ "muc_mam" }}
Component "pubsub.{domain}" "pubsub"
autocreate_on_publish = true
autocreate_on_subscribe = true
default_admin_affiliation = "owner"
Component "upload.{domain}" "http_file_share"
http_host = "localhost"
http_external_url = "{files}/"
"""


def start(plan):
    """Starts Prosody in the foreground."""
    certificates, direct = plan.certificates, plan.mode == "direct"
    # LuaSec sets the versions itself, so OpenSSL's own configuration does not bind it.
    protocol = ' protocol = "tlsv1_2";' if plan.tls_version == "1.2" else ""
    files = certificates and f'{{{protocol} key = "{certificates.key}"; certificate = "{certificates.chain}" }}'
    ssl = f"ssl = {files}" if files else ""
    services = SERVICES.format(domain=plan.domain, ssl=ssl, files=plan.files) if plan.services else ""
    kind = "https" if files else "http"
    http = f'{"http" if files else "https"}_interfaces = {{ }} {kind}_interfaces = {{ "127.0.0.1" }} {kind}_ports = {{ {plan.files_port} }}'
    with open(f"{plan.folder}/prosody.cfg.lua", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(
            folder=plan.folder, domain=plan.domain,
            # In SNI stands the xn-- form, which Prosody 0.12 does not know by itself.
            server_name=plan.domain.encode("idna").decode("ascii"),
            plain_port="" if direct else plan.port, direct_port=plan.port if direct else "",
            ssl=ssl, services=services, http=http if plan.services else "", modules=MODULES if plan.services else "", direct_ssl=f"c2s_direct_tls_ssl = {files} https_ssl = {files}" if files else "",
            tls='"tls";' if files and not direct else "", register='"register_ibr";' if plan.registers else "",
            registers=lua(plan.registers), required=lua(plan.mode == "required")))
    process = spawn(
        ["prosody", "--config", f"{plan.folder}/prosody.cfg.lua", "-F"], plan.folder, "prosody", plan.environment)
    wait_for_port(process, plan.port)
    return [process]


def lua(value):
    """A truth value."""
    return "true" if value else "false"
