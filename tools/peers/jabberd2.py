"""jabberd2: router, session manager and client listener, three processes, from Debian's configuration files."""

import gzip
import sqlite3
import xml.etree.ElementTree as ElementTree

from common import free_port, spawn, wait_for_port, wait_for_text

SCHEMA = "/usr/share/doc/jabberd2/db-setup.sqlite.gz"


def start(folder, domain, port, mode, certificates, registers):
    """Starts all three; the client listener binds its port only when it has reached the router."""
    router_port = free_port()
    database = f"{folder}/sqlite.db"
    with gzip.open(SCHEMA, "rt", encoding="utf-8") as schema, sqlite3.connect(database) as connection:
        connection.executescript(schema.read())
    write_router(folder, router_port)
    write_session_manager(folder, router_port, database, domain)
    write_listener(folder, router_port, database, domain, port, mode, certificates, registers)
    router = launch(folder, "router")
    wait_for_port(router, router_port)
    manager = launch(folder, "sm")
    wait_for_text(manager, f"{folder}/sm.log", "ready for sessions")
    listener = launch(folder, "c2s")
    wait_for_port(listener, port)
    return [listener, manager, router]


def launch(folder, part):
    """Starts one of the processes, in the foreground."""
    return spawn([f"/usr/sbin/jabberd2-{part}", "-c", f"{folder}/{part}.xml"], folder, part)


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


def write_listener(folder, router_port, database, domain, port, mode, certificates, registers):
    """The client side: port, encryption, registration."""
    root = packaged(folder, "c2s", router_port)
    identity = root.find("local/id")
    identity.text = domain
    if registers:
        identity.set("register-enable", "mu")
    else:
        identity.attrib.pop("register-enable", None)
    if certificates:
        identity.set("pemfile", certificates.pem)
    if mode == "required":
        identity.set("require-starttls", "mu")
    root.find("local/ip").text = "127.0.0.1"
    root.find("local/port").text = str(port)
    root.find("authreg/sqlite/dbname").text = database
    save(root, folder, "c2s")
