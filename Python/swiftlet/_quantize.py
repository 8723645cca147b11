"""Drives the `quantize` tool, which turns FP32 models into .slet files at the desk."""

import os
import re
import shutil
import subprocess
import tempfile
from typing import Any, Callable, List, Optional, Sequence, Union

from ._errors import BadFile, BadInput, Error

Path = Union[str, "os.PathLike[str]"]

# The tool's exit codes.
_FAILURES = {2: BadInput, 3: BadFile}
_BAR = re.compile(r"\r([^\r\n\x1b]*?) \[[#.]+\] +(\d+) %")


def quantize(
    model: Optional[Path],
    calibration: "Union[Path, Sequence[Path], None]" = None,
    output: Optional[Path] = None,
    progress: Optional[Callable[[float, str], Any]] = None,
    tool: Optional[Path] = None,
    **options: Any,
) -> str:
    """Turns an FP32 model into an int8 .slet file and returns the file's path.

    model: an ONNX file or another that `quantize` reads; None with arch="…", a built-in architecture.
    calibration: a folder of pictures, a list file, or the paths of pictures.
    output: the file to write; the model's or architecture's name with .slet, in the working folder, where it is not given.
    progress: is called with the share of a step that is done, 0 to 1, and the step's name.
    tool: the program; `quantize` on the PATH where it is not given.
    options: of the tool, such as preset="best", mean=(123.675, 116.28, 103.53), labels="labels.txt", float=True.
    """
    program = _find(tool)
    if model is None and "arch" not in options:
        raise BadInput("there is neither a model nor arch")
    models = [os.fspath(model)] if model is not None else []
    name = os.path.splitext(os.path.basename(models[0]))[0] if models else str(options["arch"])
    target = os.fspath(output) if output is not None else name + ".slet"
    command = [program, *models, "-o", target, *_flags(options)]
    if calibration is None:
        _run(command, progress)
    elif isinstance(calibration, (str, os.PathLike)):
        _run(command + ["--calibration", os.fspath(calibration)], progress)
    else:
        with tempfile.TemporaryDirectory() as folder:
            listed = os.path.join(folder, "pictures.txt")
            with open(listed, "w", encoding="utf-8") as file:
                file.writelines(os.path.abspath(os.fspath(path)) + "\n" for path in calibration)
            _run(command + ["--calibration", listed], progress)
    return target


def _find(tool: Optional[Path]) -> str:
    found = shutil.which(os.fspath(tool) if tool is not None else "quantize")
    if found is None:
        where = f"there is no program {os.fspath(tool)}" if tool is not None else "there is no quantize on the PATH"
        raise Error(f"{where}: build it with `make` in Swiftlet's checkout and pass tool=CHECKOUT/build/quantize")
    return found


def _flags(options: Any) -> List[str]:
    """max_loss=0.1 as --max-loss 0.1, float=True as --float, mean=(1, 2, 3) as --mean 1,2,3."""
    flags: List[str] = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        flags.append("--" + name.replace("_", "-"))
        if isinstance(value, (list, tuple)):
            flags.append(",".join(str(part) for part in value))
        elif value is not True:
            flags.append(os.fspath(value) if isinstance(value, os.PathLike) else str(value))
    return flags


def _run(command: List[str], progress: Optional[Callable[[float, str], Any]]) -> None:
    # The tool draws its bar on a terminal alone, so it gets one.
    reader, writer = os.pipe() if progress is None else os.openpty()
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=writer)
    except OSError as error:
        os.close(reader)
        raise Error(f"{command[0]}: {error.strerror}") from None
    finally:
        os.close(writer)
    try:
        errors = _follow(reader, progress)
        status = process.wait()
    finally:
        os.close(reader)
        if process.poll() is None:  # interrupted: the tool leaves nothing half written
            process.terminate()
            process.wait()
    if status != 0:
        lines = [line for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[K", "", errors)) if line.strip()]
        raise _FAILURES.get(status, Error)(lines[-1] if lines else f"{command[0]} ended with status {status}")


def _follow(reader: int, progress: Optional[Callable[[float, str], Any]]) -> str:
    """All that the tool says, whose bar is told on the way."""
    said, told = "", 0
    while True:
        try:
            part = os.read(reader, 65536)
        except OSError:  # a terminal that nobody writes to any more
            part = b""
        if not part:
            return said
        said += part.decode("utf-8", "replace")
        if progress is None:
            continue
        for bar in _BAR.finditer(said, told):
            told = bar.end()
            progress(int(bar.group(2)) / 100, bar.group(1))
