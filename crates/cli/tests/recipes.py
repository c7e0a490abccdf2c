#!/usr/bin/env python3
"""Runs the recipes of the README as they are there, with the engines that they hand over to, and counts what arrives.

Needs `target/debug/chat2desk`, Postgres and nats-server. Makes environments of Python under `target/recipes`.
Arguments are the names of recipes; all run without any.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

CLI = pathlib.Path(__file__).resolve().parents[1]
TARGET = CLI.parents[1] / "target"
BINARY = TARGET / "debug" / "chat2desk"
PLACE = TARGET / "recipes"
RECIPES = dict(re.findall(r"<!-- recipe: (\w+) -->\n```sh\n(.*?)```", (CLI / "README.md").read_text(), re.S))
# Postgres refuses to run as root.
AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.name == "posix" and os.getuid() == 0 else []


def environment(name, *packages):
    """Makes an environment of Python. Each recipe has one: Singer's targets pin what others need newer."""
    place = PLACE / name
    if not (place / "bin" / "pip").exists():
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
    subprocess.run([place / "bin" / "pip", "install", "--quiet", *packages], check=True)
    path = f"{place / 'bin'}:{BINARY.parent}:{os.environ['PATH']}"
    return {**os.environ, **ACCOUNT, "PATH": path}


@contextlib.contextmanager
def running(command, ready, **options):
    """Runs a server until the end of the block, with all that it started. Waits until it has written `ready`."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, **options)

        def written():
            log.seek(0)
            return log.read()

        try:
            wait(lambda: ready in written(), lambda: f"{command}: {written()}")
            yield written
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def wait(is_so, explain):
    for _ in range(300):
        if is_so():
            return
        time.sleep(0.1)
    raise SystemExit(explain())


def python(environment, code):
    return subprocess.run(["python", "-c", code], env=environment, check=True, capture_output=True, text=True).stdout


def trigger():
    """Delivers every event twice to a recipe that serves. Returns how many events there are."""
    command = [BINARY, "webhooks", "trigger", "all", "--to", "http://127.0.0.1:8090/", "--repeats", "1"]
    lines = subprocess.run(command, env={**os.environ, **ACCOUNT}, check=True, capture_output=True, text=True).stdout
    return len(lines.splitlines()) // 2


def port(usual):
    """Returns the port of a recipe, or a free one if something listens there already, as a package's own server may."""
    for wanted in (usual, 0):
        with contextlib.suppress(OSError), socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", wanted))
            return str(listener.getsockname()[1])


def bash(name, *replaced):
    recipe = RECIPES[name]
    for text, by in replaced:
        assert text in recipe, text
        recipe = recipe.replace(text, by)
    return ["bash", "-euo", "pipefail", "-c", recipe]


def duckdb(work):
    env = environment("duckdb", "duckdb", "pytz")
    subprocess.run(bash("duckdb"), cwd=work, env=env, check=True, stdout=subprocess.DEVNULL)
    types = python(env, f"import duckdb; print(duckdb.sql(\"DESCRIBE FROM '{work}/messages.parquet'\").fetchall())")
    assert "('id', 'BIGINT'" in types and "('created', 'TIMESTAMP WITH TIME ZONE'" in types, types
    count = python(env, f"import duckdb; print(duckdb.sql(\"SELECT count(*) FROM '{work}/messages.parquet'\").fetchall())")
    assert count == "[(1207,)]\n", count


def postgres(work):
    env = environment("postgres", "meltanolabs-target-postgres")
    data = tempfile.mkdtemp()
    shutil.chown(data, "postgres") if AS_POSTGRES else None
    tool = lambda name: shutil.which(name) or next(pathlib.Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    subprocess.run([*AS_POSTGRES, tool("initdb"), "-D", data, "-A", "trust"], check=True, stdout=subprocess.DEVNULL)
    at = port(5432)
    server = [*AS_POSTGRES, tool("postgres"), "-D", data, "-k", data, "-h", "127.0.0.1", "-p", at]
    psql = ["psql", "-h", "127.0.0.1", "-p", at, "-U", "postgres", "-At"]
    recipe = bash("postgres", ("localhost:5432", f"127.0.0.1:{at}"))
    with running(server, "ready to accept connections"):
        subprocess.run([*psql, "-c", "CREATE DATABASE chat"], check=True, stdout=subprocess.DEVNULL)
        for _ in range(2):
            env["PGUSER"] = "postgres"
            subprocess.run(recipe, cwd=work, env=env, check=True, stderr=subprocess.DEVNULL)
            count = "SELECT (SELECT count(*) FROM chat2desk.messages), (SELECT count(*) FROM chat2desk.clients)"
            rows = subprocess.run([*psql, "-d", "chat", "-c", count], check=True, capture_output=True, text=True).stdout
            assert rows == "1207|321\n", rows
    shutil.rmtree(data)


def nats(work):
    env = environment("nats", "nats-py")
    at = port(4222)
    connect = f"nats.connect('nats://127.0.0.1:{at}')"
    with running(["nats-server", "-js", "-sd", work / "nats", "-p", at], "Server is ready"):
        with running(bash("nats", ("nats.connect()", connect)), "Listening on", cwd=work, env=env):
            events = trigger()
            count = (
                f"import asyncio, nats\nasync def main():\n  stream = (await {connect}).jetstream()\n"
                "  print((await stream.stream_info('chat2desk')).state.messages)\nasyncio.run(main())"
            )
            wait(lambda: python(env, count) == f"{events}\n", lambda: python(env, count))


def flask(work):
    env = environment("flask", "flask")
    with running(bash("flask"), "Listening on", cwd=work, env=env) as written:
        events = trigger()
        names = lambda: re.findall(r"^(\w+) (?:\d+|None) ", written(), re.M)
        wait(lambda: len(names()) >= events, written)
        assert len(set(names())) == len(names()) == events, written()


PLACE.mkdir(parents=True, exist_ok=True)
ACCOUNT = {}
with running([BINARY, "sandbox", "--port", "0"], "Ctrl+C") as line:
    ACCOUNT.update(pair.split("=") for pair in line().splitlines()[0].removeprefix("export ").split())
    recipes = [duckdb, postgres, nats, flask]
    for recipe in [recipe for recipe in recipes if recipe.__name__ in (sys.argv[1:] or RECIPES)]:
        with tempfile.TemporaryDirectory() as work:
            recipe(pathlib.Path(work))
        print(recipe.__name__, "works", flush=True)
