"""The steps of the pipeline: ordinary Python functions."""

import time


def measure(sample):
    time.sleep(0.2)  # pretend that this takes a while; all samples are measured at the same time
    return {"sample": sample, "letters": len(sample)}


def summarise(measured):
    total = sum(m["letters"] for m in measured)
    return f"{len(measured)} samples, {total} letters"
