"""The Dockerfile builds, and each service of docker-compose.yml starts and does its work. See tests/image.py."""

import hashlib
import json
import re
import secrets
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import yaml
from django.core.exceptions import ImproperlyConfigured

from contactpoint.local.redis_server import OPERATOR
from contactpoint.local.servers import Servers
from contactpoint.local.state import PROJECT
from contactpoint.redis_accounts import QUEUE
from contactpoint.settings.base import database_variable, required
from contactpoint.settings.outside import BUCKET
from contactpoint.settings.redis import redis_variables
from encryption.holders import HOLDERS
from encryption.keys import Purpose
from encryption.signing import Signer
from tests import servers
from tests.containers import MAY_BE_TOLD, SERVICES, TOLD, Containers
from tests.image import Stage, Step, build, is_ignored, secrets_of, stages, volumes_of
from tests.packages import index
from tests.unit.encryption.keyrings import data_key, write_keyring
from tests.unit.transparency.logs import LOG_KEY, events, sealed
from tests.wire import Wire, wired
from transparency.note import VerifierKey, verify
from transparency.publication import Directory

DATABASE = f"{servers.own_database()}_image"
READY_SECONDS = 90
# What settings read and no service is given, and why.
LEFT_TO_THE_OPERATOR = {
    "API_RATE_PERSON": "3,000 and 120 requests a minute, until a system with many people needs more",
    "API_RATE_SYSTEM": "as API_RATE_PERSON",
    "API_RATE_SOFTWARE": "as API_RATE_PERSON",
    "AUTHORITY_SIGN_IN": "a secret of whoever has such providers",
    "KEY_BACKEND": "files, until somebody has an HSM or a cloud's keys",
    "POSTCODES_FILE": "in a volume of whoever has taken in the list",
}
# A list of one stolen password, in place of hundreds of millions.
LIST = f"{hashlib.sha1(b'Correct-Horse-9', usedforsecurity=False).hexdigest().upper()}:3\n"
TAKE_IN = re.compile(r"^#     (python manage.py take_in_breached_passwords -) <", re.MULTILINE)
BUCKET_SECRET = secrets.token_urlsafe(20)
MAKE_WITNESS = re.compile(r"run --rm witness (python -m .+)$", re.MULTILINE)
MAIL_PASSWORD = secrets.token_urlsafe(20)
PRODUCTION = [name for name, told in SERVICES.items() if "DATABASE_ROLE" in told["environment"]]
COMPOSE = (PROJECT / "docker-compose.yml").read_text()
SIGNING = (
    "import django; django.setup(); from encryption.signing import newest_signer; print(newest_signer().public_key)"
)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    directory = tmp_path_factory.mktemp("image")
    made_up = directory / "made-up"
    venv.create(made_up, with_pip=True)
    with index(directory / "index") as packages:
        # No source distribution among them: in the image there is nothing to build one with.
        lock = packages.lock("plain", "boxed", "stamp")
        pip = {name: value for name, value in packages.environment().items() if name.startswith("PIP_")}
        yield build(directory, made_up=made_up, lock=lock, more=pip)


