"""What the package promises. SWIFTLET_TEST_FILES is a folder that Scripts/library-test-files.sh has filled, SWIFTLET_TOOL the quantize
tool."""

import io
import os
import pathlib
import pickle
import tempfile
import threading
import time
import unittest
import warnings

import numpy
from PIL import Image

import swiftlet

FILES = pathlib.Path(os.environ["SWIFTLET_TEST_FILES"])
MODEL, PICTURE = FILES / "m.slet", FILES / "cat.jpg"


class ClassifyTests(unittest.TestCase):
    def setUp(self):
        self.classifier = swiftlet.Classifier(MODEL, threads=2)
        self.expected = self.classifier.classify(PICTURE)
        self.pixels = numpy.asarray(Image.open(PICTURE).convert("RGB"))

    def test_the_tool_answers_the_same(self):
        lines = [f"{guess.label} {guess.probability:.6f}" for guess in self.expected]
        self.assertEqual(lines, (FILES / "answers.txt").read_text().splitlines())
        self.assertEqual(len(self.classifier.classify(str(PICTURE), top=3)), 3)
        self.assertEqual(len(self.classifier.classify(str(PICTURE), top=10**12)), len(self.classifier.labels))

    def test_all_ways_in_give_the_same(self):
        content, pixels = PICTURE.read_bytes(), self.pixels
        wide = numpy.zeros((pixels.shape[0], pixels.shape[1] + 5, 3), numpy.uint8)
        wide[:, 3:-2] = pixels
        for picture in (content, bytearray(content), memoryview(content), Image.open(io.BytesIO(content)), pixels, wide[:, 3:-2]):
            self.assertEqual(self.classifier.classify(picture), self.expected)
        turned = pixels[:, :, ::-1]
        alpha = numpy.dstack([turned, turned[:, :, 0]])
        for picture in (turned, numpy.ascontiguousarray(turned), alpha):
            self.assertEqual(self.classifier.classify(picture, order="bgr"), self.expected)

    def test_video(self):
        gray = numpy.full((32, 48), 126, numpy.uint8)
        expected = self.classifier.classify(gray)
        self.assertEqual(self.classifier.classify(gray[:, :, None]), expected)
        planes = numpy.full((48, 48), 128, numpy.uint8)
        planes[:32] = 124  # 1.164 * (124 - 16) is 126
        self.assertEqual(self.classifier.classify(planes, order="nv12"), expected)
        self.assertEqual(self.classifier.classify(planes, order="i420"), expected)
        pairs = numpy.full((32, 48, 2), 128, numpy.uint8)
        pairs[:, :, 0] = 124
        self.assertEqual(self.classifier.classify(pairs, order="yuyv"), expected)

    def test_pixels_are_not_copied(self):
        from swiftlet._pixels import Pixels

        padded = numpy.zeros((8, 20, 3), numpy.uint8)[:, 2:18]
        for array in (self.pixels, padded):
            self.assertEqual(Pixels(array, "rgb").address, array.__array_interface__["data"][0])
        self.assertEqual(Pixels(padded, "rgb").stride, 60)

    def test_errors(self):
        cases = [
            (swiftlet.BadFile, "no.jpg: No such file", lambda: self.classifier.classify("no.jpg")),
            (swiftlet.BadFile, "0 bytes", lambda: self.classifier.classify(b"")),
            (swiftlet.BadFile, "JPEG", lambda: self.classifier.classify(PICTURE.read_bytes()[:300])),
            (swiftlet.BadFile, "no.slet", lambda: swiftlet.Classifier("no.slet")),
            (swiftlet.BadFile, "not a .slet file", lambda: swiftlet.Classifier(PICTURE)),
            (swiftlet.BadInput, "threads is 0", lambda: swiftlet.Classifier(MODEL, threads=0)),
            (swiftlet.BadInput, "top is 0", lambda: self.classifier.classify(PICTURE, top=0)),
            (ValueError, "uint8", lambda: self.classifier.classify(self.pixels.astype(float))),
            (swiftlet.BadInput, "order is 'gbr'", lambda: self.classifier.classify(self.pixels, order="gbr")),
            (swiftlet.BadInput, "shape [3, 3, 5]", lambda: self.classifier.classify(numpy.zeros((3, 3, 5), numpy.uint8))),
            (swiftlet.BadInput, "0x0", lambda: self.classifier.classify(numpy.zeros((0, 0, 3), numpy.uint8))),
            (swiftlet.BadInput, "not even", lambda: self.classifier.classify(numpy.zeros((3, 5), numpy.uint8), order="nv12")),
            (swiftlet.BadInput, "[N, 3, 224, 224]", lambda: self.classifier.run(numpy.zeros((1, 224, 224, 3), numpy.float32))),
            (TypeError, "not int", lambda: self.classifier.classify(7)),
        ]
        for kind, text, body in cases:
            with self.subTest(text), self.assertRaises(kind) as caught:
                body()
            self.assertIn(text, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))


