"""What the program decides by itself about listed films, and what it does with the matches afterwards."""

from review.automatic.asking import configured, propose, service
from review.automatic.recording import REOPENING, could_not_ask, reconsider, record, start_over

__all__ = ["REOPENING", "configured", "could_not_ask", "propose", "reconsider", "record", "service", "start_over"]
