"""Why something could not be done: exceptions whose text is one line that names the file or the argument."""

from typing import Dict, Type


class Error(Exception):
    """Any of the errors below, or the `quantize` tool's work failed."""


class BadFile(Error):
    """A model or picture cannot be read, is damaged, or is something else."""


class TooMuchWork(Error):
    """A model whose single run would take absurdly long."""


class BadInput(Error, ValueError):
    """What was passed does not fit: a shape, a size, a number."""


class Unsupported(Error):
    """This machine or this version of the library cannot do it."""


class OutOfMemory(Error, MemoryError):
    """Memory ran out."""


class SystemFailure(Error):
    """The operating system refused something else, such as another thread."""


# The numbers of swiftlet_error in swiftlet.h.
BY_CODE: Dict[int, Type[Error]] = {
    1: BadFile,
    2: TooMuchWork,
    3: BadInput,
    4: Unsupported,
    5: OutOfMemory,
    6: SystemFailure,
}
