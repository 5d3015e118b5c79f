"""The answers to the questions, reckoned from the JSON Lines without a database."""

import collections
import datetime
import json
import re


def when(value):
    """A time of a line."""
    return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")) if value else None


class Lines:
    """All lines, by what they are and where they belong."""

    def __init__(self, paths):
        self.connections, self.packets, self.events, self.stories = {}, [], [], []
        self.by_place = {}
        for path in paths:
            with open(path, encoding="utf-8") as file:
                for line in file:
                    self.add(json.loads(line))

    def add(self, line):
        """One of them."""
        place = (line["recorder"], line["file"], line["connection"])
        line["place"], line["at"] = place, when(line.get("time"))
        kind = line["kind"]
        if kind == "connection":
            self.connections[place] = line
        elif kind == "packet":
            self.packets.append(line)
            self.by_place[place, line["number"]] = line
        elif kind == "event":
            self.events.append(line)
        for story in line.get("stories", []):
            story["place"], story["at"] = place, when(story.get("began"))
            self.stories.append(story)


def recording(place):
    """The command that shows it."""
    return f"stanzatap show {place[1]} --connection {place[2]}"


def bare(address):
    """The host of an address."""
    return address.split("/")[0].split("@")[-1]


def failed_logins(lines, since, **_):
    found = sorted((s for s in lines.stories if s["kind"] == "login" and s["state"] == "failed" and s["at"] >= since),
                   key=lambda s: (when(s["ended"]), s["place"], s["id"]))
    return [(s["subject"].rsplit(" by ", 1)[0], when(s["ended"]), s["why"], lines.connections[s["place"]]["client"],
             s["place"][0], recording(s["place"])) for s in found]


def client_warnings(lines, since, **_):
    names = collections.defaultdict(str)
    for packet in lines.packets:
        if packet["direction"] == "C->S" and packet.get("name") == "presence" and packet["at"] >= since \
                and "http://jabber.org/protocol/caps" in packet["xml"]:
            node = re.search("<c [^>]*node=['\"]([^'\"]*)", packet["xml"])
            names[packet["place"]] = max(names[packet["place"]], node[1] if node else "")
    times, places = collections.Counter(), collections.defaultdict(set)
    for packet in lines.packets:
        for finding in packet["findings"]:
            if finding["severity"] == "warning" and packet["at"] >= since:
                key = names.get(packet["place"], "unknown"), finding["code"]
                times[key] += 1
                places[key].add(packet["place"])
    return [(*key, count, len(places[key])) for key, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))]


def slowest_answers(lines, since, **_):
    stories = {(story["place"], story["id"]): story["subject"] for story in lines.stories}
    found = sorted((p for p in lines.packets if "delay" in p and p["at"] >= since),
                   key=lambda p: (-p["delay"], p["place"], p["number"]))[:20]
    return [(p["delay"], stories.get((p["place"], p.get("story", {}).get("id"))), p.get("from", ""), p["place"][0],
             recording(p["place"]), p["answers"], p["number"]) for p in found]


def registrations(lines, since, **_):
    found = sorted((s for s in lines.stories if s["kind"] == "registration" and s["at"] >= since),
                   key=lambda s: (s["at"], s["place"], s["id"]))
    return [(s["at"], s["subject"], s["state"], s.get("why", ""), lines.connections[s["place"]]["client"], s["place"][0],
             recording(s["place"])) for s in found]


def unanswered(lines, since, **_):
    times, latest = collections.Counter(), {}
    for story in lines.stories:
        if story["kind"] == "request" and story["state"] == "open" and story["at"] >= since:
            key = story["subject"], lines.by_place[story["place"], story["packets"][0]].get("to", "")
            times[key] += 1
            latest[key] = max(latest.get(key, story["at"]), story["at"])
    return [(*key, count, latest[key]) for key, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))]


def kicks(lines, since, **_):
    found = collections.defaultdict(list)
    for packet in lines.packets:
        if packet.get("name") == "presence" and packet.get("type") == "unavailable" and packet["direction"] == "S->C" \
                and packet["at"] >= since and re.search("<status [^>]*code=['\"]307['\"]", packet["xml"]):
            reason = re.search("<reason>([^<]*)</reason>", packet["xml"])
            room, _, who = packet["from"].partition("/")
            minute = packet["at"].replace(second=0, microsecond=0)
            found[room, who, reason[1] if reason else "", minute].append(packet["at"])
    return sorted((min(times), room, who, reason, len(times)) for (room, who, reason, _), times in found.items())


def tls_failures(lines, since, **_):
    times, latest = collections.Counter(), {}
    for event in lines.events:
        if event.get("event") == "tls-failed" and event["at"] >= since:
            key = lines.connections[event["place"]].get("domain", "unknown"), event["text"]
            times[key] += 1
            latest[key] = max(latest.get(key, event["at"]), event["at"])
    return [(*key, count, latest[key]) for key, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))]


def traffic(lines, since, **_):
    packets, octets = collections.Counter(), collections.Counter()
    for packet in lines.packets:
        if packet["at"] >= since:
            key = packet["at"].replace(minute=0, second=0, microsecond=0), packet["place"][0]
            packets[key] += 1
            octets[key] += packet["bytes"]
    return [(*key, packets[key], octets[key]) for key in sorted(packets)]


def refusals(lines, since, **_):
    times = collections.Counter()
    for packet in lines.packets:
        if packet.get("type") == "error" and packet["at"] >= since:
            condition = re.search("<([a-z-]+) [^>]*xmlns=['\"]urn:ietf:params:xml:ns:xmpp-stanzas", packet["xml"])
            times[bare(packet.get("from", "")), packet["name"], condition[1] if condition else ""] += 1
    return [(*key, count) for key, count in sorted(times.items(), key=lambda item: (-item[1], item[0]))]


def messages(lines, since, who, **_):
    places = {s["place"] for s in lines.stories if s["kind"] == "login" and s["state"] == "succeeded" and s["at"] >= since
              and s["subject"].startswith(who + " by ")}
    found = [p for p in lines.packets if p["place"] in places and p.get("name") == "message" and p["at"] >= since]
    found.sort(key=lambda p: -p["number"])
    found.sort(key=lambda p: p["place"])
    found.sort(key=lambda p: p["at"], reverse=True)
    rows = []
    for packet in found[:100]:
        body = re.search("<body[^>]*>([^<]*)</body>", packet["xml"])
        rows.append((packet["at"], packet["direction"], packet.get("from", ""), packet.get("to", ""), body[1] if body else "",
                     *packet["place"], packet["number"]))
    return rows


ANSWERS = {
    "failed-logins": failed_logins, "client-warnings": client_warnings, "slowest-answers": slowest_answers,
    "registrations": registrations, "unanswered": unanswered, "kicks": kicks, "tls-failures": tls_failures,
    "traffic": traffic, "refusals": refusals, "messages": messages,
}
