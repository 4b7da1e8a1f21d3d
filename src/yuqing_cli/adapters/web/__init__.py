"""The only door to HTTP.

``client`` is the queue that turns asks into answers, ``run`` decides which of them may go next, ``hops`` is one
request of an ask, ``wire`` carries it out, ``pinned`` connects to checked addresses only, ``bodies`` reads within
limits, ``faults`` gives errors their kind, ``workers`` are the threads, ``ledger`` is the account.
"""

from __future__ import annotations

from .client import Ahead, Handle, Web
from .ledger import HostLedger, Ledger

__all__ = ["Ahead", "Handle", "HostLedger", "Ledger", "Web"]
