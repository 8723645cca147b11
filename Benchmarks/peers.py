#!/usr/bin/env python3
"""Times other runtimes and this one on the same networks, in turns, so that what the machine does meanwhile hits all alike.

Every measurement is a process of its own: it loads the model, warms up, and runs for a while. Peers get the FP32 network as ONNX, and int8
as `quantize export --per-tensor` writes it for their int8 kernels. Writes JSON: by network, threads and engine the milliseconds of a run,
by round.
"""
import argparse
import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ENGINES = ["swiftlet int8", "swiftlet fp32", "onnxruntime int8", "onnxruntime fp32", "openvino int8", "openvino fp32"]


def onnxruntime_run(path, threads, picture):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    binding.bind_cpu_input(session.get_inputs()[0].name, picture)
    binding.bind_output(session.get_outputs()[0].name, "cpu")
    return lambda: session.run_with_iobinding(binding)


def openvino_run(path, threads, picture):
    import openvino

    # By itself OpenVINO computes FP32 networks in bfloat16 where the processor has that.
    settings = {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    request = openvino.Core().compile_model(path, "CPU", settings).create_infer_request()
    request.set_input_tensor(openvino.Tensor(picture))
    return request.infer


def work(engine, path, threads, seconds):
    """Prints the milliseconds of each run as JSON."""
    import numpy

    picture = numpy.random.default_rng(1).standard_normal((1, 3, 224, 224), dtype=numpy.float32)
    run = {"onnxruntime": onnxruntime_run, "openvino": openvino_run}[engine](path, threads, picture)
    for _ in range(10):
        run()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 10:
        begin = time.perf_counter_ns()
        run()
        times.append((time.perf_counter_ns() - begin) / 1e6)
    print(json.dumps(times))


def own_times(program, path, threads, seconds):
    command = [program, "bench", path, "--threads", str(threads), "--min-time", str(max(1, round(seconds))), "--json", "-"]
    row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["rows"][0]
    return [time for times in row["rounds_ms"] for time in times]


def peer_times(engine, path, threads, seconds):
    command = [sys.executable, __file__, "--work", engine, str(path), str(threads), str(seconds)]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()[-1])


def measure(options):
    versions = {name: importlib.metadata.version(name) for name in ["onnxruntime", "openvino"]}
    times = {}
    for turn in range(options.rounds):
        for network in options.networks:
            for threads in options.threads:
                for engine in ENGINES:
                    name, precision = engine.split()
                    print(f"round {turn + 1} of {options.rounds}: {network}, {threads} thread(s), {engine}", file=sys.stderr)
                    ending = "slet" if name == "swiftlet" else "onnx"
                    path = str(Path(options.models) / f"{network}_{precision}.{ending}")
                    taken = (
                        own_times(options.swiftlet, path, threads, options.seconds) if name == "swiftlet"
                        else peer_times(name, path, threads, options.seconds))
                    times.setdefault((network, threads, engine), []).append(
                        {"min_ms": min(taken), "median_ms": statistics.median(taken)})
    rows = [{"network": network, "threads": threads, "engine": engine, "rounds": rounds}
            for (network, threads, engine), rounds in times.items()]
    Path(options.output).write_text(json.dumps({"versions": versions, "seconds": options.seconds, "rows": rows}, indent=1) + "\n")


def main():
    if sys.argv[1:2] == ["--work"]:
        return work(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
    parser = argparse.ArgumentParser(description="other runtimes beside this one")
    parser.add_argument("--networks", nargs="+", default=["large_x1_0", "small_x1_0", "small_x0_35"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1, help="of each measurement")
    parser.add_argument("--models", default="build/benchmarks", help="folder of NETWORK_{int8,fp32}.{slet,onnx}")
    parser.add_argument("--swiftlet", default="build/swiftlet")
    parser.add_argument("-o", "--output", default="build/benchmarks/peers.json")
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
