"""Real clients of Anna: Gajim and Dino on a display, driven by D-Bus and the keyboard, and profanity in a terminal."""

import argparse
import asyncio
import base64
import json
import os
import pathlib
import sqlite3
import subprocess

from people import PICTURE, program, wait

NOBODY = 65534
TURN = 0.3


def run(*command, **options):
    """A short program's output."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **options).stdout


class Desktop:
    """A client with windows; it is driven as user nobody with a home of its own."""

    program = bus = path = ""

    def __init__(self, options, user, _port):
        self.jid, self.domain = f"{user}@{options.domain}", options.domain
        self.home = pathlib.Path(options.folder) / "home"
        self.home.mkdir()
        self.process, self.shots = None, 0
        self.environment = {"HOME": str(self.home), "PATH": os.environ["PATH"], "DISPLAY": os.environ["DISPLAY"], "TZ": "UTC", "LANG": "C.UTF-8",
                            "XDG_RUNTIME_DIR": str(self.home), "GSETTINGS_BACKEND": "memory", "GTK_USE_PORTAL": "0", "NO_AT_BRIDGE": "1",
                            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.home}/bus", "LIBGL_ALWAYS_SOFTWARE": "1", "GSK_RENDERER": "cairo"}
        self.daemon = None

    def spawn(self, *command):
        """A process of nobody's."""
        output = open(self.home / (os.path.basename(command[0]) + ".log"), "ab")
        return subprocess.Popen(command, env=self.environment, user=NOBODY, group=NOBODY, extra_groups=[], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.home)

    async def start(self):
        """Prepares the account and starts the program."""
        os.chown(self.home, NOBODY, NOBODY)
        self.daemon = self.spawn("dbus-daemon", "--session", f"--address=unix:path={self.home}/bus", "--nofork")
        await wait(lambda: (self.home / "bus").exists(), "the bus")
        await self.prepare()
        self.process = self.spawn(self.program)
        await wait(self.is_there, self.program)
        await self.drawn()

    def call(self, name, path, method, *arguments):
        """A call on the session's bus."""
        return run("gdbus", "call", "--session", "--dest", name, "--object-path", path, "--method", method, *arguments,
                   env=self.environment, user=NOBODY, group=NOBODY, extra_groups=[])

    def is_there(self):
        """True if the program answers on the bus."""
        return "true" in self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus.NameHasOwner", self.bus)

    def act(self, action, value=None, window=False):
        """One of the program's own actions, as its menus do."""
        path = self.path + ("/window/1" if window else "")
        return self.call(self.bus, path, "org.gtk.Actions.Activate", action, f"[<{value}>]" if value else "@av []", "@a{sv} {}")

    async def press(self, *keys):
        """Presses keys, and lets the program draw."""
        run("xdotool", "key", *keys)
        await self.drawn()

    async def type(self, text):
        """Types."""
        run("xdotool", "type", "--delay", "20", text)
        await self.drawn()

    async def click(self, x, y):
        """Clicks there."""
        run("xdotool", "mousemove", str(x), str(y), "click", "1")
        await self.drawn()

    async def drawn(self):
        """Waits until the picture stands still, for a limited time."""
        last = None
        for _ in range(10):
            await asyncio.sleep(TURN)
            now = subprocess.run(["import", "-silent", "-window", "root", "-resize", "25%", "rgb:-"], capture_output=True, check=False).stdout
            if now == last:
                break
            last = now
        if folder := os.environ.get("SCREENS"):
            self.shots += 1
            run("import", "-window", "root", f"{folder}/{self.shots:03}.png")

    async def end(self):
        """Leaves as a user does."""
        self.act("quit")
        await wait(lambda: self.process.poll() is not None, "the program's end")

    async def kill(self):
        """Ends what is left."""
        for process in (self.process, self.daemon):
            if process and process.poll() is None:
                process.terminate()
                process.wait(5)

    def picture(self):
        """A file to upload."""
        path = self.home / "sunrise.png"
        path.write_bytes(base64.b64decode(PICTURE))
        path.chmod(0o644)
        return path


class Dino(Desktop):
    """Dino 0.4, at the size its window begins with."""

    program, bus, path = "dino-im", "im.dino.Dino", "/im/dino/Dino"

    async def prepare(self):
        """Dino makes its database itself; the account is added to it."""
        database = self.home / ".local/share/dino/dino.db"
        first = self.spawn(self.program)
        await wait(lambda: database.exists() and self.is_there(), "Dino's database")
        await self.drawn()
        first.terminate()
        first.wait()
        with sqlite3.connect(database) as connection:
            connection.execute("INSERT INTO account (bare_jid, resourcepart, password, alias, enabled) VALUES (?, 'dino.sample', '1234', 'Anna', 1)", (self.jid,))
        for file in database.parent.iterdir():
            os.chown(file, NOBODY, NOBODY)

    async def accept(self, contact):
        """The button beside the question."""
        await self.open(contact)
        await asyncio.sleep(3)
        await self.click(749, 79)

    async def open(self, jid):
        """A conversation, by its address."""
        self.spawn(self.program, f"xmpp:{jid}?message").wait()
        await self.drawn()

    async def say(self, text):
        """In the conversation that is open."""
        await self.click(600, 352)
        await self.type(text)
        await self.press("Return")

    async def join(self, room):
        """Through the address, too."""
        self.spawn(self.program, f"xmpp:{room}?join").wait()
        await self.drawn()
        await self.click(352, 28)

    async def upload(self, _folder):
        """Through the chooser of files."""
        path = self.picture()
        await self.click(338, 352)
        await self.type(str(path))
        await self.press("Return")
        await self.press("Return")
        return True


