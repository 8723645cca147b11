#!/usr/bin/env bash
# Builds tools and tests with ThreadSanitizer, or C with UndefinedBehaviorSanitizer, and runs them.   usage: test-with-sanitizer.sh
# thread|undefined [FILTER]
set -euo pipefail
cd "$(dirname "$0")/.."
sanitizer=${1:-}
options=(-c release -Xswiftc -enable-testing --scratch-path ".build-$sanitizer")
case $sanitizer in
  thread) options+=(--sanitize thread) ;;
  # Calls through the types of Swift's closures are not what C's own would be: -fno-sanitize=function. The linker is clang, which brings the
  # runtime.
  undefined)
    for flag in -fsanitize=undefined -fno-sanitize=function -fno-sanitize-recover=all; do options+=(-Xcc $flag); done
    options+=(-Xswiftc -Xclang-linker -Xswiftc -fsanitize=undefined)
    ;;
  *) echo "usage: test-with-sanitizer.sh thread|undefined [FILTER]" >&2; exit 2 ;;
esac
Scripts/dependencies.sh host
# A report ends the process it comes from: a tool's test fails by the exit status, a library's by the test program's.
export TSAN_OPTIONS="halt_on_error=1 ${TSAN_OPTIONS:-}" UBSAN_OPTIONS="print_stacktrace=1 ${UBSAN_OPTIONS:-}"
for product in quantize swiftlet swiftletPackageTests; do "${SWIFT:-swift}" build "${options[@]}" --product $product; done
Scripts/run-tests.sh "${options[@]}" ${2:+--filter "$2"}
