"""Arrays of pixels, as cameras, OpenCV and Pillow give them, as the library takes them."""

from typing import Tuple

import numpy

from ._errors import BadInput

# The numbers of swiftlet_format in swiftlet.h.
_FORMATS = {
    ("rgb", 3): 0,
    ("bgr", 3): 1,
    ("rgb", 4): 2,
    ("bgr", 4): 3,
    ("rgb", 1): 4,
    ("bgr", 1): 4,
    ("yuyv", 2): 7,
}
_PLANAR = {"nv12": 5, "i420": 6}
ORDERS = ("rgb", "bgr", "nv12", "i420", "yuyv")


class Pixels:
    """Where an array's bytes lie and what they mean. It holds the array, which is copied only where its rows are not whole."""

    __slots__ = ("array", "address", "width", "height", "stride", "format")

    def __init__(self, array: numpy.ndarray, order: str) -> None:
        if array.dtype != numpy.uint8:
            raise BadInput(f"pixels of type {array.dtype}: uint8 is needed")
        self.format, self.height, self.width = _meaning(array.shape, order)
        if not _has_whole_rows(array):
            array = numpy.ascontiguousarray(array)
        self.array = array
        self.address: int = array.__array_interface__["data"][0]
        self.stride: int = array.strides[0]


def _meaning(shape: Tuple[int, ...], order: str) -> Tuple[int, int, int]:
    """The format's number, height and width of an array."""
    if order in _PLANAR and len(shape) == 2:
        if shape[0] % 3 != 0:
            raise BadInput(f"pixels of shape {list(shape)}: {order} has height * 3 / 2 rows")
        return _PLANAR[order], shape[0] // 3 * 2, shape[1]
    channels = 1 if len(shape) == 2 else shape[2] if len(shape) == 3 else 0
    number = _FORMATS.get((order, channels))
    if number is not None:
        return number, shape[0], shape[1]
    if order not in ORDERS:
        raise BadInput(f"order is {order!r}, not one of {', '.join(ORDERS)}")
    color = "[height, width], [height, width, 3], or the same with 4 or 1 channels"
    wanted = {"nv12": "[height * 3 / 2, width]", "i420": "[height * 3 / 2, width]", "yuyv": "[height, width, 2]"}
    raise BadInput(f"pixels of shape {list(shape)}: {order} is {wanted.get(order, color)}")


def _has_whole_rows(array: numpy.ndarray) -> bool:
    """Whether the bytes of each row follow one another, and rows come in their order."""
    expected = 1
    for axis in range(array.ndim - 1, 0, -1):
        if array.strides[axis] != expected:
            return False
        expected *= array.shape[axis]
    return array.strides[0] >= expected
