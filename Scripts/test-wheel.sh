#!/usr/bin/env bash
# Installs the wheel in a fresh environment and tries what it promises; what auditwheel says of all wheels; the boards' libraries, as they
# are in their wheels, under an emulator. Needs build/quantize, build/swiftlet and build/wheels.   usage: test-wheel.sh [PYTHON...]
set -euo pipefail
cd "$(dirname "$0")/.."
. Scripts/checks.sh
export PYTHONDONTWRITEBYTECODE=1
unset PYTHONPATH SWIFTLET_LIBRARY
Scripts/dependencies.sh wheel-tests
Scripts/library-test-files.sh "$work"

is_accepted() { # auditwheel finds that the wheel needs no more than its name says, and it is small
  local tag=${1##*-none-}
  build/wheel-tests/bin/python3 -m auditwheel show "$1" >"$work/audit"
  tr '\n' ' ' <"$work/audit" | grep -qF "platform tag: \"${tag%.whl}\"" && (($(stat -c %s "$1") < 1500000))
}

answers() { # answers MACHINE COMPILER RUNNER... : a C program with the library of a wheel
  local place=$work/$1
  python3 -m zipfile -e build/wheels/*"$1".whl "$place"
  "$2" -O1 -ISources/SwiftletC/include Examples/C/classify.c -o "$place/classify" "$place/swiftlet/libswiftlet.so" \
    "-Wl,-rpath,$place/swiftlet"
  "${@:3}" "$place/classify" "$work/m.slet" "$work/cat.jpg" | diff - "$work/answers.txt"
}

# What runs in an environment with the package alone, with each Python.
for python in "${@:-python3}"; do
  rm -rf "$work/environment"
  "$python" -m venv "$work/environment"
  "$work/environment/bin/python3" -m pip install -q --disable-pip-version-check --only-binary :all: \
    build/wheels/*_"$(uname -m)".whl pillow
  SWIFTLET_TEST_FILES=$work SWIFTLET_TOOL=$PWD/build/quantize "$work/environment/bin/python3" Python/tests/test_swiftlet.py \
    2>&1 | tee "$work/unittest" | grep -vE '^(\.+|-+|OK|)$' || true
  tests=$(sed -n 's/^Ran \([0-9]*\) tests.*/\1/p' "$work/unittest")
  wrong=$(grep -cE '^(FAIL|ERROR): ' "$work/unittest") || true
  [[ -n $tests ]] || { tests=1 wrong=1; }
  passed=$((passed + tests - wrong)) failed=$((failed + wrong))
done

for wheel in build/wheels/*.whl; do check "auditwheel show $wheel" is_accepted "$wheel"; done
check "aarch64" answers aarch64 aarch64-linux-gnu-gcc qemu-aarch64-static -L /usr/aarch64-linux-gnu
check "armv7l" answers armv7l arm-linux-gnueabihf-gcc qemu-arm-static -cpu cortex-a7 -L /usr/arm-linux-gnueabihf

finish
