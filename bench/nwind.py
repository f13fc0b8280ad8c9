#!/usr/bin/env python3
"""Prints three layouts over the Northwind database and compares every value with SQL.

    nwind.py PRESSROOM LAYOUTS DATABASE

PRESSROOM is the binary, LAYOUTS the folder with CategoriesReport.repx, MainReport.repx and
DetailReport1.repx, DATABASE the SQLite file. Both ways to a PDF are taken: `pressroom render`, and
a server over the HTTP API. Wants pdftotext. Ends with status 1 where a value differs.
"""

import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

REPORTS = ["CategoriesReport", "MainReport", "DetailReport1"]
CATEGORY = 3
ADDRESS = "127.0.0.1:8097"


def words(pdf):
    """The lines of a PDF, with single spaces."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [" ".join(line.split()) for line in text.splitlines()]


def differences(report, pdf, database):
    """What the database has and the pages have not, or have otherwise."""
    lines = words(pdf)
    text = " ".join(lines)
    found = []
    if report != "DetailReport1":
        for name, description in database.execute("SELECT CategoryName, Description FROM Categories"):
            for word in [name, *description.replace(",", " ").split()]:
                if word not in text:
                    found.append(f"{word} of {name} is missing")
        return found
    query = "SELECT ProductName, UnitPrice, UnitsOnOrder, CategoryID FROM Products"
    for name, price, on_order, category in database.execute(query):
        name = " ".join(name.split())
        line = next((line for line in lines if line.startswith(name)), None)
        if category != CATEGORY:
            if line is not None:
                found.append(f"{name} is of another category")
            continue
        values = line[len(name):].split() if line else []
        if len(values) < 2 or abs(float(values[0]) - float(price)) > 0.005 or int(values[1]) != on_order:
            found.append(f"{name}: {line}, but SQL says {price} and {on_order}")
    return found


def parameters(report):
    return {"categoryID": CATEGORY} if report == "DetailReport1" else {}


def rendered(pressroom, layout, report, database, out):
    command = [pressroom, "render", layout, "--source", f"nwind=sqlite://{database}", "--output", out]
    for name, value in parameters(report).items():
        command += ["--parameter", f"{name}={value}"]
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


class Api:
    """A server of its own, and calls to it."""

    PASSWORD = "northwind-2026"

    def __init__(self, pressroom, folder, database):
        roots = json.dumps([str(database.parent)])
        environment = os.environ | {
            "PRESSROOM_ADMIN_PASSWORD": self.PASSWORD, "PRESSROOM_SOURCES__DATA_ROOTS": roots,
        }
        command = [str(pressroom), "--no-demo", "--data-dir", str(folder / "data"), "--listen", ADDRESS]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
        self.token = None
        deadline = time.monotonic() + 30
        while True:
            try:
                self.call("GET", "/readyz")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
        form = f"grant_type=password&username=admin&password={self.PASSWORD}".encode()
        self.token = json.loads(self.call("POST", "/oauth/token", form))["access_token"]
        self.category = self.json("POST", "/api/categories", {"name": "Northwind"})["id"]
        connection = f"XpoProvider=SQLite;Data Source={database}"
        provider = {"providerType": "sqLite", "connectionString": connection}
        self.json("POST", "/api/datamodels/", {"name": "nwind", "providerModel": provider})

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"http://{ADDRESS}{path}", method=method, data=body)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        return urllib.request.urlopen(request).read()

    def json(self, method, path, body=None):
        return json.loads(self.call(method, path, None if body is None else json.dumps(body).encode()))

    def export(self, layout, report, out):
        document = self.json("POST", "/api/documents", {
            "categoryId": self.category, "name": report, "documentType": "report",
            "layout": layout.read_text(encoding="utf-8-sig"),
        })
        given = [{"name": name, "value": value} for name, value in parameters(report).items()]
        body = {"exportOptions": {"exportFormat": "pdf"}, "documentParameters": given}
        export = self.json("POST", f"/api/documents/export/report/{document['id']}", body)["exportId"]
        while (status := self.json("GET", f"/api/documents/export/status/{export}"))["taskStatus"] == "InProgress":
            pass
        if status["taskStatus"] != "Complete":
            sys.exit(f"{report}: {status}")
        out.write_bytes(self.call("GET", f"/api/documents/export/result/{export}"))


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    pressroom, layouts, database_file = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    database = sqlite3.connect(f"file:{database_file}?mode=ro", uri=True)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        api = Api(pressroom, folder, database_file)
        try:
            for report in REPORTS:
                layout = layouts / f"{report}.repx"
                for way in ["render", "the API"]:
                    out = folder / "out.pdf"
                    if way == "render":
                        rendered(pressroom, layout, report, database_file, out)
                    else:
                        api.export(layout, report, out)
                    found = differences(report, out, database)
                    wrong += found
                    print(f"{report} through {way}: {'as SQL says' if not found else found}", flush=True)
        finally:
            api.process.terminate()
            api.process.wait()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
