"""A log that a worker keeps in a bucket."""

from datetime import timedelta
from typing import Any

from audit import outside, tasks
from audit.bucket_comparison import Comparison
from audit.models import Checkpoint
from contactpoint.local.servers import Servers
from tests.bucket import BucketServer
from tests.integration.audit.sealing import connected, raised
from tests.integration.audit.test_outside import House, grow
from transparency.publication import Directory

RETENTION = timedelta(days=2556)


class Place:
    """The log, with a worker that keeps it in the bucket."""

    def __init__(self, cluster: Servers, log: str, server: BucketServer, told: dict[str, Any]) -> None:
        self.cluster, self.log, self.server, self.name = cluster, log, server, told["name"]

    def grow(self, number: int = 3) -> int:
        return grow(self.cluster, self.log, number)

    def keep(self) -> None:
        with connected(self.cluster.database_address("worker", self.log)):
            tasks.keep_in_the_bucket()

    def kept(self) -> list[int]:
        return [int(each.size) for each in Checkpoint.objects.exclude(kept_until=None).order_by("size")]

    def differences(self) -> list[str]:
        with connected(self.cluster.database_address("worker", self.log)):
            return list(Comparison().differences())

    def vouched_for(self) -> dict[str, int]:
        """What the words in the bucket, where nothing else is wrong, vouch for."""
        comparison = Comparison()
        with connected(self.cluster.database_address("worker", self.log)):
            assert list(comparison.differences()) == []
        return comparison.vouched_for

    def alerts(self) -> dict[str, int]:
        return raised(self.cluster, self.log)


def looks(house: House, publication: Directory) -> int:
    """Let the witness look and its word be taken up. Returns for how many leaves it vouches."""
    size = house.look(publication)
    outside.take_up_cosignatures()
    return size
