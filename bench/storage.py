"""The API on each store, and two servers on one."""

import concurrent.futures
import os
import pathlib
import time

import api
import rows

HERE = pathlib.Path(__file__).resolve().parent
EXPORTS = 200
PAGES = 100


def bench_stores(run, report, serve, postgres, folder, seconds):
    """The loads of the API benchmark on each store, and each store beside SQLite."""
    stores = {"SQLite": None, "PostgreSQL": postgres.database("api")}
    if os.environ.get("MSSQL_URL"):
        stores["SQL Server"] = os.environ["MSSQL_URL"]
    figures = {}
    for store, url in stores.items():
        settings = {"PRESSROOM_SERVER__DEMO": "false", "PRESSROOM_LIMITS__REQUESTS_PER_SECOND": "0"}
        if url:
            settings["PRESSROOM_STORAGE__URL"] = url
        with serve(folder / store.replace(" ", ""), **settings) as server:
            print(f"\nThe API on {store}, {api.CONNECTIONS} connections, {api.DOCUMENTS:,} documents")
            client = api.Client(server)
            began = time.perf_counter()
            document = api.fill(client)
            report("  documents made one after the other, a second",
                   api.DOCUMENTS / (time.perf_counter() - began), "")
            figures[store] = {}
            for what, path, headers, _ in api.loads(client, document):
                rate, milliseconds, _ = api.load(run, server, client, path, seconds, headers)
                figures[store][what] = rate
                report(f"  {what}, a second", rate, "")
                report("    99 of 100 are done within", milliseconds, "ms")
            report("  the server's memory afterwards", server.resident_mb(), "MB")
    for store in list(stores)[1:]:
        print(f"\n{store} beside SQLite")
        for what, rate in figures[store].items():
            goal = 0.5 if store == "PostgreSQL" else None
            report(f"  {what}", rate / figures["SQLite"][what], "", goal, at_least=True)


def queue(client, document):
    options = {"exportOptions": {"exportFormat": "pdf"}, "documentParameters": []}
    return client.ask("POST", f"/api/documents/export/report/{document}", options)["exportId"]


def finish(serve, report_layout, database, folder, url, cores):
    """How long servers, each on a core of its own, take for the queue."""
    settings = {
        "PRESSROOM_SERVER__DEMO": "false",
        "PRESSROOM_STORAGE__URL": url,
        "PRESSROOM_STORAGE__KEY": "2a" * 32,
        "PRESSROOM_BLOBS__URL": f"file://{folder}/blobs",
        "PRESSROOM_SOURCES__DATA_ROOTS": f'["{database.parent}"]',
        "PRESSROOM_LIMITS__REQUESTS_PER_SECOND": "0",
    }
    servers = [serve(folder / f"node{core}", core=core, **settings) for core in cores]
    for server in servers:
        server.__enter__()
    try:
        client = api.Client(servers[0])
        document = prepare(client, database, report_layout)
        began = time.perf_counter()
        exports = [queue(client, document) for _ in range(EXPORTS)]
        for export in exports:
            while True:
                state = client.ask("GET", f"/api/documents/export/status/{export}")["taskStatus"]
                if state == "Complete":
                    break
                if state in ("Fault", "Cancelled"):
                    raise SystemExit(f"an export ended as {state}")
                time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        for server in servers:
            server.__exit__()


def prepare(client, database, layout):
    category = client.ask("POST", "/api/categories", {"name": "Bench"})["id"]
    provider = {"providerType": "SQLite", "connectionString": f"Data Source={database}"}
    client.ask("POST", "/api/datamodels", {"name": "Bench", "providerModel": provider})
    return client.ask("POST", "/api/documents", {
        "categoryId": category, "name": "Table", "documentType": "Report", "layout": layout})["id"]


def bench_nodes(report, serve, postgres, folder, rounds):
    """One server on one core, two on two: the same queue."""
    database = folder / "rows" / "table.db"
    database.parent.mkdir()
    rows.make(database, PAGES)
    layout = (HERE / "table.repx").read_text()
    print(f"\n{EXPORTS} exports of {PAGES} pages, each server pinned to a core")
    seconds = {}
    for turn in range(rounds):
        for cores in ((0,), (0, 1)):
            place = folder / f"nodes{turn}-{len(cores)}"
            place.mkdir()
            url = postgres.database(f"nodes{turn}{len(cores)}")
            taken = finish(serve, layout, database, place, url, cores)
            seconds[len(cores)] = min(taken, seconds.get(len(cores), taken))
    report("  one server, best of the rounds", seconds[1], "s")
    report("  two servers, best of the rounds", seconds[2], "s")
    report("  two are so many times as fast", seconds[1] / seconds[2], "", 1.5, at_least=True)
