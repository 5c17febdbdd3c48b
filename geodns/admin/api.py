"""The routes. Each names what it was asked for, has control do it, and shows what came of it.

GET  /healthz /readyz /metrics
GET  /api/v1/status  /zones  /zones/{zone}  /zones/{zone}/pools/{pool}/members
GET  /api/v1/explain?name=&type=&from=&resolver=&down=&load=&at=  /map?name=&type=&down=&at=
PUT  /api/v1/zones/{zone}/pools/{pool}/members/{member}/override    DELETE the same
PUT  /api/v1/zones/{zone}/pools/{pool}/load  /zones/{zone}/pools/{pool}/members/{member}/load
POST /api/v1/reload

What goes over all pools or names is worked out in a thread, since probes run on the loop: with ten thousand pools it
takes half a second and more.
"""

import asyncio
import time
from collections.abc import Collection

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from geodns.admin import lookup
from geodns.admin.guard import AUTHOR
from geodns.admin.instants import instant
from geodns.admin.members import Json, member_view
from geodns.admin.metrics import Metrics
from geodns.admin.orders import parse_override
from geodns.admin.problems import errors, warnings
from geodns.admin.readiness import why_not_ready
from geodns.admin.refusal import Refused
from geodns.admin.replies import reply
from geodns.admin.sent_loads import parse_load
from geodns.admin.status import status_view, worker_rows
from geodns.admin.zones import zone_rows, zone_view
from geodns.config.networks import parse_address
from geodns.config.places import parse_place
from geodns.config.problem import did_you_mean
from geodns.config.schedules import parse_moment
from geodns.control.control import Control, cannot_write
from geodns.control.edition import Edition
from geodns.control.reports import Key
from geodns.control.supposing import Supposition, parse_loads
from geodns.model.place import Address, Place
from geodns.model.verdict import MemberKey, Override

API = "/api/v1"
MEMBERS = API + "/zones/{zone}/pools/{pool}/members"
OVERRIDE = MEMBERS + "/{member}/override"
POOL_LOAD = API + "/zones/{zone}/pools/{pool}/load"
MEMBER_LOAD = MEMBERS + "/{member}/load"


