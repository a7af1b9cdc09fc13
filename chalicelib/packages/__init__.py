"""The ZIP for one person: what it is for, read, laid out and packed. No HTTP."""

from typing import Literal

Purpose = Literal["access", "portability"]
