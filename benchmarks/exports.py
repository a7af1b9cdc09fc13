"""What an export costs: microseconds of CPU a row and the memory above an idle process, against canned pages of
DynamoDB and an S3 that keeps objects in files. A plain exporter reads the same pages.

Run as a program (what, format, people, pages, directory) it is the measured process; it prints JSON."""

import io
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.ratio import Ratio

ROOT = Path(__file__).resolve().parent.parent
ROWS, SHARDS = 300, 4  # of a page
PAGES, MANY_PAGES = 33, 834  # of a shard: 40,000 rows and a million
ROUNDS = 3
MOST_MB = 40.0
BOUNDS = {"one": 0.35, "many": 0.5}  # a third of what the plain exporter needs; half where it names no person
TOKEN = b"@@@@@@@@@"
FIELDS = {
    "firstname": "Anna",
    "lastname": "Schmidt-Oberländer",
    "phone": "+49 351 1234567",
    "street": "Hauptstraße",
    "house_number": "17b",
    "postal_code": "01067",
    "city": "Dresden",
    "country": "DE",
}
TABLES = ("CUSTOMERS", "ACTIVITY", "CODES", "RUNTIME_LOG", "CONTROL")
BUCKETS_AND_QUEUES = ("FILES_BUCKET", "EXPORTS_BUCKET", "JOBS_QUEUE", "WEBHOOKS_QUEUE")
NAMES = (*BUCKETS_AND_QUEUES, "ISSUER", "JWKS_URL", "AUDIENCE", "STAGE", "SEALING_KEYS")
PERSON = (
    b'{"pk":{"S":"%b"},"sk":{"S":"customer"},"customer_id":{"S":"%b"},"email":{"S":"anna.schmidt@example.com"},'
    b'"created_at":{"N":"1767225600000"},"expires_at":{"N":"4102444800"}}'
)


def run() -> list[Ratio]:
    with TemporaryDirectory() as directory:
        found = [_compared(form, people, directory) for form in ("csv", "jsonl") for people in ("one", "many")]
        grown = measured("grown", "csv", "many", MANY_PAGES, directory)
    memory = Ratio("csv, a million rows: MB above idle", grown, "the promise, in MB", MOST_MB, bound=1.0)
    return [*found, memory]


def _compared(form: str, people: str, directory: str) -> Ratio:
    """In turns, so that a busy machine hits both; in ms a thousand rows, which is µs a row."""
    pairs = [
        (measured("ours", form, people, PAGES, directory), measured("plain", "csv", people, PAGES, directory))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (min(column) for column in zip(*pairs, strict=True))
    whom = "one person's" if people == "one" else "each row another person's"
    return Ratio(f"{form}, 1,000 rows, {whom}", ours, "boto3, TypeDeserializer, csv", theirs, bound=BOUNDS[people])


def measured(*arguments: object) -> float:
    program = [sys.executable, "-m", "benchmarks.exports", *map(str, arguments)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"benchmarks.exports: {done.stderr[-4000:]}")
    return float(json.loads(done.stdout))


class Canned:
    """DynamoDB and S3 in the place of the clients' HTTP sessions. `spent` is the CPU that it takes itself."""

    def __init__(self, people: str, directory: Path) -> None:
        self.directory, self._templates = directory, [_template(people, shard) for shard in range(SHARDS)]
        self.begin(1)

    def begin(self, pages: int) -> None:
        self.spent, self._pages, self._now = 0.0, pages, time.time_ns() // 1_000_000 >> 12
        self._read: dict[str, Iterator[int]] = {}

    def into(self, client: Any, service: str) -> None:
        answer = self._dynamodb if service == "dynamodb" else self._s3
        client.meta.events.register_first(f"before-send.{service}", self._timed(answer))

    def _timed(self, answer: Any) -> Any:
        from botocore.awsrequest import AWSResponse, HeadersDict

        def answered(request: Any, **_: Any) -> AWSResponse:
            start = process_time()
            body, headers = answer(request)
            made = AWSResponse(request.url, 200, HeadersDict({"x-amzn-RequestId": "BENCH", **headers}), _Raw(body))
            self.spent += process_time() - start
            return made

        return answered

    def _dynamodb(self, request: Any) -> tuple[bytes, dict[str, str]]:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        if operation == "Query":
            return self._page(json.loads(request.body)["ExpressionAttributeValues"][":h"]["S"]), {}
        if operation == "BatchGetItem":
            return _people(request.body), {}
        return b"{}", {}

    def _page(self, partition: str) -> bytes:
        number = next(self._read.setdefault(partition, iter(range(self._pages))))
        items = self._templates[int(partition[-1])].replace(TOKEN, b"%09x" % (self._now - 1 - number))
        more = b"" if number + 1 == self._pages else b',"LastEvaluatedKey":{"pk":{"S":"x"}}'
        return b'{"Count":%d,"Items":[%b]%b}' % (ROWS, items, more)

    def _s3(self, request: Any) -> tuple[bytes | Path, dict[str, str]]:
        path, query = urlsplit(request.url).path, parse_qs(urlsplit(request.url).query, keep_blank_values=True)
        place = self.directory / path.strip("/").replace("/", "~")
        if request.method == "PUT":
            with place.open("ab" if "partNumber" in query else "wb") as out:
                out.write(_body(request))
        elif request.method == "GET" and "list-type" in query:
            return b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>", {}
        elif request.method == "GET":
            return place, {"Content-Length": str(place.stat().st_size), "ETag": '"x"'}
        elif "uploads" in query:
            return b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>", {}
        elif "uploadId" in query:
            return b"<CompleteMultipartUploadResult/>", {}
        return b"", {"ETag": '"x"'}


class _Raw:
    """A body as botocore reads it: whole or, of a file, bit by bit."""

    def __init__(self, body: bytes | Path) -> None:
        self._file = io.BytesIO(body) if isinstance(body, bytes) else body.open("rb")

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._file.read()

    def read(self, amount: int | None = None) -> bytes:
        return self._file.read(amount)

    def close(self) -> None:
        self._file.close()


def _body(request: Any) -> bytes:
    return request.body if isinstance(request.body, bytes) else bytes(request.body.read())


def _people(body: bytes) -> bytes:
    keys = re.findall(rb'"[^"]*#c#([^"]*)"', body)
    found = b",".join(PERSON % (b"acme#c#" + id, id) for id in keys)
    return b'{"Responses":{"CUSTOMERS":[' + found + b"]}}"


def _template(people: str, shard: int) -> bytes:
    from chalicelib.store.plain import typed_item

    items = []
    for place in range(ROWS):
        at = f"{TOKEN.decode()}{4095 - place * SHARDS - shard:03x}7abc8123456789ab{place:04x}"
        person = f"{TOKEN.decode()}{place:05x}-{shard}bcd-4abc-8abc-0123456789ab" if people == "many" else "anna"
        row: dict[str, Any] = {"pk": f"acme#c#{person}", "sk": f"participations#{at}", "at": at, "experience": "summer"}
        row |= {"created_at": 1_767_225_600_000 + place, "expires_at": 4_102_444_800}
        told = {"giveaway": "bike", "ticket": "T7Q4-9KXM-2FHW", "channel": "web", "terms_version": "2026-05"}
        items.append(json.dumps(typed_item({**row, "data": {**told, "fields": FIELDS}}), separators=(",", ":")))
    return ",".join(items).encode()


def _prepare() -> None:
    os.environ |= {f"AFTERCHAT_TABLE_{name}": name for name in TABLES}
    os.environ |= {f"AFTERCHAT_{name}": name.lower().replace("_", "-") for name in NAMES}
    os.environ |= dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "local")
    os.environ |= {"AWS_DEFAULT_REGION": "eu-central-1"}


