"""The commands that serve: `footnote serve` over HTTP, `footnote mcp` to a model's own program."""

from __future__ import annotations

from assistant.options import HomeOption, HostOption, PortOption
from assistant.settings import Settings


def serve(host: HostOption = "127.0.0.1", port: PortOption = 7860, home: HomeOption = None) -> None:
    """Show a page at /; answer programs: REST at /api, OpenAI's at /v1, MCP at /mcp, until Ctrl-C.

    \b
    Try: footnote serve
    """
    from assistant import terminal
    from assistant.serving import server

    with terminal.TerminalTalk() as talk:
        server.serve(Settings.read(home=home), talk, host=host, port=port)


def mcp(home: HomeOption = None) -> None:
    """Be the tools of a language model (MCP), over standard input and output.

    \b
    Try: footnote mcp, as the command of a server in the settings of the model's program
    """
    from assistant import terminal
    from assistant.serving.limits import Limits
    from assistant.serving.mcp_tools import tool_server
    from assistant.serving.opening import opened

    settings = Settings.read(home=home)
    with terminal.TerminalTalk() as talk, opened(settings, talk, limits=Limits()) as served:
        tool_server(served).run("stdio")
