"""Says what pictures show, by int8 networks of the MobileNetV3 family.

    import swiftlet
    classifier = swiftlet.Classifier("m.slet", threads=2)
    for guess in classifier.classify("cat.jpg", top=5):
        print(guess.label, guess.probability)
"""

from ._classifier import Classifier, Prediction
from ._errors import BadFile, BadInput, Error, OutOfMemory, SystemFailure, TooMuchWork, Unsupported
from ._library import version as _version
from ._quantize import quantize

__version__ = _version()
__all__ = [
    "BadFile",
    "BadInput",
    "Classifier",
    "Error",
    "OutOfMemory",
    "Prediction",
    "SystemFailure",
    "TooMuchWork",
    "Unsupported",
    "quantize",
]
