"""Load on the API: lists and entities, by wrk over 64 connections with a token."""

import http.client
import json
import re
import shutil
import sys
import urllib.parse

CONNECTIONS = 64
DOCUMENTS = 1_000
LAYOUT = """<?xml version="1.0" encoding="utf-8"?>
<XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Greeting">
  <Bands><Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25" /></Bands>
</XtraReportsLayoutSerializer>
"""


class Client:
    """Somebody who has signed in, on one connection."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server.address)
        form = {"grant_type": "password", "username": "admin", "password": server.PASSWORD}
        self.headers = {}
        answer = self.ask("POST", "/oauth/token", urllib.parse.urlencode(form))
        self.headers = {"Authorization": f"Bearer {answer['access_token']}"}

    def ask(self, method, path, body=None):
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        self.connection.request(method, path, text, self.headers)
        answer = self.connection.getresponse()
        words = answer.read()
        self.answer_headers = answer.headers
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {words.decode()}")
        return json.loads(words) if words else None


def fill(client):
    """A category with a thousand documents; the id of one of them."""
    category = client.ask("POST", "/api/categories", {"name": "Letters"})["id"]
    for number in range(DOCUMENTS):
        document = client.ask("POST", "/api/documents", {
            "categoryId": category, "name": f"Letter {number}", "documentType": "Report",
            "description": "What goes out to a customer once a month", "layout": LAYOUT,
        })
    return document["id"]


def load(run, server, client, path, seconds, headers=()):
    """Requests a second, the 99th percentile in ms, and the load tool's share of a processor."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is not there: apt-get install wrk")
    headers = {**client.headers, **dict(headers)}
    options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    ran = run(
        "wrk", "--latency", "-t", "1", "-c", CONNECTIONS, "-d", f"{seconds}s", *options,
        f"http://{server.address}{path}", show=True,
    )
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", ran.words)[1])
    figure, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", ran.words).groups()
    milliseconds = float(figure) * {"us": 0.001, "ms": 1, "s": 1_000}[unit]
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", ran.words)
    if wrong:
        sys.exit(f"{path}: {wrong[1]} answers were errors")
    return rate, milliseconds, ran.processor_seconds / ran.seconds


def loads(client, document):
    """What is asked for: in words, where, with which headers, and the goal in requests a second."""
    client.ask("GET", "/api/documents")
    unchanged = {"If-None-Match": client.answer_headers["ETag"] or '"none"'}.items()
    return [
        ("the full list", "/api/documents", (), 400),
        ("50 of the list", "/api/documents?take=50", (), 3_000),
        ("the unchanged list, If-None-Match", "/api/documents", unchanged, 3_000),
        ("one document", f"/api/documents/{document}", (), 5_000),
    ]


def bench(run, report, server, seconds):
    """The four loads, each with its goal."""
    client = Client(server)
    document = fill(client)
    print(f"\nThe API, {CONNECTIONS} connections with a token, {DOCUMENTS:,} documents")
    for what, path, headers, goal in loads(client, document):
        rate, milliseconds, share = load(run, server, client, path, seconds, headers)
        report(f"  {what}, a second", rate, "", goal, at_least=True)
        report("    99 of 100 are done within", milliseconds, "ms", 60)
        report("    the load tool's own share of a processor", share, "")
    report("  the server's memory afterwards", server.resident_mb(), "MB")
