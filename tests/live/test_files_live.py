"""A file on the running service: posted by the form straight to the bucket, which tells the worker; listed, downloaded,
deleted. What the local cloud holds forms and links to is what S3 does; the signed policy says so in tests/files."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import time_machine
import urllib3

from local import uploads
from local.uploads import Content
from tests.live.service import Service, eventually

pytestmark = pytest.mark.slow

PICTURE = uploads.picture(7)
POOL = urllib3.PoolManager(retries=False, timeout=30)


def announced(service: Service, tenant: str, content: Content = PICTURE, **told: Any) -> Any:
    event = {name: value for name, value in uploads.announcement(content).items() if name != "type"}
    return service.request("POST", "/v1/collect/files", {"experience": "summer", **event, **told}, tenant)


def in_bucket(service: Service, tenant: str) -> list[str]:
    s3 = service.cloud("s3")
    [bucket] = [one["Name"] for one in s3.list_buckets()["Buckets"] if "filesbucket" in one["Name"]]
    return [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix=f"t/{tenant}/").get("Contents", ())]


def fetched(url: str) -> Any:
    return POOL.request("GET", url)


def test_a_file_is_posted_listed_downloaded_and_deleted_with_its_object(service: Service) -> None:
    tenant = "uploads"
    person = service.prepare(tenant, "summer")
    answer = announced(service, tenant, customer_id=person, variable="photo")
    assert service.rows("files", tenant) == []
    assert uploads.post(POOL, answer["upload"], PICTURE)[0] == 204
    eventually(lambda: len(service.rows("files", tenant)) == 1, 30)
    [row] = service.rows("files", tenant)
    assert (row["id"], row["state"], row["size"]) == (answer["file_id"], "ready", len(PICTURE[2]))
    link = service.request("GET", f"/v1/files/{row['id']}", tenant=tenant)
    found = fetched(link["url"])
    assert (found.status, found.data, found.headers["Content-Type"]) == (200, PICTURE[2], "image/png")
    assert found.headers["Content-Disposition"] == "inline; filename*=UTF-8''Foto%207.png"
    [variable] = [one for one in service.rows("variables", tenant) if one["name"] == "photo"]
    followed = POOL.request(
        "GET",
        f"http://127.0.0.1:{service.port}{variable['file_url']}",
        headers={"Authorization": f"Bearer {service.token(tenant)}"},
        redirect=False,
    )
    assert (followed.status, fetched(followed.headers["Location"]).data) == (302, PICTURE[2])
    service.request("DELETE", f"/v1/records/files/{row['id']}", tenant=tenant)
    eventually(lambda: in_bucket(service, tenant) == [], 30)
    assert fetched(link["url"]).status == 404


def test_deleting_all_files_or_the_customer_takes_the_objects(service: Service) -> None:
    tenant = "uploads-all"
    person = service.prepare(tenant, "summer")
    for _ in range(2):
        assert uploads.post(POOL, announced(service, tenant, customer_id=person)["upload"], PICTURE)[0] == 204
    eventually(lambda: len(service.rows("files", tenant)) == 2, 30)
    assert len(in_bucket(service, tenant)) == 2
    service.request("DELETE", "/v1/records/files", tenant=tenant, query={"confirm": "files"})
    eventually(lambda: in_bucket(service, tenant) == [], 60)


def test_content_that_is_not_what_it_says_is_refused_and_its_object_deleted(service: Service) -> None:
    tenant = "uploads-wrong"
    service.prepare(tenant, "summer")
    page = ("Foto.png", "image/png", b"<!DOCTYPE html><script>alert(1)</script>")
    assert uploads.post(POOL, announced(service, tenant, page)["upload"], page)[0] == 204
    eventually(lambda: len(service.rows("files", tenant)) == 1 and in_bucket(service, tenant) == [], 30)
    [row] = service.rows("files", tenant)
    assert (row["state"], row["reason"]) == ("refused", "wrong_type")


def changed(upload: dict[str, Any], **fields: str) -> dict[str, Any]:
    return {**upload, "fields": {**upload["fields"], **fields}}


def with_policy(upload: dict[str, Any], **members: Any) -> dict[str, Any]:
    """The form with another policy under the old signature, which the local cloud does not check; S3 does."""
    policy = json.loads(base64.b64decode(upload["fields"]["policy"])) | members
    return changed(upload, policy=base64.b64encode(json.dumps(policy).encode()).decode())


def test_the_bucket_holds_a_form_to_what_was_signed(service: Service) -> None:
    tenant = "uploads-forged"
    service.prepare(tenant, "summer")
    upload = announced(service, tenant)["upload"]
    larger: Content = (PICTURE[0], PICTURE[1], PICTURE[2] + b"x")
    key = upload["fields"]["key"]
    forged = {
        "larger": (upload, larger),
        "another type": (changed(upload, **{"Content-Type": "text/html"}), PICTURE),
        "another key": (changed(upload, key=key + "x"), PICTURE),
        "another tenant": (changed(upload, key=key.replace(tenant, "acme")), PICTURE),
        "expired": (with_policy(upload, expiration="2020-01-01T00:00:00Z"), PICTURE),
    }
    refused = {name: uploads.post(POOL, *one)[0] for name, one in forged.items()}
    assert {name for name, status in refused.items() if status < 400} == set(), refused
    assert in_bucket(service, tenant) == []


def test_a_link_is_for_one_object_as_it_was_signed(service: Service) -> None:
    tenant = "uploads-link"
    service.prepare(tenant, "summer")
    answer = announced(service, tenant)
    uploads.post(POOL, answer["upload"], PICTURE)
    eventually(lambda: len(service.rows("files", tenant)) == 1, 30)
    url = service.request("GET", f"/v1/files/{answer['file_id']}", tenant=tenant)["url"]
    parts = urlsplit(url)
    tampered = (
        url.replace("X-Amz-Expires=300", "X-Amz-Expires=604800"),
        url.replace("response-content-type=image%2Fpng", "response-content-type=text%2Fhtml"),
        urlunsplit(parts._replace(path=parts.path.replace(tenant, "acme"))),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
    )
    assert url not in tampered
    assert [fetched(one).status for one in tampered] == [403] * 4
    assert fetched(url).status == 200
    with time_machine.travel(datetime.now(UTC) - timedelta(seconds=301), tick=True):
        expired = service.cloud("s3").generate_presigned_url("get_object", where(service, answer), ExpiresIn=300)
    assert fetched(expired).status == 403


def where(service: Service, answer: Any) -> dict[str, str]:
    [bucket] = [one["Name"] for one in service.cloud("s3").list_buckets()["Buckets"] if "filesbucket" in one["Name"]]
    return {"Bucket": bucket, "Key": answer["upload"]["fields"]["key"]}
