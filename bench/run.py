#!/usr/bin/env python3
"""Runs the benchmarks and prints their figures beside the goals.

    run.py [all|pages|http|api|idle|storage] [--rounds N] [--orders N] [--seconds N]

Run by `just bench`, which builds the release binary and the examples first. Ends with status 1
when a goal is missed.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import api
import postgres
import rows
import storage

HERE = pathlib.Path(__file__).resolve().parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release"
PRESSROOM = TARGET / "pressroom"
MEGABYTE = 1024 * 1024
missed = []


def report(what, value, unit, goal=None, at_least=False):
    """Prints a figure, and its goal if there is one."""
    words = f"{what:<52}{value:>10,.2f} {unit:<4}"
    if goal is not None:
        met = value >= goal if at_least else value <= goal
        words += f"  goal {'at least' if at_least else 'at most'} {goal:,g}: {'met' if met else 'MISSED'}"
        if not met:
            missed.append(what)
    print(words, flush=True)


@dataclasses.dataclass
class Run:
    """What one run of a program took."""

    seconds: float
    processor_seconds: float
    peak_mb: float
    words: str = ""


def run(*command, show=False):
    """Runs a program to its end; its own words are kept on demand, and shown if it fails."""
    with tempfile.TemporaryFile() as words:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=words, stderr=words)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        said = words.read().decode() if show or process.returncode != 0 else ""
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))} failed:\n{said}")
    # Linux counts ru_maxrss in kilobytes, macOS in bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak / MEGABYTE, said)


def middle(runs):
    """The median of several runs, figure by figure."""
    columns = zip(*(dataclasses.astuple(one)[:3] for one in runs))
    return Run(*(statistics.median(figures) for figures in columns))


def count_pages(path):
    """Pages of a PDF, by qpdf if there is one."""
    if shutil.which("qpdf") is None:
        return None
    return int(subprocess.check_output(["qpdf", "--show-npages", path]))


def bench_pages(folder, rounds):
    """The table of 1,000 and of 10,000 pages, by us and by ReportLab, taking turns."""
    idle = middle([run(PRESSROOM, "--version") for _ in range(5)]).peak_mb
    ours = {}
    for pages, turns in ((1_000, rounds), (10_000, max(1, rounds // 2))):
        database, pdf = folder / f"{pages}.db", folder / f"{pages}.pdf"
        rows.make(database, pages)
        render = [
            PRESSROOM, "render", HERE / "table.repx", "--source", f"Bench=sqlite:///{database}",
            "--output", pdf,
        ]
        draw = [sys.executable, HERE / "reportlab_table.py", database, folder / "reportlab.pdf"]
        run(*render)
        mine, theirs = [], []
        for _ in range(turns):
            mine.append(run(*render))
            theirs.append(run(*draw))
        mine, theirs = middle(mine), middle(theirs)
        ours[pages] = mine
        counted = count_pages(pdf)
        if counted not in (None, pages):
            sys.exit(f"the table has {counted} pages instead of {pages}")
        print(f"\n{pages:,} pages, medians of {turns} runs")
        report("  ReportLab's canvas", theirs.seconds, "s")
        report("  pressroom render", mine.seconds, "s")
        report("  processor time, both threads", mine.processor_seconds, "s")
        report("  pressroom to ReportLab", mine.seconds / theirs.seconds, "", 0.5)
        report("  peak memory over idle", mine.peak_mb - idle, "MB", 80 if pages == 1_000 else 150)
        report("  ReportLab's peak memory", theirs.peak_mb, "MB")
        report("  file, for each 1,000 pages", pdf.stat().st_size / 1e6 * 1_000 / pages, "MB", 3.5)
    report("\n10,000 pages to 1,000, time", ours[10_000].seconds / ours[1_000].seconds, "", 11)


class Server:
    """A server of its own in a folder of its own, until the end of the block."""

    PASSWORD = "benchmarks-only"

    def __init__(self, folder, core=None, **settings):
        self.settings = settings
        self.pin = [] if core is None else ["taskset", "-c", str(core)]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % free.getsockname()[1]
        self.folder = folder
        self.seconds_to_ready = None

    def __enter__(self):
        begin = time.perf_counter()
        self.words = open(self.folder.with_suffix(".log"), "ab")
        self.process = subprocess.Popen(
            [*self.pin, PRESSROOM, "serve", "--data-dir", self.folder, "--listen", self.address],
            env={**os.environ, **self.settings, "PRESSROOM_ADMIN_PASSWORD": self.PASSWORD},
            stdout=self.words, stderr=self.words,
        )
        while not self.ready():
            if self.process.poll() is not None or time.perf_counter() - begin > 30:
                self.process.kill()
                sys.exit(f"the server did not start:\n{pathlib.Path(self.words.name).read_text()}")
            time.sleep(0.002)
        self.seconds_to_ready = time.perf_counter() - begin
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.words.close()

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.address}/readyz", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def bench_http(folder, orders):
    """One-page invoices over HTTP: start, ask, fetch; 8 at a time."""
    with Server(folder / "http") as server:
        print(f"\n{orders:,} one-page invoices over HTTP, 8 at a time")
        answer = subprocess.run(
            [TARGET / "examples" / "http_bench", server.address, "admin", server.PASSWORD,
             "Invoice", str(orders), "8"],
            check=True, capture_output=True, text=True,
        ).stdout
        figures = dict(line.split() for line in answer.splitlines())
        report("  invoices a second", float(figures["per_second"]), "", 300, at_least=True)
        report("  half are done within", float(figures["median_ms"]), "ms")
        report("  99 of 100 are done within", float(figures["p99_ms"]), "ms")
        report("  the server's memory afterwards", server.resident_mb(), "MB")


def bench_api(folder, seconds):
    """Lists and entities, as fast as they come: without the bound on how often a token may call."""
    settings = {"PRESSROOM_SERVER__DEMO": "false", "PRESSROOM_LIMITS__REQUESTS_PER_SECOND": "0"}
    with Server(folder / "api", **settings) as server:
        api.bench(run, report, server, seconds)


def bench_storage(folder, seconds, rounds):
    """The API on each store; two servers on one store."""
    with postgres.Postgres(folder / "postgres") as server:
        storage.bench_stores(run, report, Server, server, folder, seconds)
        storage.bench_nodes(report, Server, server, folder, max(1, rounds // 2))


def bench_idle(folder, rounds):
    """From start to ready, and what an idle server holds."""
    print("\nStart-up and idling")
    with Server(folder / "idle") as server:
        report("  first start, with the demo's content", server.seconds_to_ready, "s")
    starts, resident = [], []
    for _ in range(max(3, rounds)):
        with Server(folder / "idle") as server:
            starts.append(server.seconds_to_ready)
            time.sleep(2)
            resident.append(server.resident_mb())
    report("  start to ready", statistics.median(starts), "s", 0.5)
    report("  memory two seconds later", statistics.median(resident), "MB", 40)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("what", nargs="?", default="all", choices=["all", "pages", "http", "api", "idle", "storage"])
    options.add_argument("--rounds", type=int, default=5, help="runs of each program")
    options.add_argument("--orders", type=int, default=3_000, help="invoices over HTTP")
    options.add_argument("--seconds", type=int, default=8, help="each load on the API")
    options = options.parse_args()
    if not PRESSROOM.exists():
        sys.exit(f"{PRESSROOM} is not there: cargo build --release --bins --examples")
    with tempfile.TemporaryDirectory(prefix="pressroom-bench-") as folder:
        folder = pathlib.Path(folder)
        if options.what in ("all", "pages"):
            bench_pages(folder, options.rounds)
        if options.what in ("all", "http"):
            bench_http(folder, options.orders)
        if options.what in ("all", "api"):
            bench_api(folder, options.seconds)
        if options.what in ("all", "storage"):
            bench_storage(folder, options.seconds, options.rounds)
        if options.what in ("all", "idle"):
            bench_idle(folder, options.rounds)
    if missed:
        sys.exit(f"\n{len(missed)} goals missed")
    print("\nEvery goal met.")


if __name__ == "__main__":
    main()
