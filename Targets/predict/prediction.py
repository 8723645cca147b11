"""A network's predicted time on a board: cycles of its kernels' blocks times their executions, plus memory, plus waiting for one another."""

import hashlib
import json
import pickle
from dataclasses import dataclass
from pathlib import Path

import cycles
import memory
import program
import trace

THREADS = [1, 2, 4]
WAIT_NS = 500  # an operator's end, where threads wait for the slowest: of the order that the pool's hand-over costs on x86
# What qemu must be to let dispatch choose an instruction set's kernels. qemu 7.2 has no AVX-512.
CPUS = {"neon": "cortex-a72", "neon_dotprod": "cortex-a76", "neon_i8mm": "max", "avx2": "max"}
CORES = json.loads(Path(__file__).with_name("cores.json").read_text())


@dataclass
class Layer:
    operator: object
    kernel: str
    cycles: float      # one thread
    share: float       # inner loop's of the core's peak, 0 where it has no multiply-accumulates
    memory_ns: float   # one thread
    ns: dict           # by threads


class Prediction:
    def __init__(self, board, operators, folder):
        self.board, self.folder = board, folder
        self.operators = operators
        self.architecture, self.isa = board["target"], board["isa"][-1]
        # As the session does: threads go to the fastest cores first.
        self.clusters = [cluster for cluster in board["clusters"] for _ in range(cluster["count"])]
        self.threads = [count for count in THREADS if count <= len(self.clusters)]
        self.binary = program.build(self.architecture, folder)
        self.trace()
        self.layers = self.predict()

    def cached(self, what, key, compute):
        """`compute()`, kept below build/ until what it depends on changes."""
        path = self.folder / f"{what}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.pickle"
        if path.exists():
            return pickle.loads(path.read_bytes())
        value = compute()
        path.write_bytes(pickle.dumps(value))
        return value

    def trace(self):
        lines = list({operator.line(): operator for operator in self.operators}.values())  # equal operators once
        key = (hashlib.sha256(self.binary.read_bytes()).hexdigest(), [operator.line() for operator in lines], self.isa, THREADS)
        cpu = CPUS[self.isa]
        said, blocks, runs = self.cached("trace", key, lambda: trace.record(self.binary, self.architecture, cpu, lines, THREADS))
        code = self.cached("code", key[0], lambda: program.instructions(self.binary))
        used = sorted(set().union(*(run.executions for run in runs)))
        # qemu lists long instructions in two lines, of which the second has no instruction.
        self.blocks = {address: [code[at] for at in blocks[address] if at in code] for address in used}
        each = sum(THREADS)
        self.traced = {operator.line(): (said[i], runs[i * each : (i + 1) * each]) for i, operator in enumerate(lines)}

    def costs(self, core):
        return self.cached("cycles", (core, self.blocks), lambda: cycles.of_blocks(self.blocks, self.architecture, core))

    def block_cycles(self, run, core, costs):
        """{address: cycles} of one run. A loop of one block waits for its own results; other blocks overlap with what is around them, but
        for cores that run in order."""
        return {
            address: count * costs[address][0 if core["in_order"] or run.repeats[address] else 1]
            for address, count in run.executions.items()
        }

    def predict(self):
        weights = sum(int(self.traced[operator.line()][0][1]) for operator in self.operators)
        first = CORES[self.clusters[0]["core"]]
        peak = cycles.peak(self.isa, self.architecture, first)
        layers = []
        for operator in self.operators:
            (kernel, packed, source, target, _), runs = self.traced[operator.line()]
            blocks = self.block_cycles(runs[0], first, self.costs(first))
            ns, reads = {}, {}
            for count in self.threads:
                start = sum(THREADS[: THREADS.index(count)])
                parts = []
                for part, cluster in enumerate(self.clusters[:count]):
                    core = CORES[cluster["core"]]
                    busy = sum(self.block_cycles(runs[start + part], core, self.costs(core)).values()) / cluster["mhz"] * 1000
                    maps = int(source) + int(target) + (int(target) if operator.fields.get("residual") else 0)
                    reads[count] = memory.of_operator(maps, int(packed), weights, cluster, core, self.board, count)
                    parts.append(busy + reads[count])
                ns[count] = max(parts) + (WAIT_NS if count > 1 else 0)
            layers.append(Layer(operator, kernel, sum(blocks.values()), self.loop_share(runs[0], blocks, peak), reads[1], ns))
        return layers

    def loop_share(self, run, blocks, peak):
        """Of the loop that most cycles go to among those that multiply."""
        loops = [address for address in blocks if run.repeats[address] and cycles.macs(self.blocks[address])]
        if not loops:
            return 0
        loop = max(loops, key=blocks.get)
        return cycles.macs(self.blocks[loop]) * run.executions[loop] / blocks[loop] / peak

    def total_ms(self, threads):
        return sum(layer.ns[threads] for layer in self.layers) / 1e6
