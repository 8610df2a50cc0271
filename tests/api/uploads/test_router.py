"""tus 1.0 as a client meets it, against a real service."""

from __future__ import annotations

import hashlib
import random
import socket
import threading
from base64 import b64encode
from collections.abc import Callable

import httpx
import pytest

from api.uploads.router import CONFIRMED
from tests.api.uploads.conftest import BODY, TUS, Service, metadata
from tests.api.uploads.made_uploads import contents

PROBLEM = "application/problem+json"


def some(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def stored(service: Service) -> int:
    """Bytes of all sealed files."""
    folder = service.inbox / "uploads"
    return sum(path.stat().st_size for path in folder.iterdir())


def test_what_the_server_speaks(shared: Service) -> None:
    told = httpx.options(shared.uploads).headers
    assert told["Tus-Version"] == "1.0.0"
    assert told["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert "sha1" in told["Tus-Checksum-Algorithm"]


def test_a_file_in_two_parts_is_confirmed_with_its_hash(shared: Service) -> None:
    data = some(3_000_001, seed=2)
    upload = shared.begin(data)
    first = shared.patch(upload, 0, data[:1_234_567])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "1234567")
    assert CONFIRMED not in first.headers and "Upload-Expires" in first.headers
    last = shared.patch(upload, 1_234_567, data[1_234_567:])
    assert last.headers[CONFIRMED] == hashlib.sha256(data).hexdigest()
    assert shared.head(upload).headers[CONFIRMED] == last.headers[CONFIRMED]
    assert data in contents(shared.inbox, shared.keys)


def test_nothing_lies_readable(shared: Service) -> None:
    data = b"a plate AB-123-CD " * 20_000
    upload = shared.begin(data)
    shared.patch(upload, 0, data[:200_000])
    for path in shared.inbox.rglob("*"):
        assert not path.is_file() or b"AB-123-CD" not in path.read_bytes()
    assert shared.offset(upload) == 200_000


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Basic cGF0cm9s"])
@pytest.mark.parametrize("method", ["PATCH", "POST", "HEAD", "DELETE"])
def test_without_a_token_no_byte_is_written(
    shared: Service, token: str | None, method: str
) -> None:
    data = some(500, seed=3)
    upload = shared.begin(data)
    before = stored(shared)
    headers = {**BODY, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    if token is not None:
        headers["Authorization"] = token
    answer = httpx.request(method, upload, headers=headers, content=data)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert method == "HEAD" or answer.headers["Content-Type"] == PROBLEM
    assert (shared.offset(upload), stored(shared)) == (0, before)


def test_another_vehicle_finds_nothing(shared: Service) -> None:
    from api.uploads.accounts import TokenBook

    upload = shared.begin(some(500, seed=4))
    other = TokenBook(shared.inbox).add("other")
    headers = {**TUS, "Authorization": f"Bearer {other}"}
    assert httpx.head(upload, headers=headers).status_code == 404
    assert httpx.delete(upload, headers=headers).status_code == 404
    assert shared.offset(upload) == 0
    TokenBook(shared.inbox).revoke("other")
    assert httpx.head(upload, headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Tus-Resumable", "0.2.2", 412),
        ("Upload-Length", "-1", 400),
        ("Upload-Length", "", 400),
        ("Upload-Length", "1e3", 400),
        ("Upload-Length", "0", 400),
        ("Upload-Length", "9" * 15, 413),
        ("Upload-Length", "9" * 400, 400),
        ("Upload-Metadata", "filename a.mp4", 400),
        ("Upload-Metadata", "filename YS5tcDQ=", 400),
        ("Upload-Defer-Length", "1", 400),
    ],
)
def test_what_cannot_be_begun(shared: Service, name: str, value: str, status: int) -> None:
    answer = shared.create(some(100, seed=5), **{name: value})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert answer.headers["Tus-Resumable"] == "1.0.0"


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("Content-Type", "application/octet-stream", 415),
        ("Upload-Offset", "7", 409),
        ("Upload-Offset", "-1", 400),
        ("Upload-Checksum", "crc32 AAAAAA==", 400),
        ("Upload-Checksum", "sha256 AAAAAA==", 400),
        ("Tus-Resumable", "2.0.0", 412),
    ],
)
def test_what_cannot_be_added(shared: Service, name: str, value: str, status: int) -> None:
    data = some(100, seed=6)
    upload = shared.begin(data)
    answer = shared.patch(upload, 0, data, **{name: value})
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, PROBLEM)
    assert shared.offset(upload) == 0


