"""Reports of boards, from results as board-check.sh prints them."""
import doctest
import json
import unittest

import report


def result(board, **changes):
    row = {"model": "MobileNetV3_large_x1_0", "precision": "int8", "threads": 2, "batch": 1, "min_ms": 3.3, "median_ms": 3.35,
           "p99_ms": 4.0, "images_per_s": 298.5}
    return {
        "board": board, "machine": "Linux", "runner": "", "governor": "ondemand", "temperature_before": {"thermal_zone0/temp": 41000},
        "temperature_after": {"thermal_zone0/temp": 63000}, "selftest": True, "logits_as_expected": True, "answer_as_expected": False,
        "bench": {"device": {"cpu": "Cortex-A76", "processors": 4, "isa": "neon_dotprod", "version": "1"}, "warnings": [],
                  "rows": [row, {**row, "threads": 1, "precision": "fp32"}]},
        **changes}


class ReportTests(unittest.TestCase):
    def setUp(self):
        self.boards = report.predictions((report.HERE / "README.md").read_text())
        self.profiles = [json.loads(path.read_text()) for path in report.HERE.glob("*.json") if ".toolset." not in path.name]

    def test_examples(self):
        self.assertEqual(doctest.testmod(report).failed, 0)

    def test_every_board_of_the_table_has_times(self):
        self.assertGreaterEqual(len(self.boards), 10)
        for board, models in self.boards.items():
            for times in models.values():
                self.assertEqual(sorted(times, reverse=True), times, board)

    def test_measured_beside_predicted_and_published(self):
        text = report.report(result("Raspberry Pi 5 Model B Rev 1.0"), self.boards, self.profiles)
        self.assertIn("| MobileNetV3_large_x1_0 | int8 | 2 | 3.300 | 3.350 | 4.000 | 298.5 | 3.35 | 1.00 |  |", text)
        self.assertIn("| MobileNetV3_large_x1_0 | fp32 | 1 | 3.300 | 3.350 | 4.000 | 298.5 |  |  | 11.8 (ncnn) |", text)
        for words in ["answer as expected: NO", "41 °C before, 63 °C after", "governor: ondemand"]:
            self.assertIn(words, text)

    def test_unknown_board_and_failed_bench(self):
        self.assertIn("| MobileNetV3_large_x1_0 | int8 | 2 | 3.300 | 3.350 | 4.000 | 298.5 |  |  |  |",
                      report.report(result("Toaster"), self.boards, self.profiles))
        self.assertIn("bench failed there", report.report(result(None, bench=None, runner="qemu"), self.boards, self.profiles))


if __name__ == "__main__":
    unittest.main()
