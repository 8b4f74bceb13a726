"""The commands. `contactpoint-verify` and `python -m transparency verify` are the same."""

import os
import signal
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from transparency import pack, proof, vigil
from transparency.errors import (
    InputError,
    NoteError,
    PackError,
    ProofError,
    PublicationError,
    TransparencyError,
    UnreachableError,
)
from transparency.exports import Export
from transparency.findings import Report
from transparency.note import SignatureType, VerifierKey
from transparency.publication import Directory
from transparency.verify import Publication, verify
from transparency.witness import Witness, WitnessKey

WHOLE, FOUND, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m transparency`: returns 0 when all is well, 1 with findings or a refusal, 2 when it was misused."""
    parser = ArgumentParser(prog="transparency", description="Proofs about the access log.")
    commands = parser.add_subparsers(required=True)
    _add_verify(commands.add_parser("verify", help="say whether a log is whole"))
    _add_proof(commands.add_parser("proof", help="say whether a proof shows that an event is in the log"))
    _add_pack(commands.add_parser("pack", help="say what an evidence pack proves"))
    witness = commands.add_parser("witness", help="vouch for a log that others keep").add_subparsers(required=True)
    _add_new_key(witness.add_parser("new-key", help="make a witness's key"))
    _add_public_key(witness.add_parser("public-key", help="print what others know a witness's key by"))
    _add_cosign(witness.add_parser("cosign", help="vouch for the latest checkpoint"))
    _add_run(witness.add_parser("run", help="vouch for each checkpoint that comes, until it is ended"))
    return _run(parser, arguments)


def verify_main(arguments: Sequence[str] | None = None) -> int:
    """`contactpoint-verify`: as `main` with its command `verify`."""
    parser = ArgumentParser(prog="contactpoint-verify", description="Says whether an access log is whole.")
    _add_verify(parser)
    return _run(parser, arguments)


def _add_verify(parser: ArgumentParser) -> None:
    parser.add_argument("exports", nargs="*", type=Path, metavar="EXPORT", help="an export of the log")
    parser.add_argument(
        "--key", action="append", required=True, dest="keys", metavar="KEY",
        help="a verifier key, of the log or of a witness, or a file that holds some; old ones too",
    )  # fmt: skip
    published = parser.add_mutually_exclusive_group()
    published.add_argument("--publication", type=Path, metavar="DIR", help="where checkpoints and tiles are published")
    published.add_argument(
        "--bucket", nargs=3, metavar=("NAME", "ENDPOINT", "REGION"),
        help="the bucket where they are; the account is that of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or none",
    )  # fmt: skip
    parser.add_argument(
        "--checkpoint", action="append", default=[], type=Path, dest="checkpoints", metavar="FILE",
        help="a checkpoint obtained elsewhere: by you at an earlier time, from another reader or from a witness",
    )  # fmt: skip
    parser.add_argument("--part", action="store_true", help="the exports may end before the log does")
    parser.set_defaults(command=_verify)


def _add_proof(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the proof, as it was downloaded")
    parser.add_argument("--key", required=True, metavar="KEY", help="the log's verifier key, or a file that holds some")
    parser.set_defaults(command=_proof)


def _add_pack(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the evidence pack, as it was downloaded")
    parser.add_argument("--key", required=True, metavar="KEY", help="the log's verifier key, or a file that holds some")
    parser.set_defaults(command=_pack)


def _add_new_key(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to make")
    parser.add_argument("--name", required=True, help="the witness's name, such as witness.example.org/contactpoint")
    parser.set_defaults(command=_new_key)


def _add_public_key(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="what `new-key` made")
    parser.set_defaults(command=_public_key)


def _add_cosign(parser: ArgumentParser) -> None:
    parser.add_argument("--publication", type=Path, required=True, metavar="DIR")
    parser.add_argument("--log-key", required=True, metavar="KEY", help="the log's verifier keys, or a file with them")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="what `new-key` made")
    parser.add_argument("--state", type=Path, required=True, metavar="DIR", help="what this witness vouched for")
    parser.set_defaults(command=_cosign)


def _add_run(parser: ArgumentParser) -> None:
    _add_cosign(parser)
    parser.add_argument("--every", type=float, default=60.0, metavar="SECONDS", help="how often it looks")
    parser.add_argument("--pidfile", type=Path, metavar="FILE", help="where to write the number of its process")
    parser.set_defaults(command=_run_witness)


def _run(parser: ArgumentParser, arguments: Sequence[str] | None) -> int:
    options = parser.parse_args(arguments)
    try:
        code: int = options.command(options)
    except (InputError, UnreachableError, OSError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return UNREADABLE
    return code


def _verify(options: Namespace) -> int:
    if not (options.publication or options.bucket or options.checkpoints):
        raise InputError("There is nothing to verify by: give --checkpoint FILE, --publication DIR or --bucket.")
    if not (options.publication or options.bucket or options.exports):
        raise InputError("There is nothing to verify: give an export, --publication DIR or --bucket.")
    keys = [key for text in options.keys for key in _keys(text)]
    if all(key.type != SignatureType.LOG for key in keys):
        raise InputError("Give the log's own key with --key; a witness's alone is not enough.")
    elsewhere = {str(path): _text(path) for path in options.checkpoints}
    with ExitStack() as opened:
        publication = _published(options, opened)
        exports = [Export(str(path), opened.enter_context(path.open("rb"))) for path in options.exports]
        report = verify(exports, publication, elsewhere, keys, part=options.part or not exports)
    found = () if publication is None else publication.findings
    return _say(replace(report, findings=(*found, *report.findings)))


def _published(options: Namespace, opened: ExitStack) -> Publication | None:
    if not options.bucket:
        return None if options.publication is None else _directory(options.publication)
    from transparency import bucket, bucket_reader  # nothing else here needs boto3

    name, endpoint, region = options.bucket
    try:
        connected = opened.enter_context(bucket.connect(name, endpoint=endpoint, region=region))
        return bucket_reader.BucketReader(connected)
    except PublicationError as error:
        raise InputError(f"--bucket: {error}") from None


def _say(report: Report) -> int:
    sys.stdout.write(f"{report}\n")
    return WHOLE if report.whole else FOUND


def _proof(options: Namespace) -> int:
    try:
        proved = proof.check(_text(options.file), _keys(options.key))
    except (NoteError, ProofError) as error:
        sys.stderr.write(f"Not proved. {error}\n")
        return FOUND
    event, checkpoint = proved.event, proved.checkpoint
    sys.stdout.write(
        f"Proved: event {event.id} ({event.kind}) is leaf {proved.index} of the {checkpoint.size} of"
        f" {checkpoint.origin}. Compare the checkpoint with one obtained elsewhere.\n"
    )
    return WHOLE


def _pack(options: Namespace) -> int:
    try:
        proved = pack.check(options.file.read_bytes(), _keys(options.key))
    except PackError as error:
        sys.stderr.write(f"Not proved. {error}\n")
        return FOUND
    for each in proved:
        sys.stdout.write(f"Proved: event {each.event.id} ({each.event.kind}) is leaf {each.index}.\n")
    checkpoint = proved[0].checkpoint
    sys.stdout.write(
        f"All {len(proved)} are in the {checkpoint.size} of {checkpoint.origin}."
        " Compare the checkpoint with one obtained elsewhere.\n"
    )
    return WHOLE


def _new_key(options: Namespace) -> int:
    try:
        key = WitnessKey.make(options.file, options.name)
    except NoteError as error:
        raise InputError(str(error)) from None
    sys.stdout.write(f"{key.verifier}\n")
    return WHOLE


def _public_key(options: Namespace) -> int:
    sys.stdout.write(f"{WitnessKey.load(options.file).verifier}\n")
    return WHOLE


def _cosign(options: Namespace) -> int:
    witness = Witness(options.state, WitnessKey.load(options.key))
    try:
        seen = witness.cosign(_directory(options.publication), _keys(options.log_key))
    except InputError:
        raise
    except TransparencyError as error:
        sys.stderr.write(f"Not cosigned. {error}\n")
        return FOUND
    sys.stdout.write(f"Cosigned: {seen.origin}, {seen.size} leaves.\n")
    return WHOLE


def _run_witness(options: Namespace) -> int:
    key = WitnessKey.load(options.key)
    log_keys = _keys(options.log_key)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with _numbered(options.pidfile):
        vigil.keep_watch(
            Witness(options.state, key),
            Directory(options.publication),  # which whoever publishes first makes
            log_keys,
            every=options.every,
            say=lambda text: print(f"{key.verifier.name}: {text}", flush=True),  # noqa: T201 - to whoever started it
            ended=ended,
        )
    return WHOLE


@contextmanager
def _numbered(file: Path | None) -> Iterator[None]:
    """Leave the number of this process in `file`, where one is asked for, while it runs."""
    if file is None:
        yield
        return
    file.write_text(f"{os.getpid()}\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _keys(text: str) -> list[VerifierKey]:
    """The keys that `text` is, or those in the file that it names."""
    lines = text.split() if "+" in text or not text.strip() else _text(Path(text)).split()
    try:
        keys = [VerifierKey.parse(line) for line in lines]
    except NoteError as error:
        raise InputError(f"--key: {error}") from None
    if not keys:
        raise InputError(f"There is no key{f' in {text}' if text else ''}: `manage.py log_keys` prints the log's.")
    return keys


def _directory(path: Path) -> Directory:
    if not path.is_dir():
        raise InputError(f"{path} is no folder.")
    return Directory(path)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a text.") from None
