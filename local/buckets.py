"""Buckets: from the template's properties to S3's requests."""

import contextlib
from typing import Any

Properties = dict[str, Any]


def create(client: Any, name: str, properties: Properties) -> None:
    """Creates the bucket unless it is there and (again) sets its rules."""
    with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou):
        client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": client.meta.region_name})
    if "CorsConfiguration" in properties:
        rules = [cors(rule) for rule in properties["CorsConfiguration"]["CorsRules"]]
        client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})
    if "LifecycleConfiguration" in properties:
        rules = [lifecycle(rule) for rule in properties["LifecycleConfiguration"]["Rules"]]
        client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if "NotificationConfiguration" in properties:
        wanted = [notification(one) for one in properties["NotificationConfiguration"]["QueueConfigurations"]]
        client.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration={"QueueConfigurations": wanted}
        )


def cors(rule: Properties) -> Properties:
    names = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    return {names.get(key, key): value for key, value in rule.items()}


def notification(one: Properties) -> Properties:
    rules = one["Filter"]["S3Key"]["Rules"]
    return {"QueueArn": one["Queue"], "Events": [one["Event"]], "Filter": {"Key": {"FilterRules": rules}}}


def lifecycle(rule: Properties) -> Properties:
    """One rule in S3's words: only what the template uses is translated, anything else raises KeyError."""
    wanted: Properties = {"Filter": {"Prefix": ""}}
    for key, value in rule.items():
        wanted |= _LIFECYCLE[key](value)
    return wanted


_LIFECYCLE: dict[str, Any] = {
    "Id": lambda value: {"ID": value},
    "Status": lambda value: {"Status": value},
    "Prefix": lambda value: {"Filter": {"Prefix": value}},
    "ExpirationInDays": lambda value: {"Expiration": {"Days": value}},
    "AbortIncompleteMultipartUpload": lambda value: {"AbortIncompleteMultipartUpload": value},
}