@pytest.fixture(scope="module")
def wire(running_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with wired(running_servers, tmp_path_factory.mktemp("wire")) as made:
        yield made


@pytest.fixture(scope="module")
def secret_files(running_servers: Servers, wire: Wire) -> Iterator[dict[str, str]]:
    """What stands in .local/secrets: an empty database as the engine's own service makes it, and Redis."""
    running_servers.make_database(DATABASE)
    given = servers.login_environment(DATABASE, redis_database=servers.service_redis_database())
    addresses = {name: wire.moved(value) if name.endswith("_URL") else value for name, value in given.items()}
    yield {
        "secret_key": secrets.token_urlsafe(50),
        "bucket_secret_access_key": BUCKET_SECRET,
        "email_host_password": MAIL_PASSWORD,
        "root_certificate": (wire.directory / "root_certificate").read_text(),
        "database_web_url": addresses["DATABASE_URL"],
        "redis_web_url": addresses["REDIS_URL"],
        **{name.lower(): value for name, value in addresses.items() if name not in ("DATABASE_URL", "REDIS_URL")},
    }
    servers.drop(DATABASE)


@pytest.fixture(scope="module")
def containers(image: Stage, secret_files: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Containers:
    """The services, prepared: keys, tables and the list of stolen passwords are there."""
    started = Containers(image, secret_files, tmp_path_factory.mktemp("volumes"))
    (taking_in,) = TAKE_IN.findall(COMPOSE)
    for done in (
        started.finish("keys"),
        started.finish("prepare"),
        started.finish("sign_in", *taking_in.split(), given=LIST),
    ):
        assert done.returncode == 0, done.stderr
    return started


def test_image_installs_what_is_locked_though_there_are_newer_releases(image: Stage) -> None:
    made_up = image.root.parent / "made-up" / "lib"
    installed = {each.name for each in made_up.glob("python*/site-packages/*.dist-info")}
    assert {"plain-1.0.dist-info", "boxed-1.0.dist-info", "stamp-1.0.dist-info"} <= installed


def test_image_holds_the_files_for_pages_under_names_that_change_with_them(image: Stage) -> None:
    collected = image.work / "staticfiles"
    names = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for name in ("build/service.css", "build/service.js", "build/govuk-frontend.min.js", "build/passkeys.js"):
        assert names[name] != name
        assert (collected / names[name]).stat().st_size > 0


def test_image_holds_no_secret_and_nothing_that_git_leaves_out(image: Stage) -> None:
    assert not {".local", ".venv", "node_modules", ".git"} & {each.name for each in image.work.iterdir()}
    assert set(image.variables) == {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}


@pytest.mark.parametrize("name", ["web", "sign_in"])
def test_what_people_meet_answers_and_its_own_health_check_agrees(containers: Containers, name: str) -> None:
    port = _free_port()
    with containers.running(name, port=port) as web:
        _wait(lambda: web.poll() is not None or containers.healthy(name, port=port))
        assert web.poll() is None, containers.log(name)
    assert not containers.healthy(name, port=port)


def test_nobody_signs_in_without_the_list_of_stolen_passwords(containers: Containers) -> None:
    kept = containers.volume("breached") / "passwords"
    with_list = kept.rename(kept.with_name("away"))
    try:
        with containers.running("sign_in", port=_free_port()) as sign_in:
            assert sign_in.wait(timeout=READY_SECONDS) != 0
    finally:
        with_list.rename(kept)
    assert "ImproperlyConfigured" in containers.log("sign_in")


@pytest.mark.parametrize(
    ("name", "task"), [("worker", "access.tasks.delete_ended_sessions"), ("sequencer", "audit.tasks.watch_the_numbers")]
)
def test_worker_takes_what_is_sent_to_it(
    name: str, task: str, containers: Containers, running_servers: Servers
) -> None:
    address = running_servers.redis.address(OPERATOR, servers.service_redis_database())
    sent = containers.finish("worker", "celery", "--app=contactpoint", "call", task)
    assert sent.returncode == 0, sent.stderr
    with redis.Redis.from_url(address) as looking, containers.running(name) as working:
        assert looking.llen(f"{QUEUE}{name}") >= 1
        _wait(lambda: working.poll() is not None or not looking.llen(f"{QUEUE}{name}"))
        assert working.poll() is None, containers.log(name)
    assert "exception" not in containers.log(name)


def test_sequencer_alone_can_sign_the_log(containers: Containers) -> None:
    asked = {name: containers.finish(name, "python", "-c", SIGNING) for name in HOLDERS}

    assert {name for name, done in asked.items() if done.returncode == 0} == {"sequencer"}
    for name in HOLDERS.keys() - {"sequencer"}:
        assert f"KeyMissingError: The process {name} has no key for checkpoint" in asked[name].stderr


def test_installation_from_before_is_split_when_its_services_start_again(
    image: Stage, secret_files: dict[str, str], tmp_path: Path
) -> None:
    """It had one volume, which every service mounted."""
    old = [
        data_key(number, each) for number, each in enumerate(Purpose, start=1) if each not in {"child", "trait", "tag"}
    ]
    write_keyring(tmp_path / "keys", *old)
    upgraded = Containers(image, secret_files, tmp_path)

    done = upgraded.finish("keys")

    assert "was split" in done.stdout, done.stderr
    assert list((tmp_path / "keys").rglob("*.json")) == []
    [signing] = [key for key in old if key.purpose == Purpose.CHECKPOINT]
    assert upgraded.finish("sequencer", "python", "-c", SIGNING).stdout.strip() == str(Signer(signing).public_key)
    assert upgraded.finish("web", "python", "-c", SIGNING).returncode != 0


@pytest.mark.parametrize("name", PRODUCTION)
def test_service_is_given_every_variable_that_production_demands(name: str) -> None:
    given = Containers.variables(name)
    named = set(given) | {file.upper() for file in secrets_of(SERVICES[name])}
    assert demanded(given["DATABASE_ROLE"]) - named == set()


def test_every_variable_that_settings_read_is_given_or_left_to_the_operator() -> None:
    texts = [
        (PROJECT / f"contactpoint/settings/{name}.py").read_text() for name in ("api", "base", "production", "redis")
    ]
    read = {name for text in texts for name in re.findall(r'environ\.get\("(\w+)"', text)} | set(BUCKET)
    given = {name for service in SERVICES for name in Containers.variables(service)}
    given |= {file.upper() for service in SERVICES.values() for file in secrets_of(service)}

    assert read - given == set(LEFT_TO_THE_OPERATOR)


def test_header_names_every_secret_and_every_variable() -> None:
    header = COMPOSE.partition("\nname:")[0]
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))

    assert set(re.findall(r"\b([a-z]+(?:_[a-z]+)+)\b", header)) >= set(yaml.safe_load(COMPOSE)["secrets"])
    assert asked == {*TOLD, *MAY_BE_TOLD}
    assert [name for name in asked if name not in header] == []


