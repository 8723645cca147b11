#!/usr/bin/env bash
# Builds the C library: libswiftlet.so and .a, headers, and what pkg-config and CMake find it by.   usage: build-library.sh
# x86_64|aarch64|armv7 FOLDER      FOLDER gets lib/ and include/
#
# It needs glibc 2.17 or newer and nothing else: libjpeg, libpng and zlib are inside, and Swift's runtime is in its Embedded form. PyPI's
# ziglang has the headers of glibc's versions and links with them.
set -euo pipefail
cd "$(dirname "$0")/.."
machine=${1:-} target=${2:-} root=
glibc=17 # the minor version of the oldest
case $machine in
  x86_64) triple=x86_64-unknown-linux-gnu; gnu=x86_64-linux-gnu; headers=x86; zig=x86_64-linux-gnu; clang=() ;;
  aarch64) triple=aarch64-none-none-elf; gnu=aarch64-linux-gnu; headers=aarch64; zig=$gnu; root=$PWD/build/sysroot/arm64/usr; clang=() ;;
  armv7)
    triple=armv7-none-none-eabi gnu=arm-linux-gnueabihf headers=arm zig=$gnu root=$PWD/build/sysroot/armhf/usr
    clang=(--target=armv7-linux-gnueabihf -mfloat-abi=hard -mfpu=neon -D_FILE_OFFSET_BITS=64)
    ;;
  *) echo "usage: build-library.sh x86_64|aarch64|armv7 FOLDER" >&2; exit 2 ;;
esac
[[ $machine != "$(uname -m)" ]] || root=/usr
swift=${SWIFT:-swift}
tools=$(dirname "$(readlink -f "$(command -v "$swift")")")
scratch=$PWD/.build-library-$machine
packages=$(echo "$PWD"/build/zig/lib/python3*/site-packages/ziglang)

# ---- Compile: SwiftPM's own way for the target, without its linking.

clang=("${clang[@]:---target=$gnu}" -fPIC -ffunction-sections -fdata-sections -fvisibility=hidden
  -DSWIFTLET_LIBRARY=1 -DSJ_STATIC_LIBJPEG=1 -DSN_STATIC_LIBPNG=1 -nostdlibinc -D__GLIBC_MINOR__=$glibc)
for folder in "$headers-linux-gnu" generic-glibc "$headers-linux-any" any-linux-any; do
  clang+=(-isystem "$packages/lib/libc/include/$folder")
done
clang+=(-idirafter "$root/include/$gnu" -idirafter "$root/include")
options=()
for flag in -enable-experimental-feature Embedded -wmo -Xfrontend -function-sections; do options+=(-Xswiftc "$flag"); done
for flag in "${clang[@]}"; do options+=(-Xcc "$flag"); done

mkdir -p "$scratch/pkgconfig"
# SwiftPM does not compile again what changed options should change.
stamp="$("$swift" --version 2>/dev/null) ${options[*]}"
[[ -f $scratch/stamp && $(<"$scratch/stamp") == "$stamp" ]] || rm -rf "${scratch:?}/$triple"
echo "$stamp" >"$scratch/stamp"
# The libraries are found below; this machine's pkg-config has nothing to say.
for name in libjpeg libpng; do
  printf '%s\n' "Name: $name" 'Description: static' 'Version: 1' >"$scratch/pkgconfig/$name.pc"
done
"$swift" build -c release --triple $triple --scratch-path "$scratch" --pkg-config-path "$scratch/pkgconfig" --target SwiftletC \
  "${options[@]}"

# ---- Link.

objects=$scratch/objects.txt
# SwiftPM keeps the objects of files that are gone.
find "$scratch/$triple/release/" -name '*.o' -printf '%P\n' | sort | while read -r object; do
  module=${object%%.build/*} file=${object#*.build/}
  file=${file%.o}
  case $file in
    *.swift) source=$(find "Sources/$module" -name "$file") ;;
    *) source=Sources/$module/$file ;;
  esac
  [[ ! -f $source ]] || echo "$scratch/$triple/release/$object"
done >"$objects"
archives=("$root/lib/$gnu/libjpeg.a" "$root/lib/$gnu/libpng16.a" "$root/lib/$gnu/libz.a")
mkdir -p "$target/lib" "$target/include"
zig=("$packages/zig" cc -target $zig.2.$glibc)
[[ $machine != armv7 ]] || zig+=(-mcpu=generic+v7a+neon)
export ZIG_GLOBAL_CACHE_DIR=$PWD/build/zig/cache ZIG_LOCAL_CACHE_DIR=$PWD/build/zig/cache
mapfile -t files <"$objects"
"${zig[@]}" -shared -s -o "$target/lib/libswiftlet.so" "${files[@]}" "${archives[@]}" -lm -lpthread -Wl,-soname,libswiftlet.so \
  -Wl,--version-script=Sources/SwiftletC/exports.map -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
# One object in which everything but the library's functions is local: a program may have a libjpeg of its own.
mapfile -t functions < <("$tools/llvm-nm" -D --defined-only --just-symbol-name "$target/lib/libswiftlet.so")
"$tools/ld.lld" -r --gc-sections "${functions[@]/#/--undefined=}" -o "$scratch/swiftlet.o" @"$objects" "${archives[@]}"
"$tools/llvm-objcopy" --wildcard --keep-global-symbol='swiftlet_*' --strip-debug "$scratch/swiftlet.o"
rm -f "$target/lib/libswiftlet.a"
"$tools/llvm-ar" rcs "$target/lib/libswiftlet.a" "$scratch/swiftlet.o"

# ---- What programs find it by.

cp Sources/SwiftletC/include/swiftlet.h Sources/SwiftletC/include/swiftlet.hpp "$target/include/"
version=$(sed -n 's/.*StaticString { "\(.*\)" }.*/\1/p' Sources/SwiftletRuntime/Version.swift)
mkdir -p "$target/lib/pkgconfig" "$target/lib/cmake/swiftlet"
fill() { sed "s/@VERSION@/$version/; s/@VERSION_MINOR@/${version%.*}/" "$1" >"$2"; }
fill Sources/SwiftletC/swiftlet.pc.in "$target/lib/pkgconfig/swiftlet.pc"
cp Sources/SwiftletC/cmake/swiftletConfig.cmake "$target/lib/cmake/swiftlet/"
fill Sources/SwiftletC/cmake/swiftletConfigVersion.cmake.in "$target/lib/cmake/swiftlet/swiftletConfigVersion.cmake"
# What libjpeg-turbo, libpng and zlib ask for where they are handed on.
mkdir -p "$target/share/doc/swiftlet"
for package in libjpeg62-turbo-dev libpng-dev zlib1g-dev; do
  echo "==== $package"
  cat "$root/share/doc/$package/copyright"
done >"$target/share/doc/swiftlet/copyright"
for file in so a; do echo "$target/lib/libswiftlet.$file: $(stat -c %s "$target/lib/libswiftlet.$file") bytes"; done
