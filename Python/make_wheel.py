"""Puts a wheel together: Python's files, the C library, and what describes them.

usage: make_wheel.py VERSION PLATFORM LIBRARY COPYRIGHT FOLDER
"""

import base64
import hashlib
import pathlib
import sys
import zipfile

HERE = pathlib.Path(__file__).parent
METADATA = """Metadata-Version: 2.1
Name: swiftlet
Version: {version}
Summary: Says what pictures show, by int8 networks of the MobileNetV3 family, on ARM boards and x86
Requires-Python: >=3.9
Requires-Dist: numpy>=1.20
Classifier: Operating System :: POSIX :: Linux
Classifier: Typing :: Typed
Description-Content-Type: text/markdown

{description}"""
WHEEL = """Wheel-Version: 1.0
Generator: swiftlet make_wheel
Root-Is-Purelib: false
Tag: py3-none-{platform}
"""


def content(version: str, platform: str, library: str, copyright_file: str) -> "dict[str, bytes]":
    """All files but the record, by their names in the wheel."""
    sources = sorted(path for path in (HERE / "swiftlet").iterdir() if path.suffix == ".py" or path.name == "py.typed")
    files = {f"swiftlet/{path.name}": path.read_bytes() for path in sources}
    files["swiftlet/libswiftlet.so"] = pathlib.Path(library).read_bytes()
    info = f"swiftlet-{version}.dist-info"
    description = (HERE / "README.md").read_text(encoding="utf-8")
    files[f"{info}/METADATA"] = METADATA.format(version=version, description=description).encode()
    files[f"{info}/WHEEL"] = WHEEL.format(platform=platform).encode()
    files[f"{info}/licenses/LICENSE"] = (HERE.parent / "LICENSE").read_bytes()
    files[f"{info}/licenses/copyright"] = pathlib.Path(copyright_file).read_bytes()
    return files


def record(files: "dict[str, bytes]", name: str) -> bytes:
    """Every file's digest and size."""
    lines = []
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(data)}\n")
    return "".join(lines + [f"{name},,\n"]).encode()


def main(version: str, platform: str, library: str, copyright_file: str, folder: str) -> None:
    files = content(version, platform, library, copyright_file)
    name = f"swiftlet-{version}.dist-info/RECORD"
    files[name] = record(files, name)
    target = pathlib.Path(folder) / f"swiftlet-{version}-py3-none-{platform}.whl"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))  # the same bytes whenever it is made
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path.endswith(".so") else 0o100644) << 16
            wheel.writestr(entry, data)
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
