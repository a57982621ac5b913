"""What a run leaves behind."""


def note_down(text: str) -> None:
    """Writes the text into a file of the current folder."""
    with open("ran", "w") as file:
        file.write(text)
