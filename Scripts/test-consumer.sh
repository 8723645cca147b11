#!/usr/bin/env bash
# Builds Examples/Classify as a stranger would, in release, in a folder elsewhere with this checkout as a dependency by path; runs it and
# compares what it prints with `swiftlet classify`. Needs build/quantize and build/swiftlet.   usage: test-consumer.sh
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

stop() { echo "test-consumer: $*" >&2; exit 1; }

cp -r Examples/Classify "$work/consumer"
sed -i "s|path: \"../..\"|path: \"$checkout\"|" "$work/consumer/Package.swift"
# Kept from one run to the next, so that the second compiles what has changed.
"${SWIFT:-swift}" build -c release --package-path "$work/consumer" --scratch-path "$checkout/build/consumer" --product Classify

build/quantize --arch MobileNetV3_small_x0_35 --calibration random --samples 2 --preset fast -o "$work/m.slet" >"$work/log" 2>&1 ||
  stop "quantize failed: $(cat "$work/log")"
# A JPEG of the tests: what stands between quotes after its name.
awk '/let baseline/ { found = 1 } found && /"""/ { quotes++; next } quotes == 1 { print } quotes == 2 { exit }' \
  Tests/TestSupport/SmallJPEG.swift | tr -d ' \n' | base64 -d >"$work/cat.jpg"

(cd "$work" && "$checkout/build/consumer/release/Classify") >"$work/printed"
build/swiftlet classify "$work/m.slet" "$work/cat.jpg" --top 5 --json |
  grep -o '"label": "[^"]*", "probability": [0-9.e-]*' | sed 's/"label": "\([^"]*\)", "probability": /\1 /' >"$work/expected"
awk '{ probability = $NF; NF--; printf "%s %.6f\n", $0, probability }' "$work/printed" >"$work/rounded"
[[ $(wc -l <"$work/expected") == 5 ]] || stop "swiftlet classify gave $(wc -l <"$work/expected") answers in place of 5"
diff "$work/expected" "$work/rounded" || stop "Examples/Classify prints something else than swiftlet classify"

# A bad picture ends the program with the error's line, since the program catches none; the shell's word on how it ended is no news.
echo nothing >"$work/cat.jpg"
status=0
{ (cd "$work" && "$checkout/build/consumer/release/Classify"); } >/dev/null 2>"$work/errors" || status=$?
((status != 0)) || stop "a bad picture is no error"
grep -q 'cat.jpg: neither a JPEG' "$work/errors" || stop "a bad picture's error is not named: $(cat "$work/errors")"
echo "test-consumer: 2 passed, 0 failed"
