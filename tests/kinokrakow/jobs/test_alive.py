"""Who is alive, and who is taken for dead."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.db.models import F

from kinokrakow.jobs import heartbeats, identity
from kinokrakow.models import Heartbeat


def test_a_process_is_gone_when_it_has_ended_or_its_number_is_another_s() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        name = identity.name(child.pid)
        assert not identity.is_gone(name)
        started = name.rpartition(".")[2]
        assert identity.is_gone(name.removesuffix(started) + str(int(started) - 1))
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert identity.is_gone(name), "a zombie does no work"
    assert identity.is_gone(name)


def test_nobody_elsewhere_is_judged() -> None:
    """Another machine, another boot, another container of this host name, a name of an older version: by lease only."""
    host, _, mark = identity.name(2**22 - 1).partition("/")
    assert mark == "", "no such process"
    place, _, started = identity.name().rpartition("/")[2].partition(".")
    other = f"{int(place, 16) ^ 1:08x}"
    assert identity.is_gone(f"{host}/{place}.{started}")
    for name in (f"{host}/{other}.{started}", host, "elsewhere:1", "", "elsewhere:x/" + place + ".1"):
        assert not identity.is_gone(name), name


@pytest.mark.django_db
def test_workers_count_while_their_cluster_beats() -> None:
    assert heartbeats.workers_alive() == 0
    heartbeats.beat("cluster", workers=2, busy=1)
    began = Heartbeat.objects.get().began_at
    heartbeats.beat("cluster", workers=3)
    heartbeats.beat("cluster", name="elsewhere", workers=4)
    heartbeats.beat("watch", name="watches")
    assert heartbeats.workers_alive() == 7
    assert heartbeats.living("cluster").get(workers=3).began_at == began
    Heartbeat.objects.filter(name="elsewhere").update(seen_at=F("seen_at") - dt.timedelta(minutes=1))
    assert heartbeats.workers_alive() == 3
    heartbeats.end()
    assert heartbeats.workers_alive() == 0
    assert heartbeats.last_seen("cluster") is not None


@pytest.mark.django_db
def test_the_queue_s_beat_outlives_the_others() -> None:
    heartbeats.beat("cluster", workers=1)
    heartbeats.queue()
    Heartbeat.objects.update(seen_at=F("seen_at") - dt.timedelta(days=2))
    assert heartbeats.forget() == 1
    assert heartbeats.last_seen("queue") is not None
    assert heartbeats.last_seen("cluster") is None
