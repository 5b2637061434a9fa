"""The networks of bn-only as modules of PyTorch: torchvision's names where it has them, the library's paths elsewhere."""

from .create import UnknownArchitectureError, create_network
from .paths import library_path

__all__ = ["UnknownArchitectureError", "create_network", "library_path"]
