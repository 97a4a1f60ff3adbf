"""Pages in another charset than they are said to be in."""

from __future__ import annotations

from itertools import product

import pytest

from kinokrakow import http

TEXT = "piątek, 27 listopada: Kijów, „Źdźbło” i łąka, śnięta ryba, Ćwiek"
PAGE = "<html><head>{}</head><body><p>{}</p></body></html>"
CHARSETS = ("utf-8", "windows-1250", "iso-8859-2", "iso-8859-1", None)


@pytest.mark.parametrize(("real", "header", "meta"), [*product(("utf-8", "cp1250", "iso-8859-2"), CHARSETS, CHARSETS)])
def test_a_page_is_read_in_the_charset_that_it_is_in(real: str, header: str | None, meta: str | None) -> None:
    text = TEXT.translate(dict.fromkeys(map(ord, "„”"), '"')) if real == "iso-8859-2" else TEXT
    said = f'<meta charset="{meta}">' if meta else ""
    body = PAGE.format(said, text).encode(real)
    assert text in http.decode(body, f"text/html; charset={header}" if header else "text/html")


def test_a_page_with_a_few_bytes_of_another_charset_keeps_its_own() -> None:
    body = PAGE.format("", TEXT).encode() + "Żółć".encode("cp1250")
    assert TEXT in http.decode(body, "text/html; charset=utf-8")


@pytest.mark.parametrize("text", ["Żółć", "Amélie, Müller, Ibañez"])
def test_what_is_declared_rightly_is_believed(text: str) -> None:
    charset = "iso-8859-2" if text == "Żółć" else "iso-8859-1"
    assert http.decode(text.encode(charset), f"text/html; charset={charset}") == text


def test_a_mark_of_the_byte_order_is_no_text() -> None:
    assert http.decode(b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-2") == TEXT
    assert http.decode("\ufeff".encode("utf-16-le") + TEXT.encode("utf-16-le"), None) == TEXT
