#!/usr/bin/env python
"""Django's command line for KinoKraków. A wrong configuration or database ends it with status 2 and
says what to mend."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db.utils import OperationalError, ProgrammingError

if __name__ == "__main__":
    # Python's own threshold is 700 new objects: rows and pages are many thousands, and none of them is a circle.
    gc.set_threshold(50_000, 20, 50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kinokrakow.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        print(f"Wrong configuration: {error}", file=sys.stderr)
        sys.exit(2)
    except (OperationalError, ProgrammingError) as error:  # no server, no such table, locked, full
        from kinokrakow.database.advice import next_step

        print(
            f"The database does not answer as it should: {str(error).strip()}\nNext: {next_step(error)}.",
            file=sys.stderr,
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read our lines has enough of them (`… | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
