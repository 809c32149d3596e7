"""Has msgspec know every type before the first thread: it learns each at its first use, and without a lock.

Two threads that are the first to read a type end the process (msgspec 0.22, seen as a fault in its core). A
function on Lambda has one thread; the machine has many.
"""

from contextlib import suppress

import msgspec


def know_types() -> None:
    """Make a decoder of every struct that was defined so far; what no JSON can be is passed over."""
    left = [msgspec.Struct]
    known: set[type[msgspec.Struct]] = set()
    while left:
        kind = left.pop()
        for one in kind.__subclasses__():
            if one not in known:
                known.add(one)
                left.append(one)
                with suppress(TypeError, NameError):
                    msgspec.json.Decoder(one)
