"""`python -m tests.documents` (`make docs`): writes the parts of the documents that come from the code.

docs/OPERATING.md's table of settings, and `.env.example`. A test compares them with what would be written.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPERATING, ENV = ROOT / "docs" / "OPERATING.md", ROOT / ".env.example"
BEGIN, END = "<!-- settings: made by `make docs` -->\n", "<!-- end of the settings -->\n"


def written() -> dict[Path, str]:
    """Each file as it should be."""
    from kinokrakow import environment

    before, _, rest = OPERATING.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    return {OPERATING: f"{before}{BEGIN}{environment.as_table()}{END}{after}", ENV: environment.as_env()}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    import django

    django.setup()
    import events.conf  # noqa: F401  its settings, too

    for file, text in written().items():
        file.write_text(text)


if __name__ == "__main__":
    main()
