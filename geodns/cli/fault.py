"""What ends a verb early: a sentence for the operator, printed by main."""

COULD_NOT = 2  # the exit code; 1 is left to verbs whose answer can be no


class CannotDo(Exception):
    """The verb cannot be carried out; the message says why, and the way out."""
