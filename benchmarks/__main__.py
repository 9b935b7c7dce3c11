"""`make bench`: the house's own measurements at 100,000 tickets, one after the other.

Where DATABASE_URL is unset, a database of its own on the built-in PostgreSQL is made and filled first, once. To compare
with other products on the same text see `benchmarks/targets/ours.json`.
"""

import argparse
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from helpdesk import embedded

DATABASE = "bench"


def own_database() -> str:
    """The URL of our database on the built-in server, made if it is missing."""
    embedded.start()
    url = urlsplit(embedded.database_url())
    with psycopg.connect(embedded.database_url(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    folder, _, _ = url.path.rpartition("/")
    return urlunsplit(url._replace(path=f"{folder}/{DATABASE}"))


def run(*command: str) -> None:
    print(f"\n$ python {' '.join(command)}", flush=True)
    subprocess.run([sys.executable, *command], check=True)


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1 FROM tickets_ticket LIMIT 1").fetchone() is None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    asked = parser.parse_args()
    url = os.environ.setdefault("DATABASE_URL", own_database())
    run("manage.py", "migrate", "-v0")
    if is_empty(url):
        run("manage.py", "simulate", "--tickets", str(asked.tickets), "--days", "400")
        run("manage.py", "train")
    for name in ("pages", "intake", "retrieval"):
        run("-m", f"benchmarks.{name}")


if __name__ == "__main__":
    main()
