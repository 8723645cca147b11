#!/usr/bin/env bash
# Programs in C and C++ against the library, found by pkg-config, CMake and by hand, here and on both boards' processors; what it exports
# and needs; its results beside those of `swiftlet`. Needs build/quantize, build/swiftlet and the three libraries.   usage: test-library.sh
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD
. Scripts/checks.sh

Scripts/library-test-files.sh "$work"

# ---- The library itself

exports_its_functions() { # of a library: those of the header, and nothing else
  nm -D --defined-only "$1" | awk '{ print $3 }' | sort >"$work/exported"
  sed 's|/\*.*||; /^ \*/d' Sources/SwiftletC/include/swiftlet.h | grep -o 'swiftlet_[a-z_]*(' | tr -d '(' | sort -u >"$work/declared"
  diff "$work/declared" "$work/exported"
}

needs_old_glibc_alone() {
  readelf -dW "$1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -vxE 'lib(c|m|pthread)\.so\.[0-9]|ld-linux.*' && return 1
  nm -D --undefined-only "$1" | grep -o 'GLIBC_.*' | sed 's/GLIBC_//' >"$work/versions"
  [[ $(printf '%s\n' 2.17 $(<"$work/versions") | sort -V | tail -1) == 2.17 ]]
}

is_hardened() { # no code is writable, no data runs, nothing is left to be bound later
  readelf -lW "$1" | grep GNU_STACK | grep -q 'RW ' && readelf -dW "$1" | grep -q NOW && ! readelf -dW "$1" | grep -q TEXTREL
}

for library in build/lib build/aarch64/lib build/armv7/lib; do
  check "$library exports" exports_its_functions $library/libswiftlet.so
  check "$library needs" needs_old_glibc_alone $library/libswiftlet.so
  check "$library form" is_hardened $library/libswiftlet.so
  defined=$(nm --defined-only $library/libswiftlet.a | awk 'NF == 3 && $2 ~ /[A-Z]/ { print $3 }' | grep -vc '^swiftlet_') || true
  check "$library static names" test "$defined" == 0
done

# ---- Programs

# program COMPILER FOLDER RUNNER... : the tests of C and C++ with a compiler, the library below FOLDER, and what runs programs
program() {
  local compiler=$1 folder=$checkout/$2 place=$work/$2
  local runner=("${@:3}") warnings=(-O1 -Wall -Wextra -Wpedantic -Werror)
  mkdir -p "$place"
  logits() {
    "${runner[@]}" "$1" "$work/m.slet" "$work/cat.jpg" "$work/x.raw" "$place/logits.raw" && cmp "$place/logits.raw" "$work/y.raw"
  }
  wrapper() { "${runner[@]}" "$place/wrapper" "$work/m.slet" "$work/cat.jpg"; }
  example() { "${runner[@]}" "$1" "$work/m.slet" "$work/cat.jpg" | diff - "$work/answers.txt"; }
  local link=("$folder/lib/libswiftlet.so" -lpthread "-Wl,-rpath,$folder/lib")
  check "$2: C" "${compiler}gcc" -std=c11 "${warnings[@]}" "-I$folder/include" Tests/SwiftletC/library_test.c -o "$place/c" "${link[@]}"
  check "$2: C, run" logits "$place/c"
  check "$2: C, static" "${compiler}gcc" -std=c11 "${warnings[@]}" "-I$folder/include" Tests/SwiftletC/library_test.c -o "$place/static" \
    "$folder/lib/libswiftlet.a" -lm -lpthread
  check "$2: C, static, run" logits "$place/static"
  check "$2: C++" "${compiler}g++" -std=c++11 "${warnings[@]}" "-I$folder/include" Tests/SwiftletC/wrapper_test.cpp -o "$place/wrapper" \
    "${link[@]}"
  check "$2: C++, run" wrapper
  check "$2: example in C" "${compiler}gcc" "${warnings[@]}" "-I$folder/include" Examples/C/classify.c -o "$place/example" "${link[@]}"
  check "$2: example in C, run" example "$place/example"
  check "$2: example in C++" "${compiler}g++" -std=c++11 "${warnings[@]}" "-I$folder/include" Examples/CPlusPlus/classify.cpp \
    -o "$place/example++" "${link[@]}"
  check "$2: example in C++, run" example "$place/example++"
}

program "" build env
program aarch64-linux-gnu- build/aarch64 qemu-aarch64-static -L /usr/aarch64-linux-gnu
program arm-linux-gnueabihf- build/armv7 qemu-arm-static -cpu cortex-a7 -L /usr/arm-linux-gnueabihf

# ---- As a package

installed=$work/root/opt/swiftlet
by_pkg_config() {
  cp -r Examples/C "$work/pkg-config"
  make -C "$work/pkg-config" "PKG_CONFIG_PATH=$installed/lib/pkgconfig" && "$work/pkg-config/classify" "$work/m.slet" "$work/cat.jpg" |
    diff - "$work/answers.txt"
}
by_cmake() {
  cmake -S Examples/CPlusPlus -B "$work/cmake" "-DCMAKE_PREFIX_PATH=$installed" && cmake --build "$work/cmake" &&
    "$work/cmake/classify" "$work/m.slet" "$work/cat.jpg" | diff - "$work/answers.txt"
}
static_by_cmake() {
  cp -r Examples/CPlusPlus "$work/static-source"
  sed -i 's/swiftlet::swiftlet/swiftlet::static/; s/find_package(swiftlet /&0.2 /' "$work/static-source/CMakeLists.txt"
  cmake -S "$work/static-source" -B "$work/static-build" "-DCMAKE_PREFIX_PATH=$installed" && cmake --build "$work/static-build" &&
    "$work/static-build/classify" "$work/m.slet" "$work/cat.jpg" | diff - "$work/answers.txt"
}
check "make install" env -u MAKEFLAGS make install PREFIX=/opt/swiftlet "DESTDIR=$work/root"
check "pkg-config" by_pkg_config
check "CMake" by_cmake
check "CMake, static" static_by_cmake

finish
