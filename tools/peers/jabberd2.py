"""jabberd2: router, session manager and client listener, three processes, from Debian's configuration files."""

import gzip
import sqlite3
import xml.etree.ElementTree as ElementTree

from common import free_port, spawn, wait_for_port, wait_for_text

SCHEMA = "/usr/share/doc/jabberd2/db-setup.sqlite.gz"


def start(plan):
    """Starts all three; the client listener binds its port only when it has reached the router."""
    router_port = free_port()
    write_router(plan.folder, router_port)
    write_session_manager(plan.folder, router_port, make_database(plan.folder, "sm"), plan.domain)
    write_listener(plan, router_port, make_database(plan.folder, "c2s"))
    router = launch(plan, "router")
    wait_for_port(router, router_port)
    manager = launch(plan, "sm")
    wait_for_text(manager, f"{plan.folder}/sm.log", "ready for sessions")
    listener = launch(plan, "c2s")
    wait_for_port(listener, plan.port)
    return [listener, manager, router]


def make_database(folder, part):
    """A database of its own for each process: in a shared one, either fails whenever the other is writing."""
    database = f"{folder}/{part}.db"
    with gzip.open(SCHEMA, "rt", encoding="utf-8") as schema, sqlite3.connect(database) as connection:
        connection.executescript(schema.read())
    return database


def launch(plan, part):
    """Starts one of the processes, in the foreground."""
    command = [f"/usr/sbin/jabberd2-{part}", "-c", f"{plan.folder}/{part}.xml"]
    return spawn(command, plan.folder, part, plan.environment)


def packaged(folder, part, router_port):
    """The packaged configuration with paths and the router's port changed."""
    root = ElementTree.parse(f"/etc/jabberd2/{part}.xml").getroot()
    root.find("pidfile").text = f"{folder}/{part}.pid"
    root.find("log/file").text = f"{folder}/{part}.log"
    if root.find("router/port") is not None:
        root.find("router/ip").text = "127.0.0.1"
        root.find("router/port").text = str(router_port)
    return root


def save(root, folder, part):
    """Writes the configuration."""
    ElementTree.ElementTree(root).write(f"{folder}/{part}.xml")


def write_router(folder, router_port):
    """The router's packaged default would listen on all addresses."""
    root = packaged(folder, "router", router_port)
    root.find("local/ip").text = "127.0.0.1"
    root.find("local/port").text = str(router_port)
    save(root, folder, "router")


def write_session_manager(folder, router_port, database, domain):
    """The domain and its database."""
    root = packaged(folder, "sm", router_port)
    root.find("local/id").text = domain
    root.find("storage/sqlite/dbname").text = database
    save(root, folder, "sm")


def write_listener(plan, router_port, database):
    """The client side: port, encryption, registration."""
    root = packaged(plan.folder, "c2s", router_port)
    identity, local = root.find("local/id"), root.find("local")
    identity.text = plan.domain
    if plan.registers:
        identity.set("register-enable", "mu")
    else:
        identity.attrib.pop("register-enable", None)
    local.find("ip").text = "127.0.0.1"
    if plan.mode == "direct":
        # One certificate for all domains; without it on the <id> there is no STARTTLS.
        local.find("port").text = "0"
        ElementTree.SubElement(local, "ssl-port").text = str(plan.port)
        ElementTree.SubElement(local, "pemfile").text = plan.certificates.pem
    else:
        local.find("port").text = str(plan.port)
        if plan.certificates:
            identity.set("pemfile", plan.certificates.pem)
        if plan.mode == "required":
            identity.set("require-starttls", "mu")
    if plan.compresses:
        ElementTree.SubElement(root.find("io"), "compression")
    root.find("authreg/sqlite/dbname").text = database
    # Nobody has a client's certificate here, and sendxmpp tries nothing else when it is offered EXTERNAL.
    mechanisms = root.find("authreg/ssl-mechanisms/sasl")
    for external in mechanisms.findall("external"):
        mechanisms.remove(external)
    save(root, plan.folder, "c2s")
