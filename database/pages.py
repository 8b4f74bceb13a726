"""Where the pages are, and which version is which."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.apps import apps


class Kind(StrEnum):
    """What a page is about, and the name of the folder where it lies."""

    FUNCTION = "functions"
    GUARD = "guards"


@dataclass(frozen=True)
class Page:
    """A function, or what guards a table, in all its versions. `name` is as SQL has it: `search.draw`."""

    app_label: str
    kind: Kind
    name: str

    @property
    def in_force(self) -> Path:
        """The version that the database has now. There is no such file once the function is dropped for good."""
        return _folder(self.app_label, self.kind) / f"{self.name}.sql"

    @property
    def versions(self) -> range:
        """The numbers of all that there are, oldest first."""
        return range(1, 1 + self._superseded() + self.in_force.exists())

    def file(self, version: int) -> Path:
        """Where a version is. Raises LookupError where there is none of that number."""
        if version not in self.versions:
            raise LookupError(f"{self.in_force.parent} has no version {version} of {self.name}.")
        if version > self._superseded():
            return self.in_force
        return self.in_force.parent / "superseded" / f"{self.name}.{version}.sql"

    def read(self, version: int) -> str:
        """The SQL of a version."""
        return self.file(version).read_text()

    def _superseded(self) -> int:
        return sum(_name(path) == self.name for path in (self.in_force.parent / "superseded").glob("*.sql"))


def pages_of(app_label: str, kind: Kind) -> list[Page]:
    """Every page of an app, also of what was dropped for good."""
    folder = _folder(app_label, kind)
    names = {path.stem for path in folder.glob("*.sql")} | {_name(path) for path in folder.glob("superseded/*.sql")}
    return [Page(app_label, kind, name) for name in sorted(names)]


def _folder(app_label: str, kind: Kind) -> Path:
    return Path(apps.get_app_config(app_label).path) / "sql" / kind


def _name(superseded: Path) -> str:
    return superseded.stem.rpartition(".")[0]
