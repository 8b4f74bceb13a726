"""The services of docker-compose.yml started from the image, without an engine (tests/image.py)."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.image import Stage, secrets_of, services, volumes_of
from tests.unit.transparency.logs import LOG_KEY, WITNESS_KEY

# What docker-compose.yml asks of whoever starts it.
TOLD = {
    "ALLOWED_HOSTS": "registry.example,sign-in.registry.example",
    "SERVICE_ADDRESS": "https://registry.example",
    "SIGN_IN_ADDRESS": "https://sign-in.registry.example",
    "LOG_ORIGIN": "registry.example/log",
    "EMAIL_HOST": "mail.registry.example",
    "DEFAULT_FROM_EMAIL": "service@registry.example",
}
# What may be said to it besides.
MAY_BE_TOLD = {
    "EMAIL_PORT": "2525",
    "EMAIL_HOST_USER": "registry-account",
    "TRUSTED_PROXIES": "2",
    "FEEDS_AT_ONCE": "3",
    "LOG_KEYS": str(LOG_KEY),
    "WITNESS_KEYS": str(WITNESS_KEY),
    "BUCKET_NAME": "registry-log",
    "BUCKET_ENDPOINT": "https://bucket.example",
    "BUCKET_REGION": "eu-west-2",
    "BUCKET_ACCESS_KEY_ID": "registry-keeper",
    "BUCKET_RETENTION_DAYS": "3653",
}
SERVICES = services(TOLD | MAY_BE_TOLD)
MOUNTED = {target for service in SERVICES.values() for target in volumes_of(service)}


class Containers:
    """Starts services of docker-compose.yml from the image, one after the other."""

    def __init__(self, image: Stage, secret_files: Mapping[str, str], volumes: Path) -> None:
        self._image = image
        self._secret_files = secret_files
        self._volumes = volumes

    def command(self, name: str) -> list[str]:
        """What the service runs: its own command or the image's, behind the image's entrypoint."""
        own: list[str] = SERVICES[name].get("command", self._image.command)
        return self._image.entrypoint + own

    def finish(self, name: str, *other: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run the service to its end, or another command in its place, with `given` as its input."""
        self._give_secrets(name)
        self._mount_volumes(name)
        command = self._image.entrypoint + list(other) if other else self.command(name)
        return self._image.run(*command, more=self.variables(name), given=given)

    @contextmanager
    def running(self, name: str, *, port: int = 0) -> Iterator[subprocess.Popen[bytes]]:
        self._give_secrets(name)
        self._mount_volumes(name)
        command = [self._image.moved(each) for each in self.command(name)]
        command = [each.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for each in command]
        environment = self._image.environment(self.variables(name))
        with (self._image.root / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=self._image.work, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)

    def healthy(self, name: str, *, port: int) -> bool:
        """Ask the service's own health check, as the engine would: without the secrets."""
        _, *check = SERVICES[name]["healthcheck"]["test"]
        asked = [each.replace("127.0.0.1:8000", f"127.0.0.1:{port}") for each in check]
        return self._image.run(*asked, more=self.variables(name)).returncode == 0

    def volume(self, name: str) -> Path:
        """Where it lies, whichever service has it now."""
        return self._volumes / name

    def log(self, name: str) -> str:
        return (self._image.root / f"{name}.log").read_text()

    @staticmethod
    def variables(name: str) -> dict[str, str]:
        return {variable: str(value) for variable, value in SERVICES[name]["environment"].items()}

    def _give_secrets(self, name: str) -> None:
        place = self._image.root / "run" / "secrets"
        for old in place.iterdir():
            old.unlink()
        for file, source in secrets_of(SERVICES[name]).items():
            (place / file).write_text(self._secret_files[source])
        for config in SERVICES[name]["configs"]:
            Path(self._image.moved(config["target"])).write_text(self._secret_files[config["source"]])

    def _mount_volumes(self, name: str) -> None:
        """Give the service its volumes, and no other service's."""
        for target in sorted(MOUNTED, reverse=True):
            place = self._image.root / target.lstrip("/")
            if place.is_symlink():
                place.unlink()
                place.mkdir()
        for target, volume in volumes_of(SERVICES[name]).items():
            place = self._image.root / target.lstrip("/")
            (self._volumes / volume).mkdir(mode=0o700, exist_ok=True)
            if place.exists():
                shutil.rmtree(place)
            place.symlink_to(self._volumes / volume)
