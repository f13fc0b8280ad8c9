"""A PostgreSQL of its own, from the installed programs, with the settings that it comes with."""

import glob
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys


def programs():
    """The folder of the newest installed server."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if found:
        return pathlib.Path(found[-1]).parent
    if shutil.which("initdb"):
        return pathlib.Path(shutil.which("initdb")).parent
    sys.exit("PostgreSQL is not there: apt-get install postgresql")


class Postgres:
    """Runs until the end of the block. It refuses to be root's, and is another account's there."""

    def __init__(self, folder):
        self.folder = folder
        self.bin = programs()
        self.account = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def command(self, program, *arguments):
        line = [str(self.bin / program), *map(str, arguments)]
        return ["setpriv", "--reuid", self.account, "--regid", self.account, "--clear-groups", *line] \
            if os.getuid() == 0 else line

    def __enter__(self):
        self.folder.mkdir()
        # Whoever runs it must be able to reach its folder.
        for folder in (self.folder.parent, self.folder):
            folder.chmod(0o755)
        if os.getuid() == 0:
            shutil.chown(self.folder, self.account, self.account)
        data = self.folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "check": True}
        subprocess.run(self.command("initdb", "-D", data, "-U", "press", "-A", "trust", "-E", "UTF8"), **quiet)
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.data = data
        subprocess.run(self.command(
            "pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start"), **quiet)
        return self

    def __exit__(self, *_):
        subprocess.run(self.command("pg_ctl", "-D", self.data, "-m", "immediate", "stop"),
                       stdout=subprocess.DEVNULL, check=False)

    def sql(self, database, text):
        """Runs SQL, and gives what it prints."""
        return subprocess.run(
            self.command("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "press", "-qAt", "-v",
                         "ON_ERROR_STOP=1", database),
            input=text, text=True, check=True, capture_output=True).stdout

    def database(self, name):
        """A new database; its URL."""
        self.sql("postgres", f"create database {name}")
        return f"postgres://press@127.0.0.1:{self.port}/{name}?sslmode=disable"
