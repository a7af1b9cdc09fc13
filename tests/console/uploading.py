"""What guests upload in a chat, listed once the service has looked at it."""

import urllib3

from local import uploads
from local.uploads import Content
from tests.live.service import Service, eventually

POOL = urllib3.PoolManager(retries=False, timeout=30)


def upload(service: Service, tenant: str, email: str, *contents: Content) -> None:
    for content in contents:
        told = {name: value for name, value in uploads.announcement(content).items() if name != "type"}
        body = {"experience": "summer", "email": email, "variable": "upload", **told}
        answer = service.request("POST", "/v1/collect/files", body, tenant)
        assert uploads.post(POOL, answer["upload"], content)[0] == 204
    eventually(lambda: len(service.rows("files", tenant)) == len(contents), 30)
