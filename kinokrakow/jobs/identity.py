"""Names a process so that nobody takes it for another: machine, number, and a mark of its boot, namespace and start.

Two containers may share a host name and a process number, and a number is used again after its process has ended.
So only a process of the same boot and the same PID namespace is ever judged, and only by its number and start time.
"""

from __future__ import annotations

import os
import socket
import zlib
from functools import cache
from pathlib import Path

PROC = Path("/proc")


def name(pid: int | None = None) -> str:
    """`host:pid/place.start` of a process of this machine (this one, unless said); without /proc only `host:pid`."""
    pid = os.getpid() if pid is None else pid
    started = _started(pid)
    mark = f"/{_place()}.{started}" if _place() and started else ""
    return f"{socket.gethostname()}:{pid}{mark}"


def is_gone(process: str) -> bool:
    """Whether the process of that name has ended for sure; False for one that can't be judged from here."""
    known, _, mark = process.rpartition("/")
    place, _, started = mark.partition(".")
    pid = known.rpartition(":")[2]
    if not place or place != _place() or not pid.isdecimal():
        return False
    return _started(int(pid)) != started


@cache
def _place() -> str:
    """The boot and the PID namespace, in eight letters; empty where they can't be told."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = os.readlink(PROC / "self/ns/pid")
        return f"{zlib.crc32(f'{boot} {namespace}'.encode()):08x}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks; empty when it has ended, a zombie included."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
