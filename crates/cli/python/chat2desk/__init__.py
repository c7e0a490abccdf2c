"""Records of a Chat2Desk account, read by the command `chat2desk`."""

import json
import os
import subprocess
import sysconfig
import tempfile


class Error(Exception):
    """The command failed: `code` is its exit code, and the text is what it wrote to stderr."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


def records(stream, **arguments):
    """Yields the records of a stream as dictionaries, such as `records("messages", since="2026-05-04")`.

    The arguments are those of `chat2desk export`. The token is read from CHAT2DESK_TOKEN, `token_file` or `profile`.
    """
    binary = os.path.join(sysconfig.get_path("scripts"), "chat2desk" + (".exe" if os.name == "nt" else ""))
    options = [f"--{name.replace('_', '-')}={value}" for name, value in arguments.items()]
    command = [binary, "export", stream, "--format=jsonl", "--quiet", *options]
    with tempfile.TemporaryFile() as stderr, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr) as process:
        # Leaving the block closes stdout, which ends the command if it still writes.
        for line in process.stdout:
            yield json.loads(line)
        if process.wait() != 0:
            stderr.seek(0)
            raise Error(stderr.read().decode(errors="replace").strip(), process.returncode)
