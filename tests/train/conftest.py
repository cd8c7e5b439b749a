"""Everything here needs the extra `train`."""

import pytest

pytest.importorskip("torch", reason="needs the extra train")
