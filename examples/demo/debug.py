"""Stops a pipeline at a breakpoint and shows its locals, as an editor would: debug.py BINARY FILE LINE [ARG…]

It speaks the Debug Adapter Protocol with `hark-ls dap`: a header with a length, then JSON. Editors do the same.
"""

import json
import os
import subprocess
import sys


class Adapter:
    def __init__(self, binary):
        self.process = subprocess.Popen([binary, "dap"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.sent = 0
        self.events = []

    def request(self, command, **arguments):
        """Sends a request without waiting for its response; its number."""
        self.sent += 1
        body = json.dumps({"seq": self.sent, "type": "request", "command": command, "arguments": arguments}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()
        return self.sent

    def ask(self, command, **arguments):
        """Sends a request and waits for its response; its body."""
        return self.response(self.request(command, **arguments))

    def response(self, number):
        while True:
            message = self.receive()
            if message["type"] == "response" and message["request_seq"] == number:
                if not message["success"]:
                    sys.exit(f"{message['command']}: {message.get('message')}")
                return message.get("body") or {}
            self.events.append(message)

    def wait(self, event):
        while True:
            message = self.events.pop(0) if self.events else self.receive()
            if message["type"] == "event" and message["event"] == event:
                return message.get("body") or {}

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        if not length:
            sys.exit("the adapter has ended")
        message = json.loads(self.process.stdout.read(length))
        if message.get("event") == "output" and message["body"].get("category") != "telemetry":
            print("  output:", message["body"]["output"].rstrip())
        return message


def main(binary, program, line, *args):
    adapter = Adapter(binary)
    adapter.ask("initialize", adapterID="hark", clientID="demo", linesStartAt1=True, columnsStartAt1=True)
    launched = adapter.request("launch", program=os.path.abspath(program), args=list(args), cwd=os.getcwd())
    adapter.wait("initialized")
    adapter.ask("setBreakpoints", source={"path": os.path.abspath(program)}, breakpoints=[{"line": int(line)}])
    adapter.ask("configurationDone")
    adapter.response(launched)

    stopped = adapter.wait("stopped")
    print(f"  stopped ({stopped['reason']}) in thread {stopped['threadId']}")
    for depth, frame in enumerate(adapter.ask("stackTrace", threadId=stopped["threadId"])["stackFrames"]):
        name = os.path.basename((frame.get("source") or {}).get("path", ""))
        print(f"  {'→' if depth == 0 else ' '} {frame['name']}  {name}:{frame['line']}")
        if depth == 0:
            show_locals(adapter, frame["id"])

    adapter.ask("setBreakpoints", source={"path": os.path.abspath(program)}, breakpoints=[])
    adapter.ask("continue", threadId=stopped["threadId"])
    adapter.wait("terminated")
    adapter.request("disconnect")
    adapter.process.stdin.close()
    adapter.process.wait(timeout=10)


def show_locals(adapter, frame):
    for scope in adapter.ask("scopes", frameId=frame)["scopes"]:
        if scope["name"].lower() not in ("locals", "arguments", "captures"):
            continue
        for variable in adapter.ask("variables", variablesReference=scope["variablesReference"])["variables"]:
            value = variable["value"]
            print(f"        {variable['name']} = {value if len(value) < 90 else value[:89] + '…'}")


if __name__ == "__main__":
    main(*sys.argv[1:])
