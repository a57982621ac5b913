import sys
if sys.version_info < (3, 8):
    sys.stderr.write("Python %s is too old: Hark needs 3.8 or newer\n" % sys.version.split()[0])
    sys.exit(85)
def boot():
    import os
    size, requests, replies = map(int, sys.argv[1:])
    del sys.argv[1:]
    if os.name == "nt":
        import msvcrt
        requests = msvcrt.open_osfhandle(requests, os.O_RDONLY)
        replies = msvcrt.open_osfhandle(replies, 0)
    text = b""
    while len(text) < size:
        part = os.read(requests, size - len(text))
        if not part:
            return
        text += part
    names = {"__name__": "hark_worker", "__file__": "<hark worker>"}
    exec(compile(text, "<hark worker>", "exec"), names)
    names["Worker"](requests, replies).serve()
boot()
del boot
