#!/usr/bin/env bash
# What tests of the library compare with, made by build/quantize and build/swiftlet: a model, a picture, tensors, and the tool's answers.
# usage: library-test-files.sh FOLDER      m.slet, cat.jpg, x.npy, x.raw (two pictures), y.npy, y.raw, answers.txt
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
build/quantize --arch MobileNetV3_small_x0_35 --calibration random --samples 2 --preset fast -o "$folder/m.slet" >"$folder/log" 2>&1 ||
  { cat "$folder/log"; exit 1; }
# A JPEG of the tests: what stands between quotes after its name.
awk '/let baseline/ { found = 1 } found && /"""/ { quotes++; next } quotes == 1 { print } quotes == 2 { exit }' \
  Tests/TestSupport/SmallJPEG.swift | tr -d ' \n' | base64 -d >"$folder/cat.jpg"
python3 - "$folder" <<'END'
import array, random, sys
values = array.array("f", (random.Random(1).gauss(0, 1) for _ in range(2 * 3 * 224 * 224)))
header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 224, 224), }"
header = header.ljust(117) + "\n"
open(sys.argv[1] + "/x.raw", "wb").write(values.tobytes())
open(sys.argv[1] + "/x.npy", "wb").write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + values.tobytes())
END
build/swiftlet run "$folder/m.slet" --input "$folder/x.npy" --output "$folder/y.npy"
tail -c $((2 * 1000 * 4)) "$folder/y.npy" >"$folder/y.raw"
build/swiftlet classify "$folder/m.slet" "$folder/cat.jpg" --json | grep -o '"label": "[^"]*", "probability": [0-9.e-]*' |
  sed 's/"label": "\([^"]*\)", "probability": /\1 /' | awk '{ p = $NF; NF--; printf "%s %.6f\n", $0, p }' >"$folder/answers.txt"
