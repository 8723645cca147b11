"""A network's predicted time on a board: cycles of its kernels' blocks times their executions, plus memory, plus waiting for one
another."""

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
PARTS_OF_THREAD = 4  # where cores differ, as Session divides operators
WAIT_NS = 500  # an operator's end, where threads wait for the slowest: of the order that the pool's hand-over costs on x86
# What qemu must be to let dispatch choose an instruction set's kernels. qemu 7.2 has no AVX-512.
CPUS = {
    ("aarch64", "neon"): "cortex-a72", ("aarch64", "neon_dotprod"): "cortex-a76", ("aarch64", "neon_i8mm"): "max",
    ("armv7", "neon"): "cortex-a7", ("x86_64", "avx2"): "max",
}
CORES = json.loads(Path(__file__).with_name("cores.json").read_text())


def differ(clusters):
    """Whether Session finds that these clusters' processors differ: capacities by half, as the kernel's are of another kind of core.

    >>> cores = (("cortex-a76", 2842), ("cortex-a76", 2419), ("cortex-a55", 1786))
    >>> prime, big, little = ({"core": core, "mhz": mhz} for core, mhz in cores)
    >>> differ([prime, prime]), differ([prime, big]), differ([big, little])
    (False, False, True)
    """
    clocks = [cluster["mhz"] for cluster in clusters]
    return len({cluster["core"] for cluster in clusters}) > 1 or 2 * max(clocks) >= 3 * min(clocks)


@dataclass
class Layer:
    operator: object
    kernel: str
    cycles: float      # one thread
    share: float       # inner loop's of the core's peak; 0 where nothing that multiplies is done twice in a row
    memory_ns: float   # one thread
    ns: dict           # by threads


class Prediction:
    def __init__(self, board, operators, folder):
        self.board, self.folder = board, folder
        self.operators = operators
        self.known_costs = {}
        self.architecture, self.isa = board["target"], board["isa"][-1]
        for cluster in board["clusters"]:
            if cluster["core"] not in CORES:
                raise SystemExit(f"predict: {cluster['core']} is not in cores.json")
        # The process is taken to be bound to as many of the fastest cores as there are threads.
        self.clusters = [cluster for cluster in board["clusters"] for _ in range(cluster["count"])]
        self.threads = [count for count in THREADS if count <= len(self.clusters)]
        self.parts = {count: count * (PARTS_OF_THREAD if differ(self.clusters[:count]) else 1) for count in self.threads}
        self.core = CORES[self.clusters[0]["core"]]
        self.binary = program.build(self.architecture, folder)
        self.trace()
        self.layers = self.predict()

    def cached(self, what, module, key, compute):
        """`compute()` of `module`, kept below build/ until its source or what it depends on changes."""
        digest = hashlib.sha256(repr((key, Path(module.__file__).read_text())).encode()).hexdigest()
        path = self.folder / f"{what}-{digest[:16]}.pickle"
        if path.exists():
            return pickle.loads(path.read_bytes())
        value = compute()
        path.write_bytes(pickle.dumps(value))
        return value

    def trace(self):
        lines = list({operator.line(): operator for operator in self.operators}.values())  # equal operators once
        key = (hashlib.sha256(self.binary.read_bytes()).hexdigest(), [operator.line() for operator in lines], self.isa, self.parts)
        cpu = CPUS[self.architecture, self.isa]
        said, blocks, runs = self.cached(
            "trace", trace, key, lambda: trace.record(self.binary, self.architecture, cpu, lines, list(self.parts.values())))
        code = self.cached("code", program, key[0], lambda: program.instructions(self.binary, self.architecture))
        used = sorted(set().union(*(run.executions for run in runs)))
        # qemu lists long instructions in two lines, of which the second has no instruction.
        self.blocks = {address: [code[at] for at in blocks[address] if at in code] for address in used}
        each = sum(self.parts.values())
        self.traced = {operator.line(): (said[i], runs[i * each : (i + 1) * each]) for i, operator in enumerate(lines)}

    def costs(self, core):
        if core["mca"] not in self.known_costs:
            self.known_costs[core["mca"]] = self.cached(
                "cycles", cycles, (core["mca"], self.blocks), lambda: cycles.of_blocks(self.blocks, self.architecture, core))
        return self.known_costs[core["mca"]]

    def block_cycles(self, run, core, costs):
        """{address: cycles} of one run. A loop of one block waits for its own results, and a block that fills a core's window has nothing
        to overlap with but itself; other blocks overlap with what is around them, but for cores that run in order."""
        def alone(address):
            return core["in_order"] or run.repeats[address] or len(self.blocks[address]) >= core["window"]

        return {address: count * costs[address][0 if alone(address) else 1] for address, count in run.executions.items()}

    def predict(self):
        weights = sum(int(self.traced[operator.line()][0][1]) for operator in self.operators)
        first = self.core
        self.peak = cycles.peak(self.isa, self.architecture, first)
        layers = []
        for operator in self.operators:
            (kernel, packed, source, target, _), runs = self.traced[operator.line()]
            blocks = self.block_cycles(runs[0], first, self.costs(first))
            maps = int(source) + int(target) * (2 if operator.fields.get("residual") else 1)
            one_position = operator.fields["out_h"] * operator.fields["out_w"] == 1
            ns, first_run = {}, 0
            for count, parts in self.parts.items():
                ns[count] = self.operator_ns(runs[first_run : first_run + parts], count, maps, int(packed), weights, one_position)
                first_run += parts
            read = sum(memory.of_operator(maps, int(packed), weights, one_position, self.clusters[0], first, self.board, 1))
            layers.append(Layer(operator, kernel, sum(blocks.values()), self.loop_share(runs[0], blocks), read, ns))
        return layers

    def operator_ns(self, runs, threads, maps, packed, weights, one_position):
        """Threads take `runs`, the operator's parts, one after the other; the last to be done decides."""
        free = [0.0] * threads
        for run in runs:
            thread = min(range(threads), key=lambda thread: free[thread])
            cluster = self.clusters[thread]
            core = CORES[cluster["core"]]
            busy = sum(self.block_cycles(run, core, self.costs(core)).values()) / cluster["mhz"] * 1000
            of_maps, of_weights = memory.of_operator(maps, packed, weights, one_position, cluster, core, self.board, threads)
            share = threads / len(runs)
            free[thread] += memory.together(busy, of_maps * share, of_weights * share, core)
        return max(free) + (WAIT_NS if threads > 1 else 0)

    def loop_share(self, run, blocks):
        """Of the loop that most cycles go to among those that multiply."""
        loops = [address for address in blocks if run.repeats[address] and cycles.macs(self.blocks[address])]
        if not loops:
            return 0
        loop = max(loops, key=blocks.get)
        return cycles.macs(self.blocks[loop]) * run.executions[loop] / blocks[loop] / self.peak

    def total_ms(self, threads):
        return sum(layer.ns[threads] for layer in self.layers) / 1e6