def test_too_long_a_body_is_refused_and_the_right_one_still_taken(shared: Service) -> None:
    data = some(200_000, seed=7)
    upload = shared.begin(data)
    assert shared.patch(upload, 0, data + b"more").status_code == 413
    assert shared.offset(upload) == 0
    headers = {**BODY, **shared.auth, "Upload-Offset": "0"}
    parts = (data[:150_000], data[150_000:] + b"more")  # without a Content-Length
    assert httpx.patch(upload, headers=headers, content=iter(parts)).status_code == 413
    assert shared.offset(upload) == 0
    assert shared.patch(upload, 0, data).headers[CONFIRMED]


@pytest.mark.parametrize("algorithm", ["sha256", "sha1", "md5"])
def test_a_part_with_a_wrong_checksum_does_not_count(shared: Service, algorithm: str) -> None:
    data = some(2_500_000, seed=len(algorithm) + ord(algorithm[-1]))
    upload = shared.begin(data)
    right = b64encode(hashlib.new(algorithm, data[:2_000_000]).digest()).decode()
    wrong = b64encode(hashlib.new(algorithm, b"other").digest()).decode()
    told = {"Upload-Checksum": f"{algorithm} {wrong}"}
    assert shared.patch(upload, 0, data[:2_000_000], **told).status_code == 460
    assert shared.offset(upload) == 0
    told = {"Upload-Checksum": f"{algorithm} {right}"}
    assert shared.patch(upload, 0, data[:2_000_000], **told).status_code == 204
    assert shared.patch(upload, 2_000_000, data[2_000_000:]).headers[CONFIRMED]


def test_a_file_with_another_hash_than_declared_is_destroyed(shared: Service) -> None:
    data = some(100_000, seed=8)
    upload = shared.begin(data, sha256=hashlib.sha256(b"other").hexdigest())
    assert shared.patch(upload, 0, data).status_code == 460
    assert shared.head(upload).status_code == 410
    assert shared.patch(upload, 0, data).status_code == 410
    assert data not in contents(shared.inbox, shared.keys)
    # What is begun again is another upload.
    assert shared.begin(data, sha256=hashlib.sha256(b"other").hexdigest()) != upload


def test_the_same_file_twice_is_one_upload(shared: Service) -> None:
    from api.uploads.accounts import TokenBook

    data = some(150_000, seed=9)
    upload = shared.begin(data)
    shared.patch(upload, 0, data[:50_000])
    assert shared.begin(data) == upload  # a client that lost its memory goes on
    assert shared.patch(upload, 50_000, data[50_000:]).headers[CONFIRMED]
    before = stored(shared)
    assert shared.create(data).headers[CONFIRMED]
    other = TokenBook(shared.inbox).add("second")
    headers = {**TUS, **metadata(data), "Authorization": f"Bearer {other}"}
    answer = httpx.post(shared.uploads, headers=headers)
    assert answer.headers["Upload-Offset"] == "150000" and answer.headers[CONFIRMED]
    assert stored(shared) == before
    assert contents(shared.inbox, shared.keys).count(data) == 1


def test_two_vehicles_send_one_film_at_the_same_time(shared: Service) -> None:
    from api.uploads.accounts import TokenBook

    data = some(120_000, seed=10)
    first = shared.begin(data)
    other = {"Authorization": f"Bearer {TokenBook(shared.inbox).add('third')}"}
    answer = httpx.post(shared.uploads, headers={**TUS, **metadata(data), **other})
    second = shared.url + answer.headers["Location"]
    assert second != first
    assert shared.patch(first, 0, data).headers[CONFIRMED]
    assert shared.patch(second, 0, data, **other).headers[CONFIRMED]
    assert contents(shared.inbox, shared.keys).count(data) == 1


def test_what_is_not_wanted_is_removed_and_what_is_confirmed_is_kept(shared: Service) -> None:
    data = some(120_000, seed=11)
    upload = shared.begin(data)
    shared.patch(upload, 0, data[:60_000])
    asking = {**TUS, **shared.auth}
    assert httpx.delete(upload, headers=asking).status_code == 204
    assert shared.head(upload).status_code == 404
    again = shared.begin(data)
    assert shared.patch(again, 0, data).headers[CONFIRMED]
    assert httpx.delete(again, headers=asking).status_code == 403
    assert data in contents(shared.inbox, shared.keys)


