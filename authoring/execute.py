"""Run a notebook in a fresh kernel, and refuse whatever a student must not meet."""

import os
import re
import tempfile
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from authoring.lesson import AuthoringError

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def run(notebook: NotebookNode, name: str, folder: Path, timeout: int = 60) -> None:
    """Execute `notebook` in place, with `folder` as working directory; `timeout` is seconds for one cell.

    The kernel is the one that nbval starts, so that building and testing cannot differ. References to live widgets
    are left out of the outputs: they name a model that is gone, and beside them stands what a code host shows.

    Raises AuthoringError, naming the cell, if it raises (unless tagged raises-exception), if a widget's callback
    raises, if it writes to stderr, takes too long, or ends the kernel.
    """
    kernel = AsyncKernelManager(kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager())
    client = NotebookClient(
        notebook,
        km=kernel,
        timeout=timeout,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # else it is chance into how many pieces a long print falls
        extra_arguments=["--log-level=40"],  # ipykernel warns about TCP, but ipc is not to be had on Windows
        resources={"metadata": {"path": str(folder)}},
    )
    # What the maintainer solved is not what a newcomer sees.
    with (
        tempfile.TemporaryDirectory() as progress,
        client.setup_kernel(cleanup_kc=True, env={**os.environ, "LABKIT_PROGRESS": progress}),
    ):
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except CellExecutionError as error:
                trouble = f"{error.ename}: {error.evalue}"
            except CellTimeoutError:
                trouble = f"it took more than {timeout} s; move the clock with lab.wait() instead of sleeping"
            except DeadKernelError:
                trouble = "the kernel ended while it ran"
            else:
                trouble = complaint(cell)
            if trouble:
                raise AuthoringError(f"{name}, cell {cell.id}: {ANSI.sub('', trouble)}")
            forget_live_widgets(cell)


def complaint(cell: NotebookNode) -> str:
    """What is wrong with the outputs of a cell that ran to its end; empty if nothing is."""
    for output in cell.get("outputs", []):
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            return f"a widget's callback raised {output.ename}: {output.evalue}"
        if output.output_type == "stream" and output.name == "stderr":
            return f"it wrote to stderr: {output.text.strip().splitlines()[-1]}"
    return ""


def forget_live_widgets(cell: NotebookNode) -> None:
    """Drop the references to live widgets, and with them what showed nothing else, such as a progress bar."""
    outputs = cell.get("outputs", [])
    for output in outputs:
        if WIDGET_VIEW in output.get("data", {}):
            del output.data[WIDGET_VIEW]
            if not output.data:
                outputs.remove(output)
                forget_live_widgets(cell)
                return
