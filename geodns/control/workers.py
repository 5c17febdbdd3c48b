"""Control's side of the channels: what the workers were told, and what they say they serve; fronts are told too."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from geodns.model.name import Name
from geodns.model.place import Address
from geodns.serve.channel import Channel
from geodns.serve.messages import Ask, Message, Notified, Publish, Refused, Serving

log = logging.getLogger(__name__)

# (zone, sender, key that it has signed with)
TakeNotice = Callable[[Name, Address, Name | None], None]

ANSWER_WITHIN = 0.5  # seconds in which a living worker says what it serves


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The last that was heard of a worker; `heard` on the monotonic clock, 0: nothing yet."""

    generation: int = 0
    pid: int = 0
    heard: float = 0.0
    refused: str = ""


class Workers:
    """All channels, listened to from `listen` to `close`."""

    def __init__(self, channels: Sequence[int], front_channels: Sequence[int] = ()) -> None:
        self._count = len(channels)
        self._channels = [Channel(fd) for fd in (*channels, *front_channels)]
        self._words = [Word() for _ in self._channels]
        self._heard = asyncio.Event()
        self.take_notice: TakeNotice = lambda zone, client, key: None  # of a NOTIFY that came to one of them

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(self._words[: self._count])

    @property
    def front_words(self) -> tuple[Word, ...]:
        return tuple(self._words[self._count :])

    def listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number, channel in enumerate(self._channels):
            loop.add_reader(channel, self._hear, number)

    def close(self) -> None:
        loop = asyncio.get_running_loop()
        for channel in self._channels:
            loop.remove_reader(channel)
            channel.close()

    def publish(self, generation: int) -> None:
        for channel in self._channels:
            channel.send(Publish(generation))

    async def all_serve(self, generation: int) -> bool:
        """Asks every worker; True when each says, now, that it serves this generation or a later one.

        Fronts are not waited for: without them UDP and TCP are answered as ever.
        """
        asked = time.monotonic()
        for channel in self._channels:
            channel.send(Ask())
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                while not all(word.heard >= asked for word in self.words):
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            return False
        return all(word.generation >= generation for word in self.words)

    def name(self, number: int) -> str:
        return f"worker {number}" if number < self._count else f"front {number - self._count}"

    def _hear(self, number: int) -> None:
        for message in self._channels[number].messages():
            self._take(number, message)
        self._heard.set()

    def _take(self, number: int, message: Message) -> None:
        match message:
            case Serving(generation, pid):
                self._words[number] = Word(generation=generation, pid=pid, heard=time.monotonic())
            case Refused(generation, reason):
                log.error("%s refused generation %d: %s", self.name(number), generation, reason)
                last = self._words[number]
                self._words[number] = Word(generation=last.generation, pid=last.pid, heard=last.heard, refused=reason)
            case Notified(zone, client, key):
                signed = Name(bytes.fromhex(key)) if key else None
                self.take_notice(Name(bytes.fromhex(zone)), ip_address(client), signed)
            case Publish() | Ask():
                log.warning("%s said %r, which is for control to say", self.name(number), message)
