"""A bucket of an S3 server."""

from datetime import timedelta
from urllib.parse import urlsplit

from obstore.store import S3Store

from app.addresses import LOOPBACK
from app.settings import Settings


def bucket(settings: Settings) -> S3Store:
    address = urlsplit(settings.storage)
    is_loopback = urlsplit(settings.storage_endpoint).hostname in LOOPBACK
    return S3Store(
        address.netloc,
        prefix=address.path.strip("/") or None,
        endpoint=settings.storage_endpoint or None,
        region=settings.storage_region or "us-east-1",
        access_key_id=settings.storage_key_id,
        secret_access_key=settings.storage_secret,
        virtual_hosted_style_request=False,
        client_options={"allow_http": is_loopback, "connect_timeout": "5s", "timeout": "60s"},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
    )