def test_worker_alone_is_told_the_account_at_the_mail_server(containers: Containers) -> None:
    asking = "from django.conf import settings as s; print(s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD)"

    told = {name: containers.finish(name, "python", "-c", asking).stdout.split() for name in PRODUCTION}

    assert told.pop("worker") == ["2525", "registry-account", MAIL_PASSWORD]
    assert {tuple(each) for each in told.values()} == {("587",)}


def test_worker_alone_is_told_the_account_at_the_bucket(containers: Containers) -> None:
    asking = "from django.conf import settings as s; print((s.BUCKET or {}).get('secret_access_key'))"

    told = {name: containers.finish(name, "python", "-c", asking).stdout.strip() for name in PRODUCTION}

    assert told.pop("worker") == BUCKET_SECRET
    assert set(told.values()) == {"None"}


@pytest.fixture(scope="module")
def witness_key(containers: Containers) -> VerifierKey:
    (making,) = MAKE_WITNESS.findall(COMPOSE)
    return VerifierKey.parse(containers.finish("witness", *making.split()).stdout)


def test_witness_vouches_and_knows_nothing_of_the_service(
    containers: Containers, image: Stage, witness_key: VerifierKey
) -> None:
    log = sealed(events(20))
    containers._mount_volumes("witness")
    Directory(image.root / "publication").publish(log.published[20], log.tiles)

    with containers.running("witness") as witness:
        published = Directory(image.root / "publication")
        _wait(lambda: witness.poll() is not None or published.cosignature(20, witness_key.name) is not None)
        assert witness.poll() is None, containers.log("witness")
        given = Path(f"/proc/{witness.pid}/environ").read_text().split("\0")
        assert verify(published.checkpoint(20), [LOG_KEY, witness_key]) == (LOG_KEY.name, witness_key.name)
    assert "Vouches for the log." in containers.log("witness")
    of_a_shell = {"PWD", "OLDPWD", "SHLVL", "_"}
    told = {name.partition("=")[0] for name in given if name} - of_a_shell
    assert told == {"PATH", "HOME", "LOG_KEYS", *image.variables}
    assert [name for name, service in SERVICES.items() if "witness" in volumes_of(service).values()] == ["witness"]


def test_witness_without_the_logs_key_says_how_to_come_by_it(
    containers: Containers, image: Stage, witness_key: VerifierKey
) -> None:
    containers._mount_volumes("witness")
    done = image.run(*containers.command("witness"), more={"LOG_KEYS": ""})
    assert done.returncode == 2
    assert done.stderr == "transparency: There is no key: `manage.py log_keys` prints the log's.\n"


def demanded(role: str) -> set[str]:
    """The variables that production settings name when nothing but the role is set."""
    bare = {"DJANGO_SETTINGS_MODULE": "contactpoint.settings.production", "DATABASE_ROLE": role}
    command = [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"]
    said = subprocess.run(command, cwd=PROJECT, env=bare, capture_output=True, text=True, check=False).stderr
    return set(re.findall(r"^  ([A-Z_]+): ", said, re.MULTILINE))


@pytest.mark.parametrize("role", ["web", "sign_in", "owner", "worker", "sequencer", "examiner"])
def test_production_names_all_that_is_missing_at_once(role: str) -> None:
    (database,) = database_variable(role)
    own = {database, *redis_variables(role), *(["BREACHED_PASSWORDS_FILE"] if role == "sign_in" else [])}
    assert demanded(role) == {*TOLD, "KEYRING_DIR", "PUBLICATION_DIR", "SECRET_KEY", "TLS_ROOT_CERTIFICATE", *own}


def test_a_variable_that_is_empty_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_HOST", "")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_HOST: the mail server"):
        required({"EMAIL_HOST": "the mail server"})


def test_dockerfile_is_read_as_the_engine_reads_it() -> None:
    first = "# comment\nFROM one AS first\nRUN a \\\n  && b\n\n"
    second = "FROM two\nCOPY --chmod=755 <<'EOF' /to\n# kept\nline\nEOF\nUSER c\n"
    assert stages(first + second) == [
        [Step("FROM", "one AS first"), Step("RUN", "a   && b")],
        [Step("FROM", "two"), Step("COPY", "--chmod=755 <<'EOF' /to", "# kept\nline\n"), Step("USER", "c")],
    ]


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        (".local/keys/root", True),
        ("registry/__pycache__/a.pyc", True),
        ("tests/.mypy_cache/a", True),
        ("static/build/service.css", True),
        ("static/favicon.ico", False),
        ("contactpoint/local/state.py", False),
    ],
)
def test_context_leaves_out_what_dockerignore_names(path: str, ignored: bool) -> None:
    patterns = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert is_ignored(Path(path), patterns) is ignored


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not done():
        assert time.monotonic() < deadline, f"not ready after {READY_SECONDS} seconds"
        time.sleep(0.5)
