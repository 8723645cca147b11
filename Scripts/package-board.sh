#!/usr/bin/env bash
# Packs build/BOARD/swiftlet with a model, inputs, the answers expected of it and Targets/board-check.sh: build/swiftlet-BOARD.tar.gz.
#   usage: package-board.sh aarch64|armv7        SWIFTLET, QUANTIZE: this machine's tools, build/swiftlet and build/quantize
#
# The model and the photograph are the quickstart's where it has run; else a built-in network with random weights, and a picture made here.
set -euo pipefail
cd "$(dirname "$0")/.."
board=${1:-}
[[ $board == aarch64 || $board == armv7 ]] || { echo "usage: package-board.sh aarch64|armv7" >&2; exit 2; }
swiftlet=$(realpath "${SWIFTLET:-build/swiftlet}")
quantize=${QUANTIZE:-build/quantize}
folder=build/package/swiftlet-$board
rm -rf "$folder"
mkdir -p "$folder"
cp "build/$board/swiftlet" Targets/board-check.sh "$folder"

if [[ -f build/quickstart/efficientnet_lite0_int8.slet ]]; then
  cp build/quickstart/efficientnet_lite0_int8.slet "$folder/model.slet"
  cp build/quickstart/photographs/coffee.jpg "$folder/picture.jpg"
else
  "$quantize" --arch MobileNetV3_small_x1_0 --calibration random --samples 4 --preset fast -o "$folder/model.slet"
  # Any bytes are a picture; the program's own are at hand and the same for everybody who has it.
  { printf 'P6\n256 256\n255\n'; head -c $((256 * 256 * 3)) "build/$board/swiftlet"; } > "$folder/picture.ppm"
fi

# A tensor of single-precision numbers between 0.03 and 4, either sign, written as the bytes they are: three letters, then sign and
# exponent.
{
  header="{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3, 224, 224), }"
  printf '\223NUMPY\001\000v\000%-117s\n' "$header"
  LC_ALL=C awk 'BEGIN {
    split("= > ? @ \275 \276 \277", high, " ")
    for (i = 0; i < 3 * 224 * 224; i++) {
      x = (x * 1103 + 12347) % 65536
      printf "%c%c%c%s", 97 + x % 26, 97 + i % 23, 97 + x % 19, high[1 + int(x / 64) % 7]
    }
  }'
} > "$folder/input.npy"

cd "$folder"
"$swiftlet" run model.slet --input input.npy --output expected.npy
"$swiftlet" classify model.slet picture.* --top 5 --json > expected.json
cd ..
tar -czf "../swiftlet-$board.tar.gz" "swiftlet-$board"
echo "build/swiftlet-$board.tar.gz: unpack it on the board, then  sh swiftlet-$board/board-check.sh > result.json"
