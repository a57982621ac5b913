"""The steps of the pipeline. Each is an ordinary function."""

import string

TEXTS = {"poem": "The fog comes on little cat feet. It sits looking over harbor and city on silent haunches and then moves on."}


def fetch(name):
    return TEXTS[name]


def clean(text):
    return [word.strip(string.punctuation).lower() for word in text.split()]


def longest(words):
    return max(words, key=len)


def vowels(words):
    return sum(letter in "aeiou" for word in words for letter in word)


def average(words):
    return round(sum(map(len, words)) / len(words), 2)


def publish(name, measures):
    print(f"publishing {name}")  # what Python prints is output of the session
    return ", ".join(f"{key} {value}" for key, value in measures.items())
