"""One run of a tool under limits, with what it took. This process is to stay small: Linux counts its memory into that of what it starts."""

import os
import resource
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

# A stray run is ended before it takes the machine down; an emulator reserves 4 GiB at its start.
LARGEST_ADDRESS_SPACE = 6 << 30
LONGEST = 60  # seconds: it waits for what does not come


@dataclass
class Run:
    # negative: the signal that ended it; None: it had to be ended
    code: int
    seconds: float
    processor_seconds: float
    mebibytes: float
    output: bytes
    errors: bytes


def run(command, environment, most_processor_seconds):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_ADDRESS_SPACE, LARGEST_ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CPU, (most_processor_seconds, most_processor_seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, preexec_fn=limit,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no", **environment})
        status, usage, ended = wait(process, started)
        output.seek(0)
        errors.seek(0)
        return Run(
            None if ended else os.waitstatus_to_exitcode(status), time.monotonic() - started, usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024, output.read(1 << 16), errors.read(1 << 16))


def wait(process, started):
    """Status, usage, and whether it took too long."""
    pause = 0.001
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = 0  # so that Popen does not wait for it as well
            return status, usage, False
        if time.monotonic() - started > LONGEST:
            process.send_signal(signal.SIGKILL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = 0
            return status, usage, True
        time.sleep(pause)
        pause = min(pause * 2, 0.05)
