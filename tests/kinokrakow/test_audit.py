"""What `make check` says of known vulnerabilities."""

from __future__ import annotations

from tests import audit


def test_a_known_vulnerability_is_red_and_silence_is_not() -> None:
    known = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"]}
    asked = {"name": "a", "version": "1.0", "vulns": [known]}
    lines, status = audit.report([asked, {"name": "b", "skip_reason": "not found"}, {"name": "c", "vulns": []}])
    assert status == 1
    assert lines[0] == "VULNERABLE: a 1.0: PYSEC-2026-1; mended in: 2.0"
    assert "1 of 3 packages" in lines[1]
    assert audit.report([{"name": "b", "skip_reason": "not found"}])[1] == 0