class ModelTests(unittest.TestCase):
    def test_tensors(self):
        classifier = swiftlet.Classifier(str(MODEL))
        values = numpy.load(FILES / "x.npy")
        results = classifier.run(values)
        self.assertEqual((results.dtype, results.shape), (numpy.dtype(numpy.float32), (2, 1000)))
        self.assertEqual(results.tobytes(), (FILES / "y.raw").read_bytes())
        self.assertEqual(classifier.run(values[::-1].astype(numpy.float64)).tobytes(), results[::-1].tobytes())
        self.assertEqual(classifier.run(values[:0]).shape, (0, 1000))

    def test_what_it_tells(self):
        classifier = swiftlet.Classifier(MODEL)
        self.assertEqual(classifier.input_shape, (3, 224, 224))
        self.assertEqual((len(classifier.labels), classifier.labels[7]), (1000, "class 7"))
        self.assertEqual(classifier.provenance["source"], "MobileNetV3_small_x0_35")
        self.assertEqual((classifier.name, classifier.threads), ("MobileNetV3_small_x0_35", 1))
        self.assertIn("m.slet", repr(classifier))
        self.assertRegex(swiftlet.__version__, r"^\d+\.\d+\.\d+$")

    def test_pickle(self):
        classifier = swiftlet.Classifier(os.path.relpath(MODEL))
        content = pickle.dumps(classifier)
        before = os.getcwd()
        os.chdir("/")
        try:
            self.assertEqual(pickle.loads(content).classify(PICTURE), classifier.classify(PICTURE))
        finally:
            os.chdir(before)

    def test_threads(self):
        classifier = swiftlet.Classifier(MODEL)
        expected = classifier.classify(PICTURE)
        wrong = []

        def work():
            for _ in range(10):
                if classifier.classify(PICTURE) != expected:
                    wrong.append(1)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_python_runs_meanwhile(self):
        classifier, values = swiftlet.Classifier(MODEL), numpy.zeros((200, 3, 224, 224), numpy.float32)
        thread = threading.Thread(target=classifier.run, args=(values,))
        thread.start()
        turns = 0
        while thread.is_alive():
            turns += 1
            time.sleep(0.001)
        self.assertGreater(turns, 3)  # 200 pictures take longer than as many milliseconds

    def test_fork(self):
        classifier = swiftlet.Classifier(MODEL, threads=2)
        expected = classifier.classify(PICTURE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that there are other threads is the point
            child = os.fork()
        if child == 0:
            os._exit(0 if classifier.classify(PICTURE) == expected else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(classifier.classify(PICTURE), expected)


class QuantizeTests(unittest.TestCase):
    options = {"arch": "MobileNetV3_small_x0_35", "samples": 2, "preset": "fast", "tool": os.environ["SWIFTLET_TOOL"]}

    def test_made(self):
        told = []
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "made.slet")
            made = swiftlet.quantize(
                None, calibration="random", output=output, progress=lambda share, step: told.append((share, step)), **self.options
            )
            self.assertEqual(made, output)
            self.assertEqual(pathlib.Path(made).read_bytes(), MODEL.read_bytes())
            swiftlet.quantize(None, calibration=[PICTURE, PICTURE], output=output, **self.options)
            self.assertEqual(swiftlet.Classifier(output).provenance["source"], "MobileNetV3_small_x0_35")
        self.assertTrue(told and all(0 <= share <= 1 and step for share, step in told), told)

    def test_errors(self):
        cases = [
            (swiftlet.BadFile, "no.onnx", lambda: swiftlet.quantize("no.onnx", calibration="random", tool=self.options["tool"])),
            (swiftlet.BadInput, "preset", lambda: swiftlet.quantize(None, **{**self.options, "preset": "slow"}, calibration="random")),
            (swiftlet.Error, "no program /no/tool", lambda: swiftlet.quantize("m.onnx", tool="/no/tool")),
            (swiftlet.BadInput, "neither", lambda: swiftlet.quantize(None, tool=self.options["tool"])),
        ]
        for kind, text, body in cases:
            with self.subTest(text), self.assertRaises(kind) as caught:
                body()
            self.assertIn(text, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
