"""Tests of the prediction's parts.   usage: python3 -m unittest discover -s Targets/predict -p 'test_*.py'"""

import doctest
import json
import os
import unittest
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import cycles
import memory
import operators
import predict
import prediction
import program
import trace

LOG = """\
----------------
IN: predict_begin
0x00001000:  d503201f  nop
0x00001004:  d65f03c0  ret

Trace 0: 0x7f [0000/0000000000001000/00000001/00000200] predict_begin
----------------
IN: run
0x00002000:  4e80e420  sdot v0.4s, v1.16b, v0.16b
0x00002004:  54ffffe1  b.ne #0x2000

Trace 0: 0x7f [0000/0000000000002000/00000001/00000200] run
Trace 0: 0x7f [0000/0000000000002000/00000001/00000200] run
----------------
IN: run
0x00002008:  d65f03c0  ret

Trace 0: 0x7f [0000/0000000000002008/00000001/00000200] run
Trace 0: 0x7f [0000/0000000000002000/00000001/00000200] run
Trace 0: 0x7f [0000/0000000000003000/00000001/00000200] predict_end
Trace 0: 0x7f [0000/0000000000002000/00000001/00000200] run
"""


def load_tests(_, tests, __):
    for module in (cycles, memory, predict, prediction, program):
        tests.addTests(doctest.DocTestSuite(module))
    return tests


class TraceTests(unittest.TestCase):
    def test_blocks_executions_and_repeats_between_the_marks(self):
        parser = trace.Parser(0x1000, 0x3000)
        for line in LOG.splitlines(keepends=True):
            parser.line(line)
        self.assertEqual(parser.blocks[0x2000], [0x2000, 0x2004])
        self.assertEqual(parser.blocks[0x2008], [0x2008])
        self.assertEqual(len(parser.runs), 1)
        self.assertEqual(parser.runs[0].executions, {0x2000: 3, 0x2008: 1})
        self.assertEqual(parser.runs[0].repeats, {0x2000: 1})

    def test_functions_that_pack_are_not_logged(self):
        table = [("run", 0x100, 0x20), ("tile", 0x120, 0x10), ("sk_conv_pack", 0x130, 0x40), ("run", 0x180, 0x10)]
        self.assertEqual(trace.ranges(table), [(0x100, 0x130), (0x180, 0x190)])


class OperatorTests(unittest.TestCase):
    def layer(self, **changes):
        layer = {
            "name": "d", "kind": "depthwise_s8", "activation": "linear", "inputs": ["x"], "shape": [56, 48, 16], "macs": 56 * 48 * 16 * 15,
            "kernel_size": [5, 3], "stride": [2, 1], "dilation": [1, 2], "padding": [2, 1, 0, 3], "groups": 16,
        }
        return {**layer, **changes}

    def test_window(self):
        fields = operators.operator(self.layer(), {"x": [112, 48, 16]}).fields
        names = "kernel_h kernel_w stride_h stride_w dilation_h dilation_w pad_top pad_left pad_bottom pad_right groups residual"
        self.assertEqual([fields[name] for name in names.split()], [5, 3, 2, 1, 1, 2, 2, 1, 0, 3, 16, 0])

    def test_residual(self):
        fields = operators.operator(self.layer(kind="conv_s8", inputs=["x", "y"], groups=1), {"x": [112, 48, 64]}).fields
        self.assertEqual([fields[name] for name in ("in_c", "out_c", "groups", "residual")], [64, 16, 1, 1])

    def test_operators_of_float_models_stop(self):
        for changes in ({"activation": "relu"}, {"kind": "pool_s8"}):
            with self.assertRaises(SystemExit):
                operators.operator(self.layer(**changes), {"x": [112, 48, 16]})


class MemoryTests(unittest.TestCase):
    board = {"memory_gb_per_s": 10}
    core = {"l2_bytes_per_cycle": 8, "l3_bytes_per_cycle": 4, "in_order": False}
    cluster = {"l1d_kib": 32, "l2_kib": 1024, "l2_shared": True, "l3_kib": None, "mhz": 2000, "core_gb_per_s": 4}

    def test_weights_from_memory_are_one_stream_unless_divided(self):
        arguments = (self.cluster, self.core, self.board)
        self.assertEqual(memory.of_operator(0, 8000, 5_000_000, False, *arguments, 4)[1], 8000 / 4)
        self.assertEqual(memory.of_operator(0, 8000, 5_000_000, True, *arguments, 4)[1], 2000 / 2.5)

    def test_maps_come_from_the_second_cache(self):
        self.assertEqual(memory.of_operator(64_000, 0, 5_000_000, False, self.cluster, self.core, self.board, 1)[0], 4000)

    def test_in_order_cores_wait(self):
        self.assertEqual([memory.together(3, 1, 2, {"in_order": value}) for value in (False, True)], [4, 6])


class CyclesTests(unittest.TestCase):
    """Blocks 1 and 2, which are executed ten times, 2 after itself; alone a turn takes 9 cycles, of which resources are busy for 5."""

    executed = trace.Run(executions={1: 10, 2: 10}, repeats=Counter({2: 9}))
    costs = {1: (9, 5), 2: (9, 5)}

    def cycles(self, core, instructions):
        of = SimpleNamespace(blocks={1: ["nop"] * instructions, 2: ["nop"]})
        return prediction.Prediction.block_cycles(of, self.executed, core, self.costs)

    def test_blocks_overlap_but_for_loops_and_those_that_fill_the_window(self):
        core = {"in_order": False, "window": 4}
        self.assertEqual(self.cycles(core, 3), {1: 50, 2: 90})
        self.assertEqual(self.cycles(core, 4), {1: 90, 2: 90})

    def test_nothing_overlaps_in_order(self):
        self.assertEqual(self.cycles({"in_order": True}, 3), {1: 90, 2: 90})


class ProfileTests(unittest.TestCase):
    def test_every_profile_can_be_predicted(self):
        for path in predict.profiles():
            board = json.loads(path.read_text())
            for cluster in board["clusters"]:
                self.assertIn(cluster["core"], prediction.CORES, path.name)
            self.assertIn((board["target"], board["isa"][-1]), prediction.CPUS, path.name)
            self.assertIn((board["target"], board["isa"][-1]), cycles.PEAKS, path.name)


@unittest.skipUnless(os.path.exists(cycles.MCA), "no llvm-19: cores' models are not tested")
class ModelTests(unittest.TestCase):
    def test_peaks_are_those_of_the_optimization_guides(self):
        # Cortex-A76: two pipes of sdot; Cortex-A72: one multiplier of 128 bits; Zen 4: two multipliers of 256 bits.
        arm = (("cortex-a76", "neon_dotprod", "aarch64", 32), ("cortex-a72", "neon", "aarch64", 8), ("cortex-a72", "neon", "armv7", 8))
        for core, isa, architecture, macs in (*arm, ("znver4", "avx2", "x86_64", 32)):
            self.assertAlmostEqual(cycles.peak(isa, architecture, prediction.CORES[core]), macs, delta=macs * 0.03, msg=core)

    def test_a_loop_waits_for_its_own_result(self):
        core = prediction.CORES["cortex-a76"]
        alone, busy = cycles.of_blocks({1: ["fadd v0.4s, v0.4s, v1.4s", "b.ne target"]}, "aarch64", core)[1]
        self.assertGreaterEqual(alone, 2 * busy)


if __name__ == "__main__":
    unittest.main()