class Gajim(Desktop):
    """Gajim 1.7."""

    program, bus, path = "gajim", "org.gajim.Gajim", "/org/gajim/Gajim"

    async def prepare(self):
        """Its settings."""
        folder = self.home / ".config/gajim"
        folder.mkdir(parents=True)
        account = {"name": "anna", "hostname": self.domain, "password": "1234", "resource": "gajim.sample", "savepass": True, "active": True, "account_label": "anna"}
        app = {"use_keyring": False, "check_for_update": False, "show_help_start_chat": False, "confirm_on_window_delete": False, "auto_popup": True}
        workspace = {"w1": {"name": "Evening", "chats": []}}
        with sqlite3.connect(folder / "settings.sqlite") as connection:
            connection.executescript("CREATE TABLE settings (name TEXT UNIQUE, settings TEXT); CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT); PRAGMA user_version=5;")
            for name, value in (("app", app), ("soundevents", {}), ("status_presets", {}), ("proxies", {}), ("plugins", {}), ("workspaces", workspace)):
                connection.execute("INSERT INTO settings VALUES (?, ?)", (name, json.dumps(value)))
            connection.execute("INSERT INTO account_settings VALUES ('anna', ?)", (json.dumps({"account": account, "contact": {}, "group_chat": {}}),))
        for path in (self.home / ".config", folder, folder / "settings.sqlite"):
            os.chown(path, NOBODY, NOBODY)

    async def accept(self, contact):
        """The answer to the question, which is an action of its window."""
        await asyncio.sleep(3)
        self.act("subscription-accept-anna", f"['{contact}', 'Bela']", window=True)
        await self.drawn()
        await self.press("Return")
        await self.press("Return")

    async def open(self, jid):
        """A chat."""
        self.act("add-chat", f"{{'account': <'anna'>, 'jid': <'{jid}'>, 'type': <'contact'>, 'select': <true>}}", window=True)
        await self.drawn()

    async def say(self, text):
        """In the chat that is open."""
        # At the lower edge of the window, which grows.
        windows = run("xdotool", "search", "--onlyvisible", "--class", "gajim", "getwindowgeometry", "--shell", "%@")
        await self.click(640, max(int(line[7:]) for line in windows.splitlines() if line.startswith("HEIGHT=")) - 24)
        await self.type(text)
        await self.press("Return")

    async def join(self, room):
        """A group chat, joined by its window."""
        self.spawn(self.program, f"xmpp:{room}?join").wait()
        await self.drawn()
        await self.press("Return")
        await self.press("Return")

    async def upload(self, _folder):
        """The page that asks whether to send it."""
        self.act("send-file-httpupload", f"['{self.picture().as_uri()}']", window=True)
        await self.drawn()
        await self.press("Return")
        return True


class Profanity:
    """profanity 0.13, which has neither a chooser of files nor one of contacts: everything is typed."""

    def __init__(self, options, user, port):
        self.jid, self.contact = f"{user}@{options.domain}", None
        self.options = argparse.Namespace(user=user, domain=options.domain, host="127.0.0.1", port=port, password="1234", ca=options.ca,
                                          no_tls=not options.ca, direct_tls=False)
        self.folder, self.terminal, self.reading = pathlib.Path(options.folder) / "profanity", None, None

    async def start(self):
        """Starts it and waits for its login."""
        self.folder.mkdir()
        self.terminal = program("profanity-client").Profanity(self.options, self.folder)
        self.reading = asyncio.create_task(self.read())
        await self.until("logged in successfully")
        self.terminal.type("/reconnect 1")
        self.terminal.type("/carbons on")

    async def read(self):
        """Takes what is drawn, or it would stop."""
        while True:
            self.terminal.read_screen(0)
            await asyncio.sleep(0.05)

    async def until(self, text):
        """Waits for something in its log."""
        await wait(lambda: text in self.terminal.said(), f"{text!r} in profanity's log")

    async def accept(self, contact):
        """Grants it, and asks for the same."""
        await self.until("type=\"subscribe\"")
        self.terminal.type(f"/sub allow {contact}")
        self.terminal.type(f"/sub request {contact}")

    async def open(self, jid):
        """Its window."""
        self.terminal.type(f"/msg {jid}")

    async def say(self, text):
        """In the window that is open."""
        self.terminal.type(text)

    async def join(self, room):
        """A room, whose window opens when it is entered."""
        self.terminal.type(f"/join {room} nick anna")
        await self.until("code=\"110\"")

    async def upload(self, _folder):
        """It has its own ideas of whom to trust with files."""
        return False

    async def end(self):
        """Leaves as a user does."""
        self.reading.cancel()
        self.terminal.end()

    async def kill(self):
        """Ends what is left."""
        if self.terminal and self.terminal.process.poll() is None:
            self.reading.cancel()
            self.terminal.process.kill()
            self.terminal.process.wait()


CLIENTS = {"gajim": Gajim, "dino": Dino, "profanity": Profanity}