def test_a_half_open_connection_is_taken_over_at_once(shared: Service) -> None:
    data = some(400_000, seed=12)
    upload = shared.begin(data)
    with _opened(shared, upload, 0, len(data)) as stale:
        stale.sendall(data[:100_000])  # and then the link is gone, without a word
        offset = shared.offset(upload)
        assert shared.patch(upload, offset, data[offset:]).headers[CONFIRMED]
        # The service answers all the while.
        assert httpx.get(f"{shared.url}/healthz").status_code == 200
        assert b" 409 " in stale.recv(4096).splitlines()[0]
    assert data in contents(shared.inbox, shared.keys)


def test_what_came_before_a_link_dropped_counts(shared: Service) -> None:
    data = some(3_000_000, seed=13)
    upload = shared.begin(data)
    stale = _opened(shared, upload, 0, len(data))
    stale.sendall(data[:2_900_000])
    stale.shutdown(socket.SHUT_WR)
    while stale.recv(4096):
        pass
    stale.close()
    offset = shared.offset(upload)
    assert offset > 2_000_000
    assert shared.patch(upload, offset, data[offset:]).headers[CONFIRMED]


def test_two_clients_on_one_upload_make_one_right_file(shared: Service) -> None:
    data = some(8_000_000, seed=14)
    upload = shared.begin(data)

    def push(seed: int) -> None:
        chance = random.Random(seed)
        while (offset := shared.offset(upload)) < len(data):
            size = chance.randrange(1, 700_000)
            answer = shared.patch(upload, offset, data[offset : offset + size])
            assert answer.status_code in {204, 409}, answer.text

    clients = [threading.Thread(target=push, args=(seed,)) for seed in (1, 2)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert shared.head(upload).headers[CONFIRMED] == hashlib.sha256(data).hexdigest()


def test_methods_by_post_for_clients_that_lack_them(shared: Service) -> None:
    data = some(50_000, seed=15)
    upload = shared.begin(data)
    headers = {**BODY, **shared.auth, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert httpx.post(upload, headers=headers, content=data).headers[CONFIRMED]
    headers["X-HTTP-Method-Override"] = "BREW"
    assert httpx.post(upload, headers=headers).status_code == 400


def test_a_client_that_sends_nothing_is_let_go(serve: Callable[..., Service]) -> None:
    service = serve(idle_s=2)
    data = some(100_000, seed=16)
    upload = service.begin(data)
    with _opened(service, upload, 0, len(data)) as slow:
        slow.sendall(data[:40_000])
        slow.settimeout(30)
        assert b" 408 " in slow.recv(4096).splitlines()[0]
    assert service.offset(upload) == 40_000


def test_an_upload_expires(serve: Callable[..., Service]) -> None:
    service = serve(expire_s=0.000001)
    data = some(1000, seed=17)
    upload = service.begin(data)
    assert service.head(upload).status_code == 410
    assert service.patch(upload, 0, data).status_code == 410
    assert service.begin(data) != upload


def test_a_vehicle_has_a_quota(serve: Callable[..., Service]) -> None:
    service = serve(quota_bytes=150_000, largest_bytes=120_000)
    assert service.create(some(130_000)).status_code == 413
    service.begin(some(100_000, seed=18))
    refused = service.create(some(100_000, seed=19))
    assert refused.json()["type"] == "urn:voirie:problem:upload-quota"
    assert service.create(some(50_000, seed=20)).status_code == 201


def _opened(service: Service, upload: str, offset: int, length: int) -> socket.socket:
    """A connection on which a PATCH has begun."""
    head = {
        **BODY, **service.auth, "Upload-Offset": str(offset),
        "Content-Length": str(length), "Host": f"127.0.0.1:{service.port}",
    }  # fmt: skip
    lines = [f"PATCH {httpx.URL(upload).path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in head.items()]
    link = socket.create_connection(("127.0.0.1", service.port), timeout=30)
    link.sendall("\r\n".join([*lines, "", ""]).encode())
    return link
