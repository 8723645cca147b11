import os
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Tuple, Union

import numpy

from ._errors import BadInput
from ._library import Result, last_error, library
from ._pixels import Pixels
from ._sessions import Model

if TYPE_CHECKING:
    from PIL.Image import Image

    Picture = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, numpy.ndarray, Image]


class Prediction(NamedTuple):
    """One answer to what a picture shows."""

    index: int  # type: ignore[assignment]  # in place of tuple.index, which nobody needs here
    """The class, counted from 0."""
    label: str
    """The name of the class; "class N" where the model has no names."""
    probability: float
    """In [0, 1]; those of all classes sum to 1."""


class Classifier:
    """Says what pictures show.

    Any number of Python threads may use one classifier at once: each call that runs has a session of its own, of one packed model, and
    Python's global lock is free meanwhile. A process that was forked makes new sessions; a pickled classifier opens its file again.
    """

    def __init__(self, path: "Union[str, os.PathLike[str]]", threads: int = 1) -> None:
        """Loads a .slet file.

        threads: that work on one picture; results do not depend on it. With as many Python threads as processors, 1 is best.
        """
        path = os.fspath(path)
        if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 1024:
            raise BadInput(f"threads is {threads!r}, not 1 to 1024")
        self._model = Model(path, threads)
        self._path = os.path.abspath(path)
        self._shape = self._model.input_shape()
        self._labels = self._model.labels()

    def classify(self, picture: "Picture", top: int = 5, order: str = "rgb") -> List[Prediction]:
        """The `top` most probable classes, the best first.

        picture: a path; the bytes of a JPEG, PNG, PPM or PGM file; a Pillow image; or uint8 pixels [height, width, 3] of any size. Pixels
            are not copied where the bytes of each row follow one another. Four channels are color and one to leave out, [height, width] is
            gray.
        order: of an array's channels: "rgb"; "bgr" as OpenCV and most cameras have them; "nv12" or "i420", [height * 3 / 2, width];
            "yuyv", [height, width, 2].
        """
        if top < 1:
            raise BadInput(f"top is {top}, not 1 or more")
        room = min(int(top), len(self._labels))
        results = (Result * room)()
        if isinstance(picture, numpy.ndarray):
            count = self._classify_pixels(Pixels(picture, order), results, room)
        elif isinstance(picture, (str, os.PathLike)):
            name = os.fsencode(picture)
            with self._model.session() as session:
                count = _checked(library.swiftlet_classify_file(session, name, results, room))
        elif isinstance(picture, (bytes, bytearray, memoryview)):
            count = self._classify_file_bytes(picture, results, room)
        elif hasattr(picture, "convert") and hasattr(picture, "mode"):
            count = self._classify_pixels(Pixels(numpy.asarray(picture.convert("RGB")), "rgb"), results, room)
        else:
            raise TypeError(f"a picture is a path, bytes, a numpy array or a Pillow image, not {type(picture).__name__}")
        return [Prediction(result.index, self._labels[result.index], result.probability) for result in results[:count]]

    def run(self, values: Any) -> numpy.ndarray:
        """The network over normalized values: [N, channels, height, width] to float32 [N, classes], with the bits that `swiftlet run`
        writes: logits, or probabilities where the source model ends in a softmax. Float32 in C order is not copied."""
        values = numpy.ascontiguousarray(values, dtype=numpy.float32)
        if values.ndim != 4 or values.shape[1:] != self._shape:
            raise BadInput(f"values of shape {list(values.shape)}, but the model takes [N, {', '.join(map(str, self._shape))}]")
        output = numpy.empty((values.shape[0], len(self._labels)), numpy.float32)
        if values.shape[0] > 0:
            addresses = values.__array_interface__["data"][0], output.__array_interface__["data"][0]
            with self._model.session() as session:
                _checked(library.swiftlet_run(session, addresses[0], values.size, addresses[1], output.size))
        return output

    @property
    def labels(self) -> List[str]:
        """The names of all classes; "class N" where the file has none."""
        return list(self._labels)

    @property
    def input_shape(self) -> Tuple[int, int, int]:
        """Channels, height and width of what `run` takes."""
        return self._shape

    @property
    def provenance(self) -> Dict[str, str]:
        """Where the file came from."""
        return self._model.provenance()

    @property
    def name(self) -> str:
        """The name that the model's source has."""
        return self._model.name()

    @property
    def instruction_set(self) -> str:
        """What the network runs with, such as "avx2" or "neon_dotprod"."""
        return self._model.instruction_set()

    @property
    def threads(self) -> int:
        """Threads that work on one picture: no more than there are processors."""
        with self._model.session() as session:
            return library.swiftlet_session_threads(session)

    def __repr__(self) -> str:
        return f"swiftlet.Classifier({self._path!r}, threads={self._model.threads})"

    def __reduce__(self) -> Any:
        return Classifier, (self._path, self._model.threads)

    def _classify_pixels(self, pixels: Pixels, results: Any, room: int) -> int:
        with self._model.session() as session:
            return _checked(
                library.swiftlet_classify_pixels(
                    session, pixels.address, pixels.width, pixels.height, pixels.stride, pixels.format, results, room
                )
            )

    def _classify_file_bytes(self, content: Any, results: Any, room: int) -> int:
        array = numpy.frombuffer(content, numpy.uint8)  # of any buffer, and without a copy
        with self._model.session() as session:
            address = array.__array_interface__["data"][0]
            return _checked(library.swiftlet_classify_image(session, address, array.size, results, room))


def _checked(count: int) -> int:
    if count < 0:
        raise last_error()
    return count
