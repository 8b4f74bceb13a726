"""Canaries put in clear into each place on purpose, to prove that the search sees one that got there by mistake."""

import psycopg
import redis

from tests.sweeps.canaries import Aviary, Canary
from tests.sweeps.observed import Observed, settle


def plant(observed: Observed) -> dict[str, Canary]:
    """Put one canary into each place. Returns them by place."""
    planter = _Planter(observed)
    planter.in_database()
    planter.in_redis()
    planter.in_files()
    settle()
    return planter.planted


class _Planter:
    def __init__(self, observed: Observed) -> None:
        self._observed = observed
        self._aviary = Aviary(seed=1)
        self.planted: dict[str, Canary] = {}

    def in_database(self) -> None:
        with psycopg.connect(self._observed.database, autocommit=True) as connection:
            connection.execute("CREATE TABLE public.scratch (value text)")
            connection.execute("INSERT INTO public.scratch VALUES (%s)", [self._word("data directory")])
            word = self._word("database dump, as a digest")
            connection.execute("CREATE TABLE public.hashed AS SELECT sha256(%s::bytea) AS value", [word.encode()])
            connection.execute("SELECT lo_from_bytea(0, %s)", [self._word("database dump").encode()])
            logged = self._word("PostgreSQL's log")
            connection.execute(f"DO $$ BEGIN RAISE LOG '{logged}'; END $$")
        with psycopg.connect(self._observed.database) as connection:
            # Taken back, a row never gets into a table file; the write-ahead log has it all the same.
            connection.execute("INSERT INTO public.scratch VALUES (%s)", [self._word("write-ahead log")])
            connection.rollback()

    def in_redis(self) -> None:
        with redis.Redis.from_url(self._observed.servers.redis.operator_address) as client:
            client.set("planted", self._word("keys and values of Redis"))
            client.set("passing", self._word("commands to Redis"))
            client.delete("passing")

    def in_files(self) -> None:
        for place, path in self._observed.files().items():
            if place not in self.planted:
                target = path / "planted" if path.is_dir() else path
                with target.open("a") as file:
                    file.write(f"{self._word(place)}\n")

    def _word(self, place: str) -> str:
        word = self._aviary.word(f"planted in {place}")
        self.planted[place] = self._aviary.canaries[-1]
        return word
