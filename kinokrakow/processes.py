"""How our processes end: with their parent, and in order when they are told to."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import threading
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)  # loaded here: between a fork and an exec nothing should be


def with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """For a new child, before its exec: makes Linux send it `number` when this process ends, however that happens.

    Elsewhere than on Linux there is no such thing, and children have to be ended one by one.
    """
    parent = os.getpid()

    def in_child() -> None:
        with contextlib.suppress(OSError, AttributeError):
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:  # it ended before Linux was asked
                os._exit(1)

    return in_child


def end_forks_with_parent() -> None:
    """From here on every process that is forked off, and those forked off these, is killed when its parent ends."""
    in_child: list[Callable[[], None]] = []

    def before() -> None:
        in_child[:] = [with_parent(signal.SIGKILL)]

    os.register_at_fork(before=before, after_in_child=lambda: in_child[0]())


def told_to_end() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set, instead of ending the process at once."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    return told


def end_on_signals() -> None:
    """Ctrl-C and SIGTERM alike end with KeyboardInterrupt, even where a shell started us with SIGINT ignored (`&`)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def ignore_further_signals() -> None:
    """From here on only the orderly end counts: a second Ctrl-C can't cut it short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
