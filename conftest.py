"""What holds for every test, the notebooks among them."""

import os
import tempfile

# What the tests try and solve is nobody's progress. Kernels that the tests start inherit this.
os.environ["LABKIT_PROGRESS"] = tempfile.mkdtemp(prefix="labkit-progress-")
