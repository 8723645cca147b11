"""The C library, loaded once: its functions with their types, and its errors as exceptions.

ctypes lets go of Python's global lock while a function runs, and reads the error, which is the thread's own, in the same thread.
"""

import ctypes
import os
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_size_t, c_void_p

from ._errors import BY_CODE, Error

ABI_VERSION = 1


class Result(ctypes.Structure):
    """swiftlet_result. The label is a number here, so that ctypes does not make a copy of each text."""

    _fields_ = [("index", c_int), ("probability", c_float), ("label", c_void_p)]


_PROTOTYPES = {
    "swiftlet_abi_version": (c_int, []),
    "swiftlet_version": (c_char_p, []),
    "swiftlet_last_error": (c_char_p, []),
    "swiftlet_last_error_code": (c_int, []),
    "swiftlet_model_open": (c_void_p, [c_char_p]),
    "swiftlet_model_close": (None, [c_void_p]),
    "swiftlet_model_name": (c_char_p, [c_void_p]),
    "swiftlet_model_input_shape": (c_int, [c_void_p, POINTER(c_int), POINTER(c_int), POINTER(c_int)]),
    "swiftlet_model_class_count": (c_int, [c_void_p]),
    "swiftlet_model_label": (c_char_p, [c_void_p, c_int]),
    "swiftlet_model_provenance_count": (c_int, [c_void_p]),
    "swiftlet_model_provenance": (c_int, [c_void_p, c_int, POINTER(c_char_p), POINTER(c_char_p)]),
    "swiftlet_model_instruction_set": (c_char_p, [c_void_p]),
    "swiftlet_session_create": (c_void_p, [c_void_p, c_int]),
    "swiftlet_session_destroy": (None, [c_void_p]),
    "swiftlet_session_threads": (c_int, [c_void_p]),
    "swiftlet_session_microseconds": (c_double, [c_void_p]),
    "swiftlet_classify_file": (c_int, [c_void_p, c_char_p, c_void_p, c_int]),
    "swiftlet_classify_image": (c_int, [c_void_p, c_void_p, c_size_t, c_void_p, c_int]),
    "swiftlet_classify_pixels": (c_int, [c_void_p, c_void_p, c_int, c_int, c_int, c_int, c_void_p, c_int]),
    "swiftlet_run": (c_int, [c_void_p, c_void_p, c_size_t, c_void_p, c_size_t]),
}


def _load() -> ctypes.CDLL:
    """The library of this package, or the one that the environment variable SWIFTLET_LIBRARY names."""
    path = os.environ.get("SWIFTLET_LIBRARY") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "libswiftlet.so")
    try:
        library = ctypes.CDLL(path)
        for name, (result, arguments) in _PROTOTYPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"swiftlet's library cannot be loaded: {error}") from None
    if library.swiftlet_abi_version() != ABI_VERSION:
        raise ImportError(f"{path} has ABI {library.swiftlet_abi_version()}, but this package needs {ABI_VERSION}")
    return library


library = _load()


def version() -> str:
    """The library's version."""
    return text(library.swiftlet_version())


def text(value: bytes) -> str:
    """A text of the library's, whatever stands in it."""
    return value.decode("utf-8", "replace")


def last_error() -> Error:
    """What failed last on this thread."""
    kind = BY_CODE.get(library.swiftlet_last_error_code(), Error)
    return kind(text(library.swiftlet_last_error()))
