#!/usr/bin/env bash
# Builds the board tool as a static, stripped ARM Linux program: build/BOARD/swiftlet.   usage: build-board.sh aarch64|armv7
set -euo pipefail
cd "$(dirname "$0")/.."
board=$1
case $board in
  aarch64) triple=aarch64-none-none-elf; debian=arm64; gnu=aarch64-linux-gnu ;;
  armv7) triple=armv7-none-none-eabi; debian=armhf; gnu=arm-linux-gnueabihf ;;
  *) echo "usage: build-board.sh aarch64|armv7" >&2; exit 2 ;;
esac
jpeg=$PWD/build/sysroot/$debian/usr
"${SWIFT:-swift}" build -c release --triple $triple --toolset Targets/$board-linux.toolset.json --scratch-path .build-$board --product swiftlet \
  -Xcc -I"$jpeg/include/$gnu" -Xcc -I"$jpeg/include" -Xlinker -L"$jpeg/lib/$gnu"
mkdir -p build/$board
cp .build-$board/release/swiftlet build/$board/swiftlet
strip=$gnu-strip
"$strip" build/$board/swiftlet
echo "build/$board/swiftlet: $(stat -c %s build/$board/swiftlet) bytes"
