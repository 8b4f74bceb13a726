"""Processes of this installation that may have outlived whoever started them, known by the number files they leave."""

from pathlib import Path

import psutil

END_SECONDS = 15
# What the command line of each one contains: a number file may be older than the process that has its number now.
MARKS = {
    "demo.pid": "contactpoint.local.demo",
    "web.pid": "contactpoint.wsgi",
    "sign_in.pid": "contactpoint.wsgi",
    "worker.pid": "celery",
    "sequencer.pid": "celery",
    "examiner.pid": "celery",
    "witness.pid": "transparency witness",
}
# Those that the demonstration starts.
SERVING = tuple(file for file in MARKS if file != "demo.pid")


def running(directory: Path, file: str) -> psutil.Process | None:
    """The process that the number file `file` in `directory` tells of, if it is still that one."""
    try:
        process = psutil.Process(int((directory / file).read_text()))
        return process if MARKS[file] in " ".join(process.cmdline()) else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def end(directory: Path, *files: str) -> None:
    """Ask the processes behind these number files to end, wait until they have, and remove the files."""
    for file in files:
        if process := running(directory, file):
            family = [process, *process.children(recursive=True)]
            process.terminate()
            _, alive = psutil.wait_procs(family, timeout=END_SECONDS)
            for member in alive:
                member.kill()
        (directory / file).unlink(missing_ok=True)
