"""The two databases: how lines come into them, and how they are asked."""

import contextlib
import csv
import io
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
QUESTIONS = HERE / "questions"
TABLES = ["connections", "packets", "findings", "events", "stories"]
DAILY = ["packets", "findings", "events"]
VENV = HERE.parent.parent / ".build-peers/venv/bin/python"
LIMIT = 60


def need_duckdb():
    """The module, from the environment of tools/setup --tests if it is not installed otherwise."""
    try:
        import duckdb  # pylint: disable=import-outside-toplevel
    except ImportError:
        if os.environ.get("STANZATAP_SEARCH_VENV") or not VENV.exists():
            sys.exit("duckdb is not installed: python3 -m venv venv && . venv/bin/activate && pip install duckdb")
        os.execve(VENV, [str(VENV), *sys.argv], dict(os.environ, STANZATAP_SEARCH_VENV="1"))
    return duckdb


def text(name):
    """A file of SQL."""
    return (HERE / name).read_text(encoding="utf-8")


def quoted(value):
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


class DuckDB:
    """Parquet files in a folder, read by DuckDB."""

    def __init__(self, folder, is_new=True):
        module = need_duckdb()
        self.error = module.Error
        self.folder = pathlib.Path(folder).resolve()
        if is_new:
            self.folder.mkdir(parents=True, exist_ok=True)
        elif not (self.folder / "packets").is_dir():
            sys.exit(f"{folder} holds no recordings: tools/search/load duckdb puts some there")
        self.connection = module.connect(config={"temp_directory": str(self.folder / "temporary")})
        self.connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        # Loading fills the folders of many days and recorders at once.
        self.connection.execute("SET partitioned_write_max_open_files = 32")
        self.see()

    def see(self, since=None):
        """Makes the tables: views of the files that there are; of packets, findings and events those of the day of `since`
        and later ones, so that no others are opened. What a connection began with may be older."""
        for table in TABLES:
            files = self.folder / table
            days = f" WHERE date >= {quoted(since)}::TIMESTAMPTZ::DATE" if since and table in DAILY else ""
            if any(files.glob("*/*/*.parquet")):
                self.connection.execute(
                    f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM read_parquet({quoted(files / '*/*/*.parquet')}, "
                    f"hive_partitioning = true, hive_types = {{'date': DATE, 'recorder': VARCHAR}}){days}")

    def load(self, path):
        """Reads a file of lines. Loaded again, it takes the place of what it brought before."""
        path = pathlib.Path(path).resolve()
        part = re.sub(r"[^A-Za-z0-9.-]", "_", path.name) + "-{i}"
        statements = text("tables.duckdb.sql").replace("$LINES", quoted(path))
        folder = quoted(self.folder)[1:-1]
        self.execute(statements.replace("$FOLDER", folder).replace("$PART", part))
        self.see()

    def execute(self, statements):
        """Runs them, or ends with what DuckDB says."""
        try:
            return self.connection.execute(statements)
        except self.error as error:
            sys.exit(f"DuckDB failed: {error}")

    def ask(self, name, **values):
        """The answer to one question: names of the columns, rows of texts, numbers and times."""
        self.see(values.get("since"))
        question = re.sub(r":'(\w+)'", lambda match: quoted(values[match[1]]), text(f"questions/{name}.sql"))
        result = self.execute(question)
        return [column[0] for column in result.description], result.fetchall()

    def count(self, table):
        """How many rows it has."""
        self.see()
        return self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


class PostgreSQL:
    """A database that psql reaches, by default by PGHOST and its relatives."""

    def __init__(self, **environment):
        self.environment = dict(os.environ, PGTZ="UTC", PGOPTIONS="-c client_min_messages=warning", **environment)
        self.has_tables = False

    def run(self, *words, given=None, values=()):
        """Runs psql; what it writes is returned."""
        command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *words]
        for name, value in dict(values).items():
            command += ["-v", f"{name}={value}"]
        result = subprocess.run(command, input=given, env=self.environment, capture_output=True, text=True, check=False)
        if result.returncode:
            sys.exit(f"psql failed: {result.stderr.strip()}")
        return result.stdout

    def make_tables(self, *files):
        """Makes what is not there yet."""
        for name in files or ("tables.postgres.sql", "indexes.postgres.sql"):
            self.run("-f", str(HERE / name))
        self.has_tables = True

    def load(self, path):
        """Reads a file of lines. What the same captures brought before is replaced."""
        if not self.has_tables:
            self.make_tables()
        # Lines have no control characters, so that each is one value.
        copy = r"\copy lines FROM {} WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')".format(quoted(pathlib.Path(path).resolve()))
        self.run("-1", "-c", "CREATE TEMP TABLE lines (line text) ON COMMIT DROP", "-c", copy, "-f", str(HERE / "load.postgres.sql"))

    def ask(self, name, **values):
        """As DuckDB's, but that everything is a text."""
        rows = list(csv.reader(io.StringIO(self.run("--csv", "-f", str(QUESTIONS / f"{name}.sql"), values=values))))
        return rows[0], [tuple(row) for row in rows[1:]]

    def count(self, table):
        """How many rows it has."""
        return int(self.run("-At", "-c", f"SELECT count(*) FROM {table}"))


@contextlib.contextmanager
def postgres_server(folder=None, **settings):
    """A PostgreSQL of our own, reachable by a socket in its folder only; it ends with this, whatever happens.

    `settings` are its options. Gives the environment by which psql finds it. As root it runs as the user postgres, for it
    refuses to run as root.
    """
    programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not programs:
        sys.exit("PostgreSQL is not installed: run tools/setup --tests")
    owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    # Short, for a socket's address has 107 characters at most.
    place = pathlib.Path(tempfile.mkdtemp(prefix="stanzatap-pg-", dir=folder))
    if owner:
        shutil.chown(place, "postgres", "postgres")
    common = {"cwd": place, "stdin": subprocess.DEVNULL, **owner}
    server = None
    try:
        data = place / "data"
        subprocess.run([programs[-1] / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                        "--no-sync"], check=True, stdout=subprocess.DEVNULL, **common)
        with open(place / "log", "wb") as log:
            command = [programs[-1] / "postgres", "-D", data, "-k", place, "-c", "listen_addresses="]
            for name, value in settings.items():
                command += ["-c", f"{name}={value}"]
            server = subprocess.Popen(command, stdout=log, stderr=log, **common)
        environment = {"PGHOST": str(place), "PGUSER": "postgres", "PGDATABASE": "postgres"}
        wait_for_postgres(server, place, environment)
        yield environment
    finally:
        if server:
            # A fast end, as Ctrl-C asks for.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(LIMIT)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(place, ignore_errors=True)


def wait_for_postgres(server, place, environment):
    """Until it answers."""
    deadline = time.monotonic() + LIMIT
    while subprocess.run(["pg_isready", "-q"], env=dict(os.environ, **environment), check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("PostgreSQL does not start: " + (place / "log").read_text(errors="replace")[-2000:])
        time.sleep(0.1)
