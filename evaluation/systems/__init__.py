"""Systems: whatever turns a text into another, so that the product can be compared with it."""

from evaluation.systems.naming import KNOWN, open_system, require_system
from evaluation.systems.system import Output, Part, System

__all__ = ["KNOWN", "Output", "Part", "System", "open_system", "require_system"]
