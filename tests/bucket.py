"""A server of buckets on this machine, spoken to over HTTP as any other: moto's.

Of object lock it does what the tests rest on: an object is put with its lock or refused where the bucket has none, and
no version in compliance mode is deleted, one by one or many at once, nor with the word that lets governance mode be
bypassed. It does not hold to what Amazon's does besides: it lets a day be moved nearer, and the mode be changed.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

REGION = "eu-west-2"
ACCOUNT = {"access_key_id": "an-account", "secret_access_key": "a-secret-of-the-account"}


@dataclass(frozen=True)
class BucketServer:
    """A running server, and a way for somebody who has its account to do as they like."""

    endpoint: str
    client: Any = field(repr=False)

    def make(self, *, lock: bool = True) -> dict[str, Any]:
        """Make a bucket. Returns how to reach it. What is in one outlives the server, so that each has its own name."""
        name, place = f"log-{secrets.token_hex(8)}", {"LocationConstraint": REGION}
        self.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=lock, CreateBucketConfiguration=place)
        return self.told(name)

    def told(self, name: str) -> dict[str, Any]:
        return {"name": name, "endpoint": self.endpoint, "region": REGION, **ACCOUNT}

    def keys(self, name: str) -> set[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=name)
        return {each["Key"] for page in pages for each in page.get("Contents", ())}


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """Start one, until the end of the block."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT["access_key_id"],
        aws_secret_access_key=ACCOUNT["secret_access_key"],
        config=Config(s3={"addressing_style": "path"}),
    )
    try:
        yield BucketServer(endpoint, client)
    finally:
        client.close()
        server.stop()
