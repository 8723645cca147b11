"""A model of the C library with as many sessions as there are calls at once."""

import ctypes
import os
from collections import deque
from contextlib import contextmanager
from typing import Any, Deque, Dict, Iterator, List, Tuple

from ._library import last_error, library, text


class Session:
    """One call's memory and threads in the library."""

    def __init__(self, model: int, threads: int) -> None:
        self.pointer = library.swiftlet_session_create(model, threads)
        if not self.pointer:
            raise last_error()

    def __del__(self, destroy: Any = library.swiftlet_session_destroy) -> None:
        if getattr(self, "pointer", None):
            destroy(self.pointer)


class Model:
    """A model file, packed once."""

    def __init__(self, path: str, threads: int) -> None:
        self.pointer = library.swiftlet_model_open(os.fsencode(path))
        if not self.pointer:
            raise last_error()
        self.threads = threads
        # By process: after a fork the parent's sessions are of no use to the child, which makes sessions of its own.
        self._idle: Dict[int, Deque[Session]] = {}
        self._give_back(self._take())  # so that what is wrong with the number of threads is said at once

    def __del__(self, close: Any = library.swiftlet_model_close) -> None:
        if getattr(self, "pointer", None):
            close(self.pointer)

    @contextmanager
    def session(self) -> Iterator[int]:
        """A session that nobody else uses meanwhile, made where all are in use."""
        session = self._take()
        try:
            yield session.pointer
        finally:
            self._give_back(session)

    def _take(self) -> Session:
        try:
            return self._idle[os.getpid()].pop()
        except (KeyError, IndexError):
            return Session(self.pointer, self.threads)

    def _give_back(self, session: Session) -> None:
        process = os.getpid()
        idle = self._idle.get(process)
        if idle is None:
            idle = self._idle.setdefault(process, deque())
        idle.append(session)

    def input_shape(self) -> Tuple[int, int, int]:
        sides = [ctypes.c_int() for _ in range(3)]
        library.swiftlet_model_input_shape(self.pointer, *map(ctypes.byref, sides))
        return sides[0].value, sides[1].value, sides[2].value

    def labels(self) -> List[str]:
        count = library.swiftlet_model_class_count(self.pointer)
        return [text(library.swiftlet_model_label(self.pointer, index)) for index in range(count)]

    def provenance(self) -> Dict[str, str]:
        entries = {}
        for index in range(library.swiftlet_model_provenance_count(self.pointer)):
            key, value = ctypes.c_char_p(), ctypes.c_char_p()
            library.swiftlet_model_provenance(self.pointer, index, ctypes.byref(key), ctypes.byref(value))
            entries[text(key.value or b"")] = text(value.value or b"")
        return entries

    def name(self) -> str:
        return text(library.swiftlet_model_name(self.pointer))

    def instruction_set(self) -> str:
        return text(library.swiftlet_model_instruction_set(self.pointer))
