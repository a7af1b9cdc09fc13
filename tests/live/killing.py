"""What a test does around the death of a worker: nobody wants to wait for two minutes twice."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.live.service import Service


@contextmanager
def redelivery_after(service: Service, seconds: str, queue: str = "JobsQueue") -> Iterator[None]:
    """The queue hands a message out again so soon after its worker died; two minutes are too long to wait for."""
    sqs = service.cloud("sqs")
    url = sqs.list_queues(QueueNamePrefix=f"afterchat-local-{queue}")["QueueUrls"][0]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": seconds})
    time.sleep(1.5)  # a look into the queue that has begun keeps the old time, for up to a second
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def expire_lease(service: Service, tenant: str, job: str) -> None:
    """As if the two minutes of the dead worker's lease were over."""
    service.cloud("dynamodb").update_item(
        TableName="afterchat-local-ControlTable",
        Key={"pk": {"S": f"{tenant}#jobs"}, "sk": {"S": job}},
        UpdateExpression="SET #data.leased_until = :over",
        ExpressionAttributeNames={"#data": "data"},
        ExpressionAttributeValues={":over": {"N": "0"}},
    )
