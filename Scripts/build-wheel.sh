#!/usr/bin/env bash
# Makes Python's package for x86-64 and both boards: build/wheels. Needs the three libraries.   usage: build-wheel.sh
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n "s/^Version: //p" build/lib/pkgconfig/swiftlet.pc)
rm -rf build/wheels
for machine in x86_64:build aarch64:build/aarch64 armv7l:build/armv7; do
  folder=${machine#*:}
  python3 Python/make_wheel.py "$version" "manylinux_2_17_${machine%:*}" "$folder/lib/libswiftlet.so" \
    "$folder/share/doc/swiftlet/copyright" build/wheels
done
