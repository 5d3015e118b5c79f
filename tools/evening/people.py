"""Who takes part beside the client: slixmpp people, and the relay whose connections break when they are to."""

import argparse
import asyncio
import importlib.machinery
import importlib.util
import os


def program(name):
    """What another program of tools/peers has."""
    loader = importlib.machinery.SourceFileLoader(name, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../peers", name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


others = program("evening")
Missing, LIMIT = others.Missing, 30
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
XML = {
    "receipt": "<request xmlns='urn:xmpp:receipts'/>", "received": "<received xmlns='urn:xmpp:receipts' id='{}'/>",
    "markable": "<markable xmlns='urn:xmpp:chat-markers:0'/>", "displayed": "<displayed xmlns='urn:xmpp:chat-markers:0' id='{}'/>",
    "active": "<active xmlns='http://jabber.org/protocol/chatstates'/>", "composing": "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
    "replace": "<replace xmlns='urn:xmpp:message-correct:0' id='{}'/>", "store": "<store xmlns='urn:xmpp:hints'/>",
    "reactions": "<reactions xmlns='urn:xmpp:reactions:0' id='{}'><reaction>\U0001F44B</reaction></reactions>",
    "retract": "<apply-to xmlns='urn:xmpp:fasten:0' id='{}'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
    "carbons": "<enable xmlns='urn:xmpp:carbons:2'/>",
    "submit": "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>",
    "subject": "<message xmlns='jabber:client' type='groupchat' to='{}'><subject>Where do we go tonight?</subject></message>",
    "publish": "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{}'><item id='{}'>{}</item></publish></pubsub>",
    "place": "<request xmlns='urn:xmpp:http:upload:0' filename='station.jpg' size='4096' content-type='image/jpeg'/>",
    "published": [
        ("http://jabber.org/protocol/mood", "current", "<mood xmlns='http://jabber.org/protocol/mood'><happy/></mood>"),
        ("http://jabber.org/protocol/tune", "current", "<tune xmlns='http://jabber.org/protocol/tune'><artist>Yes</artist><title>Heart of the Sunrise</title></tune>"),
        ("http://jabber.org/protocol/nick", "current", "<nick xmlns='http://jabber.org/protocol/nick'>Bela</nick>"),
    ],
}


async def wait(condition, what, seconds=LIMIT):
    """Asks until it is so."""
    for _ in range(seconds * 10):
        if condition():
            return
        await asyncio.sleep(0.1)
    raise Missing(what)


class Friend(others.Person):
    """A person who writes with all that clients add, and who stays the same session when the connection breaks."""

    def say(self, to, text, extras="", kind="chat"):
        """A message, or what belongs to one; returns its id."""
        message = self.make_message(mto=to, mbody=text, mtype=kind)
        for extra in others.ET.fromstring(f"<all>{extras}</all>"):
            message.append(extra)
        message["id"] = message["id"] or self.new_id()
        message.send()
        return message["id"]

    async def hear(self, text, sender=None):
        """The message with that text, once it is there."""
        await self.hears(text, sender)
        return next(s for s in self.seen if s.name == "message" and s["body"] == text)

    async def received(self, message):
        """The receipt for a message."""
        await self.until(lambda s: s.name == "message" and any(r.get("id") == message for r in s.xml.iter("{urn:xmpp:receipts}received")), "a receipt")

    async def join(self, room, nick):
        """Enters a room."""
        presence = self.make_presence(pto=f"{room}/{nick}")
        presence.append(others.ET.fromstring("<x xmlns='http://jabber.org/protocol/muc'/>"))
        presence.send()
        await self.until(lambda s: s.name == "message" and s["from"].bare == room, "the subject")

    def send(self, data, *rest, **named):
        """A stanza, or one written as a text."""
        return self.send_raw(data) if isinstance(data, str) else super().send(data, *rest, **named)


def friend(options, name, port=None, **more):
    """Somebody at the server itself, or at another port, behind stanzatap."""
    port, ca = (port, options.ca) if port else (options.server_port, options.server_ca)
    where = argparse.Namespace(host="127.0.0.1", port=port, others_port=None, ca=ca, domain=options.domain)
    user, _, resource = name.partition("/")
    return Friend(where, f"{user}@{options.domain}" + (f"/{resource}" if resource else ""), "1234", **more)


async def newcomer(options, name):
    """Registers somebody, unrecorded."""
    person = friend(options, name, registers=True)
    await person.enter()
    await person.leave()


class Relay:
    """Copies bytes between a client and a port, until it cuts all its connections."""

    def __init__(self, target):
        self.target, self.count, self.port = target, 0, 0
        self.writers = []

    @classmethod
    async def start(cls, port, target):
        """Listens."""
        relay = cls(target)
        server = await asyncio.start_server(relay.take, "127.0.0.1", port)
        relay.port, relay.server = server.sockets[0].getsockname()[1], server
        return relay

    async def take(self, reader, writer):
        """A connection."""
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.target)
        self.writers += [writer, other_writer]
        self.count += 1
        await asyncio.gather(self.copy(reader, other_writer), self.copy(other_reader, writer), return_exceptions=True)

    async def copy(self, reader, writer):
        """One direction."""
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        writer.close()

    def cut(self):
        """Ends all connections as a lost network does in the end, without a word."""
        for writer in self.writers:
            writer.transport.abort()
        self.writers = []
