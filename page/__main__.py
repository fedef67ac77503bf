"""The server of the page: Voilà, on this machine alone, with a template of its own and a kernel for each browser tab."""

import os
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path

from lab_setup import ROOT, say, stop
from labkit.texts import page as texts

try:
    from tornado.ioloop import IOLoop
    from traitlets.config import Config
    from voila.app import Voila
except ModuleNotFoundError as missing:
    stop(f"{missing.name} is not in this environment: start the page with `python lab.py page`, which sees to that")

HERE = Path(__file__).parent
SECONDS_WITHOUT_A_TAB = 600  # that a kernel is kept for: a tab that closes ends its own, one that crashes does not
SETTINGS = Config(
    Voila={
        "notebook_path": str(HERE / "messages.py"),
        "ip": "127.0.0.1",
        "auto_token": True,
        "log_level": "WARN",
        "tornado_settings": {
            # A tab that closes says so with a POST, to which Voilà adds no XSRF token; only it knows its kernel's id.
            "disable_check_xsrf": True,
            "ws_ping_timeout": 30_000,  # as long as the time between two pings, else tornado complains
        },
    },
    VoilaConfiguration={
        "template": "messages",
        "resources": {"metadata": {"name": texts.TITLE}},
        "allow_template_override": "NO",  # an address could choose one that asks other hosts for things
        "extension_language_mapping": {".py": "python"},
        "extension_allowlist": ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8"],
        "preheat_kernel": True,  # one is ready before its tab is: the panel is there in 1 s, not in 3
    },
    VoilaKernelManager={"fill_delay": 4},  # seconds until the next one is made, so that it takes this tab no time
    MappingKernelManager={"cull_idle_timeout": SECONDS_WITHOUT_A_TAB, "cull_interval": 60},
)


class Page(Voila):  # type: ignore[misc]
    """Voilà, which opens the browser with the token that it asks for, and says in one line where it is."""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the options, and from the settings of JupyterLab's server which kernel there is."""
        with suppress(ValueError):  # Voilà's way of saying that there is more than one
            super().initialize(argv)
        if self.extra_args:
            stop(f"the page takes no {self.extra_args[0]!r}; it takes options such as --port=8866 and --no-browser")
        self.load_config_file("jupyter_server_config", path=[str(ROOT / ".jupyter")])

    def listen(self) -> None:
        """Serve until Ctrl-C."""
        IOLoop.current().add_callback(lambda: say(f"the page is at {self.display_url}"))
        super().listen()

    def launch_browser(self) -> None:
        """Open the page. In a thread, as some browsers keep whoever starts them waiting."""
        threading.Thread(target=webbrowser.open, args=(self.display_url,), daemon=True).start()


if __name__ == "__main__":
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(HERE / "template"), os.environ.get("JUPYTER_PATH")]))
    Page.launch_instance(sys.argv[1:], config=SETTINGS)
