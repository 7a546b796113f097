"""The contract kit: one line a plugin, and every component is held to what it promised.

from kodkod.testing import contract_for

test_contract = contract_for("kodkod_schemes.plugin")
"""

from kodkod.testing.contract import contract_for
from kodkod.testing.histories import make_history
from kodkod.testing.material import LABELS, make_batch, make_texts, make_training_set
from kodkod.testing.recording import RecordingContext, Report
from kodkod.testing.subject import ContractBrokenError, Subject

__all__ = [
    "LABELS",
    "ContractBrokenError",
    "RecordingContext",
    "Report",
    "Subject",
    "contract_for",
    "make_batch",
    "make_history",
    "make_texts",
    "make_training_set",
]