def _export(form: str, canned: Canned) -> int:
    """Rows of the finished file."""
    from chalicelib.jobs import export
    from chalicelib.store.jobs import Job
    from chalicelib.store.tenancy import Store

    asked = {"kind": "participations", "format": form, "filters": {}}
    job = Job("0" * 32, "export", "bench", 0, asked, state="running", version=1)
    ended = export.work(Store("acme"), job, lambda: False)
    assert ended.result
    return int(ended.result["rows"])


def _plain(canned: Canned) -> int:
    """What one writes in an afternoon: no e-mail, no tenant, no ids, no checkpoint, one column for the fields."""
    import csv

    import boto3
    from boto3.dynamodb.types import TypeDeserializer

    client, deserialize, rows = boto3.client("dynamodb"), TypeDeserializer().deserialize, 0
    canned.into(client, "dynamodb")  # each client is a new one
    with (canned.directory / "plain.csv").open("w", newline="") as out:
        for shard in range(SHARDS):
            more = True
            while more:
                values = {":h": {"S": f"acme#participations#{shard}"}}
                page = client.query(
                    TableName="ACTIVITY", KeyConditionExpression="feed = :h", ExpressionAttributeValues=values
                )
                found = [{name: deserialize(value) for name, value in item.items()} for item in page["Items"]]
                found = [{**row, **row.pop("data")} for row in found]
                csv.DictWriter(out, list(found[0])).writerows(found)
                rows, more = rows + len(found), "LastEvaluatedKey" in page
    return rows


def main(what: str, form: str, people: str, pages: int, directory: Path) -> float:
    """CPU microseconds a row, or MB that the peak lies above a process that has exported one page a shard."""
    _prepare()
    from benchmarks.requests import use_one_core
    from chalicelib.store import objects, wire

    work = _plain if what == "plain" else lambda canned: _export(form, canned)
    use_one_core()
    canned = Canned(people, directory)
    canned.into(wire.client(), "dynamodb")
    canned.into(objects.client(), "s3")
    work(canned)  # imports and caches
    before = _peak_mb()
    canned.begin(pages)
    start = process_time()
    rows = work(canned)
    spent = process_time() - start - canned.spent
    assert rows == pages * ROWS * SHARDS, rows
    return _peak_mb() - before if what == "grown" else spent / rows * 1e6


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), Path(sys.argv[5]))))
