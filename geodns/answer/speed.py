"""Which speed the answer path runs at: the same lines, interpreted or compiled."""

from geodns.answer import reply

SPEED = "interpreted" if (reply.__file__ or "").endswith(".py") else "compiled"
