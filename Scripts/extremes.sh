#!/usr/bin/env bash
# Models with each field at its extremes, on every instruction set of this machine and on the boards' processors under qemu: all must print
# the scalar kernels' lines.   usage: extremes.sh
set -uo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

passed=0 failed=0
check() { # check NAME COMMAND... : compares its lines with the scalar kernels' of this machine
  local name=$1
  shift
  "$@" >"$scratch/lines" 2>"$scratch/errors"
  local status=$? differing
  [[ -f $scratch/expected ]] || cp "$scratch/lines" "$scratch/expected"
  differing=$(diff <(sed '$d' "$scratch/expected") <(sed '$d' "$scratch/lines") | grep -c '^[<>]')
  if [[ $status == 0 && $differing == 0 ]]; then
    passed=$((passed + 1))
    echo "$name: $(tail -n 1 "$scratch/lines")"
  else
    failed=$((failed + 1))
    echo "$name: FAILED with code $status, $(tail -n 1 "$scratch/lines"); lines unlike the scalar kernels':"
    diff <(sed '$d' "$scratch/expected") <(sed '$d' "$scratch/lines") | grep '^[<>]' | head -n 20
    grep -E '^(ACCEPTED|REFUSED|DIFFERS)' "$scratch/lines" | head -n 20
    head -n 5 "$scratch/errors"
  fi
}

for isa in $(build/fuzz/host isas); do check "this machine, $isa" build/fuzz/host extremes --isa "$isa"; done
check "this machine, AddressSanitizer" build/fuzz/asan extremes
for cpu in cortex-a53 cortex-a76 max; do check "aarch64, $cpu" qemu-aarch64-static -cpu $cpu build/aarch64/fuzz extremes; done
for cpu in cortex-a15 max; do check "armv7, $cpu" qemu-arm-static -cpu $cpu build/armv7/fuzz extremes; done
echo "$passed passed, $failed failed"
((failed == 0))
