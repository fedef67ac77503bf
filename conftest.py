"""What holds for every test, the notebooks among them."""

import os
import tempfile

# What the tests try and solve is nobody's progress. Kernels that the tests start inherit this.
_progress = tempfile.TemporaryDirectory(prefix="labkit-progress-", ignore_cleanup_errors=True)  # as long as pytest runs
os.environ["LABKIT_PROGRESS"] = _progress.name
