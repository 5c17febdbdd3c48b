"""What is not done, and how that is said: a status, and one sentence with the way out."""

from collections.abc import Mapping


class Refused(Exception):
    """The client's fault, or something that is not there now. The reply is {"error": sentence}."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})
        super().__init__(sentence)
