"""The page about benchmarks, written from made-up measurements."""
import doctest
import unittest

import document


def row(model, precision, threads, batch, median):
    return {
        "model": model, "precision": precision, "threads": threads, "batch": batch, "parameters": 1665954, "flops": 26323056,
        "file_bytes": 6676736 if precision == "fp32" else 1755776, "median_ms": median, "images_per_s": 1000 * batch / median,
        "over_fp32": None if precision == "fp32" else 4.0, "peak_memory_mib": 7.8, "load_ms": 3.1, "reference_ms": 2.23}


class DocumentTests(unittest.TestCase):
    def setUp(self):
        rows = [row("MobileNetV3_small_x0_35", precision, threads, batch, median * batch / threads)
                for precision, median in [("fp32", 2.0), ("int8", 0.5)] for threads in [1, 2] for batch in [1, 4]]
        device = {"cpu": "EPYC", "processors": 2, "isa": "avx2", "version": "1", "commit": "abc"}
        self.bench = {"device": device, "warnings": [], "rows": rows}
        engines = [{"network": "small_x0_35", "threads": 1, "engine": engine, "rounds": [{"median_ms": time} for time in [3, 1, 2]]}
                   for engine in ["ours", "theirs"]]
        self.peers = {"versions": {"theirs": "1.2"}, "rows": engines}

    def test_examples(self):
        self.assertEqual(doctest.testmod(document).failed, 0)

    def test_page(self):
        text = document.document(self.bench, self.peers)
        for words in [
            "| small_x0_35 | 53.0 | 1.666 / 1.66 | 0.0263 / 0.026 | +1.2 % | 6.7 / 6.9 | 1.76 | 7.8 / 7.8 | 3.1 / 3.1 |",
            "| small_x0_35 | 2.000 / **0.500** (4.00×) | 1.000 / **0.250** (4.00×) | 2.23 / 2.23 |", "theirs 1.2", "commit abc",
            "| small_x0_35 | 500 | 500 | 2000 | 2000 |", "| small_x0_35 | 1 | 2.000 | 2.000 |",
        ]:
            self.assertIn(words, text)
        for chart in document.CHARTS:
            self.assertIn(f"benchmarks/{chart}.svg", text)

    def test_slower_rows_are_named(self):
        self.bench["rows"][-1]["over_fp32"] = 0.9
        self.assertIn("int8 is not faster than FP32 in: small_x0_35 at 2 threads and batch 4 (0.90×)",
                      document.document(self.bench, self.peers))


if __name__ == "__main__":
    unittest.main()
