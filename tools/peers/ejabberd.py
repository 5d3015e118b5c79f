"""ejabberd, started with plain erl: no node name, so no epmd and no distribution port."""

import os

from common import spawn, wait_for_text

CONFIGURATION = """
hosts:
  - "{domain}"
loglevel: info
certfiles:{certfiles}
registration_timeout: infinity
auth_method: internal
listen:
  -
    port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    starttls: {starttls}
    starttls_required: {required}
    zlib: {zlib}
    tls: {direct}
    access: c2s
{listeners}acl:
  local:
    user_regexp: ""
access_rules:
  c2s:
    allow: all
  register:
    allow: {registers}
modules:
  mod_disco: {{}}
  mod_ping: {{}}
  mod_register:
    ip_access: all
    access: register
  mod_roster: {{}}
  mod_stream_mgmt: {{}}
{modules}"""

# What people use of an evening.
FILES = """  -
    port: {port}
    ip: "127.0.0.1"
    module: ejabberd_http
    tls: {tls}
    request_handlers:
      /upload: mod_http_upload
"""
SERVICES = """  mod_caps: {{}}
  mod_carboncopy: {{}}
  mod_client_state: {{}}
  mod_mam:
    default: always
  mod_offline: {{}}
  mod_blocking: {{}}
  mod_privacy: {{}}
  mod_private: {{}}
  mod_last: {{}}
  mod_time: {{}}
  mod_version: {{}}
  mod_vcard: {{}}
  mod_muc:
    default_room_options:
      mam: true
  mod_http_upload:
    access: all
    docroot: "{folder}/upload"
    put_url: "{files}/upload"
  mod_pubsub:
    plugins: [flat, pep]
    force_node_config:
      "urn:xmpp:avatar:*":
        access_model: open
      "eu.siacs.conversations.axolotl.*":
        access_model: open
"""


def start(plan):
    """Its port accepts before it is up, so the log tells when it is ready."""
    folder, direct = plan.folder, plan.mode == "direct"
    certfiles = f'\n  - "{plan.certificates.pem}"' if plan.certificates else " []"
    with open(f"{folder}/ejabberd.yml", "w", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(
            domain=plan.domain, port=plan.port, certfiles=certfiles, direct=yaml(direct),
            listeners=FILES.format(port=plan.files_port, tls=yaml(certfiles != " []")) if plan.services else "",
            modules=SERVICES.format(folder=folder, files=plan.files) if plan.services else "",
            starttls=yaml(plan.mode in ("optional", "required")), required=yaml(plan.mode == "required"),
            zlib=yaml(plan.compresses),
            registers="all" if plan.registers else "none"))
    os.mkdir(f"{folder}/mnesia")
    environment = dict(
        plan.environment, EJABBERD_CONFIG_PATH=f"{folder}/ejabberd.yml", EJABBERD_LOG_PATH=f"{folder}/ejabberd.log",
        ERL_LIBS="/usr/lib/x86_64-linux-gnu", HOME=folder)
    process = spawn(
        ["erl", "-noinput", "-mnesia", "dir", f'"{folder}/mnesia"', "-s", "ejabberd"], folder, "ejabberd", environment)
    kind = "TLS" if direct else "TCP"
    wait_for_text(process, f"{folder}/ejabberd.log", f"Start accepting {kind} connections at 127.0.0.1:{plan.port}")
    return [process]


def yaml(value):
    """A truth value."""
    return "true" if value else "false"
