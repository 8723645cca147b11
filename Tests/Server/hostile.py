"""Requests as no client sends them. The server must answer or close, keep its memory, and go on."""
import json
import random
import socket
import struct
import time
import zlib
from pathlib import Path

from running_server import RunningServer


def exchange(port: int, data: bytes, patience: float = 5) -> bytes:
    """What comes back until the server closes or says no more."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        answer = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
        return answer


def recorded(model: str, picture: bytes) -> list[bytes]:
    """One request of each form."""
    def request(path: str, body: bytes, *fields: str, method: str = "POST") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}", *fields]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    values = b"\0" * 64
    infer = json.dumps({"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 3, 224, 224], "parameters": {"binary_data_size": 64}}]})
    form = b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + picture + b"\r\n--b--\r\n"
    chunked = b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    return [
        request("/v1/classify", picture), request("/v1/classify?top=3&model=" + model, picture, "Content-Type: image/jpeg"),
        request("/v1/classify", form, "Content-Type: multipart/form-data; boundary=b"),
        request("/v1/classify", b'{"images": ["aGVsbG8="], "top": 2}', "Content-Type: application/json"),
        request(f"/{model}/prediction", b'{"key": ["image"], "value": ["aGVsbG8="]}'),
        request(f"/v2/models/{model}/infer", infer.encode() + values, f"Inference-Header-Content-Length: {len(infer)}"),
        request(f"/v2/models/{model}", b"", method="GET"), request("/metrics", b"", method="GET"), chunked,
    ]


def mutated(request: bytes, source: random.Random) -> bytes:
    data = bytearray(request)
    for _ in range(source.choice((1, 1, 2, 4, 16))):
        at = source.randrange(len(data)) if data else 0
        kind = source.randrange(6)
        if kind == 0 and data: data[at] = source.randrange(256)
        elif kind == 1 and data: data[at] ^= 1 << source.randrange(8)
        elif kind == 2: del data[at:at + source.choice((1, 4, 100))]
        elif kind == 3: data[at:at] = data[at:at + source.choice((1, 8, 64))]
        elif kind == 4: data[at:at] = source.choice((b"\0", b"\r\n", b"%2e%2e/", b"[" * 600, b"-1", b"9" * 30, b"\xff\xd8", b"{\"a\":"))
        else: data = data[:at]
        if not data: break
    return bytes(data)


def mutations(server: RunningServer, model: str, picture: bytes, count: int, seed: int) -> None:
    source = random.Random(seed)
    requests = recorded(model, picture)
    for number in range(count):
        data = mutated(source.choice(requests), source)
        answer = exchange(server.port, data)
        status = answer[9:12]
        assert not answer or status.isdigit() and int(status) < 500, f"mutation {number} of seed {seed}: {answer[:200]}"
        assert server.process.poll() is None, f"the server ended at mutation {number} of seed {seed}"
    assert server.request("/v1/classify", picture)[0] == 200


def bombs(server: RunningServer, model: str) -> None:
    """Small files that claim to be large, deep JSON, long heads, wrong lengths, odd names."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    side = 20_000
    rows = zlib.compress(b"\0" * (side * (side * 3 + 1) // 16), 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    before = server.resident_mib
    status, _, body = server.request("/v1/classify", png)
    assert status == 400 and b"pixels" in body, body
    status, _, _ = server.request("/v1/classify", b"[" * 1_000_000, {"Content-Type": "application/json"})
    assert status == 400
    status, _, _ = server.request("/v1/classify", b'{"images": [' + b'"",' * 200_000 + b'""]}')
    assert status == 400
    head = b"GET /v2 HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (index, b"a" * 1000) for index in range(1000)) + b"\r\n"
    assert exchange(server.port, head)[9:12] in (b"400", b"431", b"")
    for name in (b"..%2f..%2fetc%2fpasswd", b"%00", b"a" * 8000, b"..", b"%ff", b"*"):
        answer = exchange(server.port, b"GET /v2/models/" + name + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer[9:12] in (b"404", b"400"), answer[:100]
    assert server.resident_mib < before + 150, f"memory grew from {before:.0f} to {server.resident_mib:.0f} MiB"


def endless_bodies(server: RunningServer, limit: int) -> None:
    """A length that is too much is refused by its head; chunks without an end when they have come to the limit."""
    answer = exchange(server.port, b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1073741824\r\n\r\n")
    assert answer[9:12] == b"413", answer[:100]
    before = server.resident_mib
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        part = b"10000\r\n" + b"a" * 65536 + b"\r\n"
        try:
            for _ in range(3 * limit // 65536): connection.sendall(part)
        except OSError:
            pass
        try:
            assert connection.recv(12)[9:12] == b"413"
        except ConnectionError:
            pass
    assert server.resident_mib < before + 3 * limit / 2**20 + 50


def half_open(server: RunningServer, picture: Path, count: int) -> int:
    """Connections that stop in the middle of their heads do not keep others from being answered. How many there could be."""
    connections = []
    try:
        for _ in range(count):
            try:
                connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
            except OSError:
                break
            connection.sendall(b"POST /v1/classify HTTP/1.1\r\nHos")
            connections.append(connection)
        begin = time.monotonic()
        for _ in range(20): assert server.request("/v1/classify", picture.read_bytes())[0] == 200
        assert time.monotonic() - begin < 20
        return len(connections)
    finally:
        for connection in connections: connection.close()
