"""A film studio made of cardboard: every step says what it would have done."""

import os
import tempfile

FILES = {
    ("media", "incoming/whale.mov"): {"seconds": 80, "height": 1080},
    ("media", "incoming/notes.mov"): None,  # somebody renamed a text file
}


class EncoderBusy(Exception):
    """All encoders are in use."""


def probe(bucket, key):
    info = FILES[(bucket, key)]
    if info is None:
        raise ValueError(f"{key} is not a video")
    return info


def transcode(bucket, key, name, height):
    if name == "web" and first_time(f"{key}-{name}"):
        raise EncoderBusy("try again")  # the retry of the import takes care of it
    if name == "archive":
        raise RuntimeError("the archive codec has no licence")
    return {"format": name, "file": f"published/{stem(key)}-{height}p.mp4"}


def snapshot(bucket, key, second):
    return f"published/{stem(key)}-{second}s.jpg"


def publish(key, videos, pictures):
    made = [v["file"] for v in videos if "file" in v]
    failed = [f"{v['format']} ({v['failed']})" for v in videos if "failed" in v]
    return f"{key}: published {', '.join(made)} and {len(pictures)} pictures; not made: {', '.join(failed)}"


def quarantine(bucket, key, reason):
    return f"{key}: put aside, {reason}"


def stem(key):
    return os.path.splitext(os.path.basename(key))[0]


def first_time(what):
    """Whether this is asked for the first time, by any worker process of this run."""
    folder = os.path.join(tempfile.gettempdir(), f"hark-video-{os.getppid()}")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, what.replace("/", "_"))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        os.remove(path)
        return False
    return True
