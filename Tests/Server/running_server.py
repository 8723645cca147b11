"""A swiftlet-server of this checkout on a free port, with small models of its own."""
import json
import os
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUANTIZE, SWIFTLET, SERVER = (ROOT / "build" / name for name in ("quantize", "swiftlet", "swiftlet-server"))


def make_model(path: Path, is_float: bool = False) -> Path:
    """A network with random weights, in int8 by random pictures."""
    options = ["--float"] if is_float else ["--calibration", "random", "--samples", "2", "--preset", "fast"]
    subprocess.run([QUANTIZE, "--arch", "MobileNetV3_small_x0_35", *options, "-o", path], check=True, capture_output=True)
    return path


class RunningServer:
    """Use it in a `with`: what still runs at its end is stopped."""

    def __init__(self, *arguments: str | Path, environment: dict[str, str] | None = None):
        self.process = subprocess.Popen(
            [SERVER, *arguments, "--port", "0"], stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        self.log: list[dict] = []
        self._listening = threading.Event()
        self.port = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._listening.wait(60) or not self.port:
            self.process.kill()
            raise RuntimeError(f"the server does not listen: {self.log}")

    def _read(self) -> None:
        for line in self.process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                entry = {"message": line.strip()}
            self.log.append(entry)
            if found := re.search(r"listening on .*:(\d+)$", entry["message"]):
                self.port = int(found[1])
                self._listening.set()
        self._listening.set()

    def __enter__(self) -> "RunningServer":
        return self

    def __exit__(self, *_) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def resident_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def said(self, text: str) -> int:
        return sum(text in entry["message"] for entry in self.log)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self, timeout: float = 30) -> int:
        """Asks it to stop; its exit code."""
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def request(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer."""
        asked = urllib.request.Request(self.url + path, data=body, headers=headers or {})
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read()
