"""Bytes as text, in the charset that they are in, whatever they are said to be in.

A server or a page may name another charset than its own. Decoded by that, "Kijów" is another cinema's name.
"""

from __future__ import annotations

from w3lib.encoding import html_to_unicode

UTF_8 = "utf-8"
WINDOWS, ISO = "cp1250", "iso8859-2"  # as codecs are called
_LATIN = {WINDOWS, ISO, "cp1252", "iso8859-1", "iso8859-16", "latin-1", "ascii"}
# ą ś ź Ą Ś Ź, which these two write differently; they share the rest.
_OF_WINDOWS, _OF_ISO = b"\xb9\x9c\x9f\xa5\x8c\x8f", b"\xb1\xb6\xbc\xa1\xa6\xac"
_L = b"\xb3"  # ł in both


def decode(body: bytes, content_type: str | None = None) -> str:
    """A page's text: UTF-8 if it is that, else in the charset of its header or its own declaration; one that is in
    none of these is in what Polish pages had before.
    """
    try:
        name, text = html_to_unicode(content_type, body, default_encoding=UTF_8)
    except (LookupError, UnicodeError):  # a codec of Python's that is no charset of the web: "zlib", "idna"
        name, text = UTF_8, body.decode(UTF_8, "replace")
    if body.isascii() or (name not in _LATIN and name != UTF_8):
        return text
    try:
        return body.decode(UTF_8).removeprefix("\ufeff")
    except UnicodeDecodeError:
        pass
    if name == UTF_8 and 2 * text.count("\ufffd") < sum(1 for char in text if not char.isascii()):
        return text  # it has faults
    windows, iso = (sum(map(body.count, letters)) for letters in (_OF_WINDOWS, _OF_ISO))
    polish = WINDOWS if windows > iso or (windows == iso and name != ISO) else ISO
    if name in (WINDOWS, ISO, UTF_8) or windows or iso or _L in body:
        return body.decode(polish, "replace")
    return text
