"""`load:` of pools and members → Limit."""

from geodns.config.forms import LoadForm, MemberLoadForm, PoolForm
from geodns.config.reading import Reading
from geodns.model.check import Check
from geodns.model.pool import EVERY, SLEW, Limit


def read_limit(reading: Reading, form: LoadForm | MemberLoadForm | None, *path: str) -> Limit | None:
    """The path says where it stands."""
    if form is None:
        return None
    _check_form(reading, form, path)
    return Limit(
        target=form.target,
        most=form.max,
        slew=SLEW if form.slew is None else form.slew / 100,
        every=form.every if isinstance(form, LoadForm) and form.every is not None else EVERY,
    )


def _check_form(reading: Reading, form: LoadForm | MemberLoadForm, path: tuple[str, ...]) -> None:
    if form.max is not None and form.target is None:
        message = "'max' is set and 'target' is not; say what load to aim at, somewhat below max"
        reading.complain(reading.document.value(*path, "max"), message)
    elif form.max is not None and form.target is not None and form.max <= form.target:
        message = f"max is {form.max:g} and target {form.target:g}; max has to be more, for loads go up and down"
        reading.complain(reading.document.value(*path, "max"), message)
    if form.slew is not None and not 0 < form.slew <= 100:
        message = f"a slew of {form.slew:g} % makes no steps; write 1% to 100%"
        reading.complain(reading.document.value(*path, "slew"), message)


def warn_of_silence(reading: Reading, name: str, form: PoolForm, check: Check | None) -> None:
    """Limits follow reports, and the only ones left are those that come over the API."""
    loads = [form.load, *(member.load for member in form.members.values())]
    if not any(load is not None and load.target is not None for load in loads) or (check and check.tells_load):
        return
    reports = f"check '{check.name}' reports none" if check else "it has no check"
    message = f"pool '{name}' has a target of load, but {reports}: unless loads are sent over the API, it does nothing"
    reading.warn(reading.document.key("pools", name), message)
