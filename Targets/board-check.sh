#!/bin/sh
# Checks and measures swiftlet on this board and prints one JSON to send back.   usage: sh board-check.sh > result.json
#
# Needs a POSIX shell and usual tools alone; BusyBox's will do. Progress goes to standard error. Stops with 1 where an answer is not the
# expected one.
#   RUNNER='qemu-aarch64-static -cpu cortex-a53'  tries it at a desk       RUNS=N  runs a measurement, no warm-up       ARCH=NAME,...  other
#   networks beside the model
set -u
cd "$(dirname "$0")" || exit 1
arch=${ARCH:-MobileNetV3_large_x1_0,MobileNetV3_small_x1_0}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failures=0

say() { echo "board-check: $*" >&2; }
tool() { ${RUNNER:-} ./swiftlet "$@"; }
clean() { tr -d '"\\\000-\037' | sed 's/ *$//'; }
# first FILE: its first line as a JSON string, null where it cannot be read
first() {
  if [ -r "$1" ] && line=$(head -n 1 "$1" 2>/dev/null) && [ -n "$line" ]; then
    printf '"%s"' "$(printf '%s' "$line" | clean)"
  else
    printf null
  fi
}
# numbers FILE...: {"folder/name": number, ...} of those that can be read
numbers() {
  separator=
  printf '{'
  for file in "$@"; do
    value=$(cat "$file" 2>/dev/null) || continue
    case $value in '' | *[!0-9-]*) continue ;; esac
    printf '%s"%s": %s' "$separator" "$(echo "$file" | sed 's|^/sys/devices/system/cpu/||; s|^/sys/class/thermal/||')" "$value"
    separator=', '
  done
  printf '}'
}
temperatures() { numbers /sys/class/thermal/thermal_zone*/temp; }
# verdict WHAT COMMAND...: true or false, counting failures
verdict() {
  what=$1
  shift
  say "$what"
  if "$@" > "$work/out" 2>&1; then
    eval "$what=true"
  else
    eval "$what=false"
    failures=$((failures + 1))
    say "$what FAILED"
    tail -n 3 "$work/out" >&2
  fi
}
same_logits() { tool run model.slet --input input.npy --output "$work/logits.npy" --threads "$1" && cmp "$work/logits.npy" expected.npy; }
logits_same() { for threads in 1 2 3 4; do same_logits $threads || return 1; done; }
answer_same() { tool classify model.slet picture.* --top 5 --json > "$work/answer.json" && cmp "$work/answer.json" expected.json; }
measure() {
  tool bench model.slet --arch $arch --precision int8,fp32 --threads 1,2,4 ${RUNS:+--runs $RUNS --warmup 0} --json "$work/bench.json"
}

verdict selftest tool selftest
kernels=$(tail -n 1 "$work/out" | clean)
verdict logits logits_same
verdict answer answer_same
before=$(temperatures)
verdict bench measure
after=$(temperatures)

cat <<END
{
  "board": $(if [ -r /proc/device-tree/model ]; then first /proc/device-tree/model; else first /sys/firmware/devicetree/base/model; fi),
  "machine": "$(uname -srvm | clean)",
  "cpu_parts": "$(sed -n 's/^CPU part[^:]*: *//p' /proc/cpuinfo | sort | uniq -c | tr '\n' ',' | clean)",
  "cpu_features": "$(sed -n 's/^Features[^:]*: *//p' /proc/cpuinfo | head -n 1 | clean)",
  "memory": "$(sed -n 's/^MemTotal: *//p' /proc/meminfo | clean)",
  "runner": "$(printf '%s' "${RUNNER:-}" | clean)",
  "governor": $(first /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor),
  "max_khz": $(numbers /sys/devices/system/cpu/cpu[0-9]*/cpufreq/cpuinfo_max_freq),
  "capacity": $(numbers /sys/devices/system/cpu/cpu[0-9]*/cpu_capacity),
  "temperature_before": $before,
  "temperature_after": $after,
  "selftest": $selftest,
  "kernels": "$kernels",
  "logits_as_expected": $logits,
  "answer_as_expected": $answer,
  "bench": $(if [ -s "$work/bench.json" ]; then cat "$work/bench.json"; else echo null; fi)
}
END
[ $failures = 0 ] || exit 1
say "all as expected"
