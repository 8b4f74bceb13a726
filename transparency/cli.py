"""The commands. `contactpoint-verify` and `python -m transparency verify` are the same."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from transparency import proof
from transparency.errors import InputError, NoteError, ProofError, TransparencyError
from transparency.exports import Export
from transparency.findings import Report
from transparency.note import SignatureType, VerifierKey
from transparency.publication import Directory
from transparency.verify import verify
from transparency.witness import Witness, WitnessKey

WHOLE, FOUND, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m transparency`: returns 0 when all is well, 1 with findings or a refusal, 2 when it was misused."""
    parser = ArgumentParser(prog="transparency", description="Proofs about the access log.")
    commands = parser.add_subparsers(required=True)
    _add_verify(commands.add_parser("verify", help="say whether a log is whole"))
    _add_proof(commands.add_parser("proof", help="say whether a proof shows that an event is in the log"))
    witness = commands.add_parser("witness", help="vouch for a log that others keep").add_subparsers(required=True)
    _add_new_key(witness.add_parser("new-key", help="make a witness's key"))
    _add_cosign(witness.add_parser("cosign", help="vouch for the latest checkpoint"))
    return _run(parser, arguments)


def verify_main(arguments: Sequence[str] | None = None) -> int:
    """`contactpoint-verify`: as `main` with its command `verify`."""
    parser = ArgumentParser(prog="contactpoint-verify", description="Says whether an access log is whole.")
    _add_verify(parser)
    return _run(parser, arguments)


def _add_verify(parser: ArgumentParser) -> None:
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT", help="an export of the log")
    parser.add_argument(
        "--key", action="append", required=True, dest="keys", metavar="KEY",
        help="a verifier key, of the log or of a witness, or a file that holds some; old ones too",
    )  # fmt: skip
    parser.add_argument("--publication", type=Path, metavar="DIR", help="where checkpoints and tiles are published")
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


def _add_new_key(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to make")
    parser.add_argument("--name", required=True, help="the witness's name, such as witness.example.org/contactpoint")
    parser.set_defaults(command=_new_key)


def _add_cosign(parser: ArgumentParser) -> None:
    parser.add_argument("--publication", type=Path, required=True, metavar="DIR")
    parser.add_argument("--log-key", required=True, metavar="KEY", help="the log's verifier key")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="what `new-key` made")
    parser.add_argument("--state", type=Path, required=True, metavar="DIR", help="what this witness vouched for")
    parser.set_defaults(command=_cosign)


def _run(parser: ArgumentParser, arguments: Sequence[str] | None) -> int:
    options = parser.parse_args(arguments)
    try:
        code: int = options.command(options)
    except (InputError, OSError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return UNREADABLE
    return code


def _verify(options: Namespace) -> int:
    if options.publication is None and not options.checkpoints:
        raise InputError("There is nothing to verify by: give --checkpoint FILE or --publication DIR, or both.")
    keys = [key for text in options.keys for key in _keys(text)]
    if all(key.type != SignatureType.LOG for key in keys):
        raise InputError("Give the log's own key with --key; a witness's alone is not enough.")
    publication = None if options.publication is None else _directory(options.publication)
    elsewhere = {str(path): _text(path) for path in options.checkpoints}
    with ExitStack() as files:
        exports = [Export(str(path), files.enter_context(path.open("rb"))) for path in options.exports]
        report = verify(exports, publication, elsewhere, keys, part=options.part)
    return _say(report)


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


def _new_key(options: Namespace) -> int:
    try:
        key = WitnessKey.make(options.file, options.name)
    except NoteError as error:
        raise InputError(str(error)) from None
    sys.stdout.write(f"{key.verifier}\n")
    return WHOLE


def _cosign(options: Namespace) -> int:
    witness = Witness(options.state, WitnessKey.load(options.key))
    (log_key,) = _keys(options.log_key)
    try:
        seen = witness.cosign(_directory(options.publication), log_key)
    except InputError:
        raise
    except TransparencyError as error:
        sys.stderr.write(f"Not cosigned. {error}\n")
        return FOUND
    sys.stdout.write(f"Cosigned: {seen.origin}, {seen.size} leaves.\n")
    return WHOLE


def _keys(text: str) -> list[VerifierKey]:
    """The key that `text` is, or those in the file that it names."""
    lines = [text] if "+" in text else _text(Path(text)).split()
    try:
        return [VerifierKey.parse(line) for line in lines]
    except NoteError as error:
        raise InputError(f"--key: {error}") from None


def _directory(path: Path) -> Directory:
    if not path.is_dir():
        raise InputError(f"{path} is no folder.")
    return Directory(path)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a text.") from None
