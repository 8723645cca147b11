"""Many clients at once, each with a connection that it keeps: how many answers, how long they take, and whether one is lost."""
import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """By status the answers; seconds of those with 200; requests of connections that had answers before and got none; new connections that
    were reset, as those are that still wait to be accepted when a server closes its port."""
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    refused: int = 0
    elapsed: float = 0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def one_client(port: int, request: bytes, until: float, pause: float, outcome: Outcome) -> None:
    """Asks again and again. A connection that is refused ends it: the server takes no more requests."""
    reader = writer = None
    is_new = True
    while time.monotonic() < until:
        if writer is None:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                is_new = True
            except OSError:
                return
        begin = time.monotonic()
        try:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").lower().split("\r\n")
            fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
            await reader.readexactly(int(fields["content-length"]))
        except (OSError, asyncio.IncompleteReadError) as error:
            if is_new:
                outcome.refused += 1
            else:
                outcome.lost.append(f"{type(error).__name__} {error}")
            reader = writer = None
            continue
        is_new = False
        status = int(lines[0].split()[1])
        outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
        if status == 200:
            outcome.seconds.append(time.monotonic() - begin)
        elif status == 429:
            await asyncio.sleep(0.05)
        if fields.get("connection") == "close":
            writer.close()
            reader = writer = None
        if pause:
            await asyncio.sleep(pause)
    if writer:
        writer.close()


async def run(port: int, body: bytes, clients: int, seconds: float, pause: float = 0, events=()) -> Outcome:
    """`events`: pairs of seconds from the start and what to do then."""
    request = b"POST /v1/classify?top=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    outcome = Outcome()
    begin = time.monotonic()
    loop = asyncio.get_running_loop()
    for after, action in events: loop.call_later(after, action)
    await asyncio.gather(*(one_client(port, request, begin + seconds, pause, outcome) for _ in range(clients)))
    outcome.elapsed = time.monotonic() - begin
    return outcome
