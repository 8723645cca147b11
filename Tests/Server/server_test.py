"""The built server against clients that exist, hostile requests and load. Needs build/swiftlet-server, build/swiftlet and build/quantize.

usage: server_test.py [--mutations N] [--seed N] [--seconds N] [--half-open N]
"""
import argparse
import asyncio
import base64
import re
import shutil
import signal
import tempfile
import time
from pathlib import Path

import hostile
import load
import protocols
from running_server import ROOT, RunningServer, make_model


def small_jpeg() -> bytes:
    """A JPEG of the tests: what stands between the quotes after its name."""
    source = (ROOT / "Tests/TestSupport/SmallJPEG.swift").read_text()
    return base64.b64decode("".join(re.search(r'let baseline.*?"""(.*?)"""', source, re.DOTALL)[1].split()))


def clients(models: list[Path], picture: Path, folder: Path, arguments: argparse.Namespace) -> None:
    with RunningServer(*models) as server:
        for model in models:
            protocols.triton_gives_the_same_bits(server, model, folder)
            protocols.curl_gives_what_classify_gives(server, model, picture)
            protocols.paddle_clients_move_by_a_url(server, model, picture)
        protocols.triton_is_told_what_is_wrong(server, models[0])
        protocols.triton_sends_files(server, models[0], picture)
        assert server.stop() == 0


def hostility(models: list[Path], picture: Path, folder: Path, arguments: argparse.Namespace) -> None:
    with RunningServer(models[0], "--max-body", "2", "--read-timeout", "5") as server:
        hostile.mutations(server, models[0].stem, picture.read_bytes(), arguments.mutations, arguments.seed)
        hostile.bombs(server, models[0].stem)
        hostile.endless_bodies(server, 2 << 20)
        there = hostile.half_open(server, picture, arguments.half_open)
        print(f"  {there} half-open connections, {server.resident_mib:.0f} MiB")
        assert server.stop() == 0


def reloading(models: list[Path], picture: Path, folder: Path, arguments: argparse.Namespace) -> None:
    """SIGHUP under load, with a file that changes, and with one that cannot be used."""
    path = folder / "changing.slet"
    shutil.copy(models[0], path)
    with RunningServer(path) as server:
        def reload_with(content: Path | None):
            path.write_bytes(content.read_bytes() if content else b"no model")
            server.signal(signal.SIGHUP)
        events = [(arguments.seconds * share, lambda content=content: reload_with(content))
                  for share, content in ((0.2, models[1]), (0.4, None), (0.6, models[0]))]
        outcome = asyncio.run(load.run(server.port, picture.read_bytes(), 20, arguments.seconds, events=events))
        assert not outcome.lost and not outcome.refused and set(outcome.statuses) == {200}, (outcome.lost[:3], outcome.statuses)
        assert server.said("model loaded again") == 2 and server.said("model not loaded again") == 1, server.log
        print(f"  {len(outcome.seconds)} answers over three reloads")


def stopping(models: list[Path], picture: Path, folder: Path, arguments: argparse.Namespace) -> None:
    """SIGTERM under load: every request that the server has taken is answered."""
    for drain in ("0.5", "0"):
        with RunningServer(models[0], "--drain", drain) as server:
            begin = time.monotonic()
            events = [(arguments.seconds / 3, lambda: server.signal(signal.SIGTERM))]
            outcome = asyncio.run(load.run(server.port, picture.read_bytes(), 20, arguments.seconds, events=events))
            assert server.process.wait(30) == 0
            taken = [int(entry["requests"]) for entry in server.log if entry["message"] == "stopped"]
            assert set(outcome.statuses) == {200} and [len(outcome.seconds)] == taken, (outcome.statuses, taken)
            # Without time to say so, a kept connection may be closed just as its next request is on the way: HTTP has no cure for it.
            assert not outcome.lost or drain == "0", outcome.lost[:3]
            print(f"  --drain {drain}: {taken[0]} taken and answered, {len(outcome.lost)} on the way to a closed connection, "
                  f"{outcome.refused} refused, {time.monotonic() - begin:.1f} s")


def overload(models: list[Path], picture: Path, folder: Path, arguments: argparse.Namespace) -> None:
    """More clients than the queue has room for: some are told to come back, and afterwards all is as before."""
    with RunningServer(models[0], "--queue", "4", "--sessions", "1") as server:
        outcome = asyncio.run(load.run(server.port, picture.read_bytes(), 50, arguments.seconds / 2))
        assert not outcome.lost and not outcome.refused and set(outcome.statuses) == {200, 429}, (outcome.lost[:3], outcome.statuses)
        assert server.request("/v1/classify", picture.read_bytes())[0] == 200
        print(f"  {outcome.statuses}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--half-open", type=int, default=2000)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        models = [make_model(folder / "int8.slet"), make_model(folder / "fp32.slet", is_float=True)]
        picture = folder / "picture.jpg"
        picture.write_bytes(small_jpeg())
        parts = (clients, hostility, reloading, stopping, overload)
        for part in parts:
            begin = time.monotonic()
            part(models, picture, folder, arguments)
            print(f"{part.__name__}: passed ({time.monotonic() - begin:.1f} s)", flush=True)
        print(f"test-server: {len(parts)} passed, 0 failed")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
