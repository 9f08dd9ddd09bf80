"""Acts on documents."""

from plenum.directives.actions.load_documents import load_documents
from plenum.directives.actions.register_document import (
    DocumentChanged,
    DocumentFields,
    correct_document,
    register_document,
)

__all__ = ["DocumentChanged", "DocumentFields", "correct_document", "load_documents", "register_document"]