class Api:
    """One method a route."""

    def __init__(self, control: Control, metrics: Metrics) -> None:
        self._control = control
        self._metrics = metrics

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
            web.get(API + "/status", self.status),
            web.get(API + "/zones", self.zones),
            web.get(API + "/zones/{zone}", self.zone),
            web.get(MEMBERS, self.members),
            web.get(API + "/explain", self.explain),
            web.get(API + "/map", self.map),
            web.put(OVERRIDE, self.override),
            web.delete(OVERRIDE, self.take_back),
            web.put(POOL_LOAD, self.pool_load),
            web.put(MEMBER_LOAD, self.member_load),
            web.post(API + "/reload", self.reload),
        ]

    # ── is it well? ───────────────────────────────────────────────────────────────────────────────────────────────

    async def healthz(self, request: web.Request) -> web.Response:
        return reply({"alive": True})

    async def readyz(self, request: web.Request) -> web.Response:
        """Open to everybody, so it says that there are problems but not which."""
        control, asked = self._control, time.monotonic()
        ready = await control.is_ready()
        generation, words = control.publisher.generation, control.workers.words
        found: Json = {"ready": ready, "generation": generation, "degraded": control.is_degraded}
        if ready:
            return reply(found)
        reason = why_not_ready(generation, words, asked)
        return reply({**found, "reason": reason, "workers": worker_rows(words)}, 503)

    async def metrics(self, request: web.Request) -> web.Response:
        body = await self._metrics.render(self._control)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    # ── what does it do? ──────────────────────────────────────────────────────────────────────────────────────────

    async def status(self, request: web.Request) -> web.Response:
        return reply(await asyncio.to_thread(status_view, self._control, time.time()))

    async def zones(self, request: web.Request) -> web.Response:
        return reply({"zones": await asyncio.to_thread(zone_rows, self._edition())})

    async def zone(self, request: web.Request) -> web.Response:
        edition = self._edition()
        zone = lookup.zone_named(edition, request.match_info["zone"])
        return reply(await asyncio.to_thread(lambda: zone_view(edition, zone, self._control.loads.seen(edition))))

    async def members(self, request: web.Request) -> web.Response:
        edition, names = self._edition(), request.match_info
        zone, pool = lookup.pool_named(edition, names["zone"], names["pool"])
        histories = self._control.monitor.histories()
        found = [lookup.Found(zone, pool, member) for member in pool.members]
        seen = self._control.loads.seen(edition, [(zone.name, pool.name)])
        rows = [member_view(edition, histories, each, seen.get(each.key)) for each in found]
        return reply({"zone": str(zone), "pool": pool.name, "members": rows})

    async def explain(self, request: web.Request) -> web.Response:
        _known(request.query.keys(), ("name", "type", "from", "place", "resolver", "down", "load", "at"))
        try:
            name, rtype, supposition = _asked(request, "name"), request.query.get("type", "A"), _supposition(request)
            found = self._control.explain(name, rtype, _client(request), supposition, _resolver(request))
        except ValueError as error:
            raise Refused(400, str(error)) from None
        except LookupError as error:
            raise Refused(503, str(error)) from None
        return reply(found.to_json())

    async def map(self, request: web.Request) -> web.Response:
        _known(request.query.keys(), ("name", "type", "down", "at"))
        name, rtype = _asked(request, "name", "map?name=www.example.com"), request.query.get("type", "A")
        try:
            found = await asyncio.to_thread(self._control.map, name, rtype, _down(request), _at(request))
        except ValueError as error:
            raise Refused(400, str(error)) from None
        except LookupError as error:
            raise Refused(503, str(error)) from None
        return reply(found.to_json())

    # ── what is it to do? ─────────────────────────────────────────────────────────────────────────────────────────

    async def override(self, request: web.Request) -> web.Response:
        names = request.match_info
        found = lookup.member_named(self._edition(), names["zone"], names["pool"], names["member"])
        said = parse_override(await request.read(), AUTHOR.get(), time.time())
        return await self._order(found.key, said)

    async def take_back(self, request: web.Request) -> web.Response:
        """Also of a member that is not there any more."""
        names = request.match_info
        key = lookup.key_of(names["zone"], names["pool"], names["member"])
        if key not in self._control.orders.overrides:
            found = lookup.member_named(self._edition(), names["zone"], names["pool"], names["member"])
            raise Refused(404, f"nobody has overridden {found.pool.name}/{found.member.name} in {found.zone}")
        return await self._order(key, None)

    async def pool_load(self, request: web.Request) -> web.Response:
        names = request.match_info
        zone, pool = lookup.pool_named(self._edition(), names["zone"], names["pool"])
        if pool.parts:
            raise Refused(400, f"pool '{pool.name}' is made of pools; send the load of each of these")
        return await self._send_load(request, (zone.name, pool.name))

    async def member_load(self, request: web.Request) -> web.Response:
        names = request.match_info
        found = lookup.member_named(self._edition(), names["zone"], names["pool"], names["member"])
        return await self._send_load(request, found.key)

    async def reload(self, request: web.Request) -> web.Response:
        came = await self._control.reload()
        generation = self._control.publisher.generation
        if came.ok:
            return reply({"generation": generation, "warnings": warnings(came.problems)})
        wrong = errors(came.problems)
        sentence = f"{len(wrong)} {'problem' if len(wrong) == 1 else 'problems'}; generation {generation} goes on"
        return reply({"error": sentence, "problems": wrong, "warnings": warnings(came.problems)}, 422)

    # ── how ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _edition(self) -> Edition:
        if self._control.edition is None:
            raise Refused(503, f"degraded: there is no good configuration; {API}/status names the problems")
        return self._control.edition

    async def _send_load(self, request: web.Request, key: Key) -> web.Response:
        """What follows from it comes with the pool's next step."""
        load, expires = parse_load(await request.read())
        self._control.loads.send(key, load, expires)
        pool = (key.zone, key.pool) if isinstance(key, MemberKey) else key
        matters = self._control.loads.matters(self._edition(), pool)
        return reply({"load": load, "expires": instant(time.time() + expires), "matters": matters})

    async def _order(self, key: MemberKey, said: Override | None) -> web.Response:
        """Does it, and shows what came of it. `member` null: the configuration has no such member."""
        try:
            await self._control.override(key, said)
        except OSError as error:
            raise Refused(503, str(cannot_write(self._control.folder, error))) from None
        edition = self._control.edition
        found = lookup.member_of(edition, key) if edition else None
        view = None
        if edition and found:
            seen = self._control.loads.seen(edition, [(key.zone, key.pool)]).get(key)
            view = member_view(edition, self._control.monitor.histories(), found, seen)
        return reply({"generation": self._control.publisher.generation, "member": view})


def _asked(request: web.Request, key: str, example: str = "explain?name=www.example.com&type=A&from=192.0.2.1") -> str:
    if not (value := request.query.get(key, "")):
        raise Refused(400, f"'{key}' is missing; ask {API}/{example}")
    return value


def _supposition(request: web.Request) -> Supposition:
    """What of the question is only supposed. Raises ValueError with a sentence."""
    loads = parse_loads(filter(None, request.query.get("load", "").split(",")))
    return Supposition(down=_down(request), loads=loads, at=_at(request))


def _at(request: web.Request) -> float | None:
    return parse_moment(request.query["at"]) if "at" in request.query else None


def _down(request: web.Request) -> frozenset[str]:
    return frozenset(filter(None, request.query.get("down", "").split(",")))


def _client(request: web.Request) -> Address | Place:
    """`from` or, in its stead, `place`. Raises ValueError with a sentence."""
    if (place := request.query.get("place")) is None:
        return parse_address(_asked(request, "from"))
    if "from" in request.query:
        raise Refused(400, "'from' is an address and 'place' stands in for one; give one of them")
    return parse_place(place)


def _resolver(request: web.Request) -> Address | None:
    return parse_address(text) if (text := request.query.get("resolver")) else None


def _known(given: Collection[str], known: Collection[str]) -> None:
    for key in given:
        if key not in known:
            raise Refused(400, f"unknown parameter '{key}'{did_you_mean(key, known)}")
