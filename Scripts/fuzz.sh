#!/usr/bin/env bash
# Damaged files for the readers, for loading and for a run: under AddressSanitizer here, and on 32 bits with guarded allocations under qemu.
# usage: fuzz.sh N [SEED] [PROGRAM asan|armv7|aarch64 ...]
set -uo pipefail
cd "$(dirname "$0")/.."
count=${1:?usage: fuzz.sh N [SEED] [asan|armv7|aarch64 ...]}
seed=${2:-1}
programs=("${@:3}")
[[ ${#programs[@]} == 0 ]] && programs=(asan armv7)

passed=0 failed=0
for program in "${programs[@]}"; do
  case $program in
    asan) run=(build/fuzz/asan) ;;
    armv7) run=(qemu-arm-static -cpu max build/armv7/fuzz) ;;
    aarch64) run=(qemu-aarch64-static -cpu max build/aarch64/fuzz) ;;
    *) echo "fuzz.sh: no program '$program'; there are asan, armv7, aarch64" >&2; exit 2 ;;
  esac
  for command in readers load run; do
    echo "== $program: $command $count $seed"
    output=$("${run[@]}" "$command" "$count" "$seed")
    status=$?
    echo "$output"
    if [[ $(tail -n 1 <<<"$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
      passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
      [[ $status == 0 || ${BASH_REMATCH[2]} != 0 ]] || failed=$((failed + 1))
    else
      echo "fuzz.sh: $program $command ended with code $status and no result" >&2
      failed=$((failed + 1))
    fi
  done
done
echo "$passed passed, $failed failed"
((failed == 0))
