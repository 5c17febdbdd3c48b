"""Control at a glance, as JSON: what is served, by whom, from what, and what is wrong."""

from collections.abc import Mapping

from geodns import __version__
from geodns.admin.copies import copy_rows
from geodns.admin.instants import instant
from geodns.admin.members import Json, override_entry
from geodns.admin.outside import outside_rows
from geodns.admin.problems import errors, warnings
from geodns.admin.zones import pool_rows
from geodns.control.certificates import Certificate
from geodns.control.control import Control
from geodns.control.limited import SHOWN, Limited
from geodns.control.notifier import Key
from geodns.control.notifier import Word as Heard
from geodns.control.workers import Word
from geodns.geo.atlas import Atlas
from geodns.geo.embedded import ATTRIBUTION
from geodns.model.name import show


def status_view(control: Control, now: float) -> Json:
    """Without a good configuration (degraded since the start) there are no zones, pools and database to tell of."""
    edition = control.edition
    return {
        "version": __version__,
        "generation": control.publisher.generation,
        "published": instant(control.publisher.published),
        "uptime": round(now - control.started, 1),
        "degraded": control.is_degraded,
        "degraded_since": instant(control.degraded_since),
        "problems": errors(control.problems),
        "warnings": warnings(edition.inputs.warnings if edition else ()),
        "isolated": control.monitor.isolated or None,
        "limited": limited_rows(control.limited),
        "workers": worker_rows(control.workers.words),
        "fronts": front_rows(control.workers.front_words),
        "certificate": _certificate_view(control.certificates()),
        "secondaries": secondary_rows(control.notifier.words),
        "zones": len(edition.inputs.zones) if edition else 0,
        "database": _database_view(edition.inputs.atlas, now) if edition else None,
        "pools": pool_rows(edition, control.loads.seen(edition)) if edition else [],
        "aliases": outside_rows(control.outside.views()),
        "copies": copy_rows(control.copies.views()),
        "overrides": [
            override_entry(key, control.orders.overrides[key])
            for key in sorted(control.orders.overrides, key=lambda key: (show(key.zone), key.pool, key.member))
        ],
    }


def limited_rows(limited: Limited) -> list[Json]:
    """The prefixes that were limited most within the last ten seconds."""
    most = list(limited.recent.items())[:SHOWN]
    return [{"prefix": str(prefix), "responses": count, "dry_run": limited.is_dry_run} for prefix, count in most]


def worker_rows(words: tuple[Word, ...]) -> list[Json]:
    """`refused`: why it does not take a newer generation."""
    return [
        {"worker": number, "generation": word.generation, "pid": word.pid or None, "refused": word.refused or None}
        for number, word in enumerate(words)
    ]


def secondary_rows(words: Mapping[Key, Heard]) -> list[Json]:
    """Who is told of changes. `acknowledged` null: it is still waited for."""
    return [
        {
            "zone": show(zone),
            "secondary": str(told),
            "serial": word.serial,
            "acknowledged": word.acknowledged,
            "since": instant(word.at),
            "tries": word.tries,
            "error": word.error or None,
        }
        for (zone, told), word in sorted(words.items(), key=lambda each: (show(each[0][0]), str(each[0][1])))
    ]


def front_rows(words: tuple[Word, ...]) -> list[Json]:
    """The processes for what is encrypted; none where nothing is."""
    return [{"front": row.pop("worker"), **row} for row in worker_rows(words)]


def _certificate_view(shown: tuple[Certificate, ...]) -> Json | None:
    """The one that expires first, as one front may have read the files before another. None: nobody has shown any."""
    if not shown:
        return None
    expires = min(each.expires for each in shown)
    return {"expires": instant(float(expires)), "broken": any(each.is_broken for each in shown)}


def _database_view(atlas: Atlas, now: float) -> Json:
    return {
        "name": atlas.name,
        "built": instant(atlas.built),
        "age": round(now - atlas.built),
        # The embedded data may be shown only with the name of who made it; for other databases that is their owner's.
        "attribution": ATTRIBUTION if atlas.name.startswith("DB-IP") else None,
    }
