#!/usr/bin/env bash
# Builds the board tool, or another product, as a static, stripped ARM Linux program: build/BOARD/PRODUCT.   usage: build-board.sh
# aarch64|armv7 [PRODUCT]
#
# It is linked with musl: glibc's static library brings printf, locales and iconv into every program, 600 KB that nothing here uses.
set -euo pipefail
cd "$(dirname "$0")/.."
board=${1:-}
product=${2:-swiftlet}
largest=1000000  # bytes; a board's image has no room to waste. Tests' programs go into none
case $board in
  aarch64) triple=aarch64-none-none-elf; debian=arm64; gnu=aarch64-linux-gnu; musl=aarch64-linux-musl ;;
  armv7) triple=armv7-none-none-eabi; debian=armhf; gnu=arm-linux-gnueabihf; musl=arm-linux-musleabihf ;;
  *) echo "usage: build-board.sh aarch64|armv7 [PRODUCT]" >&2; exit 2 ;;
esac
root=$PWD/build/sysroot/$debian/usr

options=()
# No glibc lies below $root: its headers of that architecture are the kernel's, libjpeg's, libpng's and zlib's.
for flag in -nostdlibinc -isystem "$root/include/$musl" -isystem "$root/include/$gnu" -isystem "$root/include"; do
  options+=(-Xcc "$flag")
done
for flag in -ffunction-sections -fdata-sections; do options+=(-Xcc $flag); done
for flag in "$root/lib/$musl"/crt{1,i,n}.o -L"$root/lib/$musl" -L"$root/lib/$gnu" "$root/lib/gcc/$gnu"/*/libgcc.a -lc \
  --gc-sections --icf=all --strip-all --no-eh-frame-hdr -T "$PWD/Targets/no-unwinding.ld" \
  -Map="$PWD/build/$board/$product.map"; do
  options+=(-Xlinker "$flag")
done

mkdir -p "build/$board"
# SwiftPM does not compile again what a changed toolset should change.
toolset=Targets/$board-linux.toolset.json
cmp -s "$toolset" ".build-$board/toolset.json" || rm -rf ".build-$board"
mkdir -p ".build-$board"
cp "$toolset" ".build-$board/toolset.json"
# The board's libraries, not this machine's.
mkdir -p ".build-$board/pkgconfig"
for library in "jpeg -ljpeg" "png -lpng -lz"; do
  read -r name flags <<<"$library"
  printf '%s\n' "Name: lib$name" 'Description: of the sysroot' 'Version: 1' "Libs: -L$root/lib/$gnu $flags" \
    >".build-$board/pkgconfig/lib$name.pc"
done
"${SWIFT:-swift}" build -c release --triple $triple --toolset "$toolset" --scratch-path ".build-$board" --product "$product" \
  --pkg-config-path "$PWD/.build-$board/pkgconfig" \
  "${options[@]}"
cp ".build-$board/release/$product" "build/$board/$product"
size=$(stat -c %s "build/$board/$product")
echo "build/$board/$product: $size bytes (what takes them: build/$board/$product.map)"
if [[ $product == swiftlet ]] && ((size >= largest)); then
  echo "build/$board/$product: $size bytes, but must stay under $largest" >&2
  exit 1
fi
