"""What rerankers share."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Keep = Annotated[int, Field(ge=1, le=1000, description="how many of the best passages go on")]
