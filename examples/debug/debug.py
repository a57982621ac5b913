"""Debugs a Hark program the way an editor does: debug.py HARK-LS FILE LINE [ARG ...]

Starts "hark-ls dap", sets a breakpoint at the line, shows stack and variables where the program stops first, takes the breakpoint
away, and lets the program go on to its end. All of it is the Debug Adapter Protocol, which any editor speaks:
https://microsoft.github.io/debug-adapter-protocol
"""

import json
import os
import subprocess
import sys


class Adapter:
    """The debug adapter, and the protocol with it: a header with the length, then JSON."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.seq = 0
        self.events = []

    def ask(self, command, **arguments):
        """Sends a request and returns the body of its answer."""
        self.seq += 1
        request = {"seq": self.seq, "type": "request", "command": command, "arguments": arguments}
        content = json.dumps(request).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        self.process.stdin.flush()
        while True:
            message = self.read()
            if message["type"] == "event":
                self.events.append(message)
            elif message["request_seq"] == self.seq:
                if not message["success"]:
                    sys.exit(f"{command}: {message['message']}")
                return message.get("body", {})

    def read(self):
        length = int(self.process.stdout.readline().split(b":")[1])
        self.process.stdout.readline()
        return json.loads(self.process.stdout.read(length))

    def until(self, *names):
        """Returns the next event with one of the names, and shows the program's output on the way."""
        while True:
            event = self.events.pop(0) if self.events else self.read()
            body = event.get("body", {})
            if event["event"] == "output":
                print(body["output"], end="")
            elif event["event"] in names:
                return event["event"], body

    def close(self):
        self.ask("disconnect")
        self.process.stdin.close()
        return self.process.wait()


def place(frame):
    return f"{frame['source']['name']}:{frame['line']}" if "source" in frame else "-"


def show(adapter, thread):
    """Shows the stack of a thread, with the variables of its innermost frame."""
    frames = adapter.ask("stackTrace", threadId=thread)["stackFrames"]
    for frame in frames:
        print(f"  {place(frame):<18} {frame['name']}")
    for scope in adapter.ask("scopes", frameId=frames[0]["id"])["scopes"]:
        if scope["expensive"]:  # registers, the session
            continue
        variables = adapter.ask("variables", variablesReference=scope["variablesReference"])["variables"]
        for variable in variables:
            print(f"    {variable['name']:<10} {variable.get('type', ''):<9} {variable['value'][:90]}")


def main(binary, program, line, *arguments):
    program = os.path.abspath(program)
    adapter = Adapter([binary, "dap"])
    adapter.ask("initialize", adapterID="hark")
    adapter.ask("launch", program=program, args=list(arguments))
    adapter.ask("setBreakpoints", source={"path": program}, breakpoints=[{"line": int(line)}])
    adapter.ask("configurationDone")
    name, stop = adapter.until("stopped", "exited")
    if name == "stopped":
        print(f"stopped: {stop['reason']}, thread {stop['threadId']}")
        show(adapter, stop["threadId"])
        adapter.ask("setBreakpoints", source={"path": program}, breakpoints=[])
        adapter.ask("continue", threadId=stop["threadId"])
        _, stop = adapter.until("exited")
    adapter.close()
    return stop["exitCode"]


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__.splitlines()[0])
    sys.exit(main(*sys.argv[1:]))
