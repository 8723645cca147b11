"""The gate's arithmetic, without valgrind."""
import doctest
import json
import unittest

import gate


class GateTests(unittest.TestCase):
    def test_examples(self):
        self.assertEqual(doctest.testmod(gate).failed, 0)

    def test_three_percent_of_any_function_are_seen(self):
        counts = json.loads(gate.COUNTS.read_text())
        self.assertEqual(set(counts["workloads"]), set(gate.WORKLOADS))
        for before in counts["workloads"].values():
            self.assertEqual(gate.changes(before, before, counts["threshold"]), ([], []))
            for name, count in before.items():
                slower, faster = gate.changes(before, {**before, name: int(count * 1.03)}, counts["threshold"])
                self.assertEqual(([row[0] for row in slower], faster), ([name], []))


if __name__ == "__main__":
    unittest.main()
