#!/usr/bin/env bash
# Measures all networks, draws the plots, measures the peers and writes docs/BENCHMARKS.md: make benchmarks.
set -euo pipefail
cd "$(dirname "$0")/.."
work=build/benchmarks
mkdir -p $work docs/benchmarks
for network in large_x1_0 small_x1_0 small_x0_35; do
  build/quantize --arch MobileNetV3_$network --float -o $work/${network}_fp32.slet
  build/quantize --arch MobileNetV3_$network --calibration random --samples 4 --preset fast -o $work/${network}_int8.slet
  build/quantize export $work/${network}_fp32.slet -o $work/${network}_fp32.onnx
  build/quantize export $work/${network}_int8.slet --per-tensor -o $work/${network}_int8.onnx
done
SWIFTLET_COMMIT=$(git rev-parse --short HEAD) build/swiftlet bench --arch all --precision fp32,int8 --threads 1,2,4 --batch 1,4,8 \
  --reference sd855 --json $work/bench.json
for chart in accuracy precision threads batch; do
  build/quantize plot $work/bench.json --chart $chart -o docs/benchmarks/$chart.svg
done
$work/python/bin/python3 Benchmarks/peers.py --models $work -o $work/peers.json
python3 Benchmarks/document.py $work/bench.json $work/peers.json
