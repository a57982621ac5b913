"""Compiles and runs programs for the comparison, one JSON request and answer a line."""
import json
import sys
import time

programs = []
for line in sys.stdin:
    request = json.loads(line)
    answer = {}
    try:
        if "define" in request:
            names = {}
            exec(compile(request["define"], "bench.py", "exec"), names)
            programs.append(names["main"])
            answer["result"] = str(len(programs) - 1)
        else:
            main = programs[int(request["run"])]
            started = time.perf_counter()
            result = main()
            answer["seconds"] = time.perf_counter() - started
            answer["result"] = repr(result)
    except Exception as error:
        answer["error"] = repr(error)
    print(json.dumps(answer), flush=True)
