"""Every refusal with its exact words: the good zone with one thing changed, and what is said of it."""

from pathlib import Path

import pytest

from geodns.config.problem import ConfigError
from geodns.config.zones import load
from geodns.control.inputs import VOCABULARY
from tests.config.example import changed, problems

TXT = "{TXT: v=spf1 -all}"
WWW = "www:   {policy: global}"
CODED = ", or expect one of NODATA, NOERROR, NXDOMAIN, REFUSED, YXDOMAIN, or 'records'"

HEAD = [
    (
        "zone: example.com",
        "zne: example.com",
        ["1:1: the key 'zone' is missing", "1:1: unknown key 'zne'; did you mean 'zone'?"],
    ),
    ("zone: example.com", "zone: 10", ["1:7: 'zone' wants a text; put it in quotes; found 10"]),
    ("zone: example.com", "zone: '*.com'", ["1:7: '*.com' is no name of a zone, such as example.com"]),
    (
        "zone: example.com",
        "zone: bücher.de",
        ["1:7: 'bücher.de' has 'ü': write names outside ASCII in their xn-- form"],
    ),
    ("ttl: 5m", "ttl: 5x", ["2:6: '5x' is no duration; write 30s, 5m, 1h30m or a number of seconds"]),
    ("ttl: 5m", "ttl: 3000000000", ["2:6: '3000000000' is no TTL: the largest is 2147483647 seconds"]),
    ("ttl: 5m", "ttl: 500ms", ["2:6: '500ms' is no TTL: a TTL has whole seconds"]),
    ("primary: ns1", "primary: a..b", ["3:16: 'a..b' has an empty label"]),
    ("host.master@example.com", "'@x'", ["3:30: '@x' is no mail address, such as hostmaster@example.com"]),
    ("negative_ttl", "negativ_ttl", ["3:55: unknown key 'negativ_ttl'; did you mean 'negative_ttl'?"]),
]
CHECKS = [
    ("type: http", "type: htp", ["6:15: there is no check type 'htp'; did you mean 'http'?"]),
    ("type: http, ", "", ["6:3: the key 'type' is missing"]),
    ("timeout: 3s", "timeout: 30s", ["6:61: the timeout of 30 s is longer than the interval of 10 s"]),
    ("interval: 10s", "interval: 10ms", ["6:47: 'interval' is 0.01; it has to be 0.1 or more"]),
    ("rise: 2", "rise: 0", ["6:71: 'rise' is 0; it has to be 1 or more"]),
    ("path: /healthz", "pth: /healthz", ["6:21: unknown key 'pth'; did you mean 'path'?"]),
    ("body: ok", "boddy: ok", ["7:37: unknown key 'boddy'; did you mean 'body'?"]),
    ("body: ok", "body: 200", ["7:43: 'body' wants a text; put it in quotes; found 200"]),
    ("checks:\n", "checks:\n  x: {type: tcp, port: 70000}\n", ["6:6: port 70000 is not between 1 and 65535"]),
    ("checks:\n", "checks:\n  x: {type: tcp}\n", ["6:3: the key 'port' is missing"]),
    ("checks:\n", "checks:\n  x: tcp\n", ["6:6: 'x' wants a mapping of keys to values; found 'tcp'"]),
]
POOLS = [
    ("weight: 3", "wieght: 3", ["15:53: unknown key 'wieght'; did you mean 'weight'?"]),
    ("weight: 3", "weight: three", ["15:61: 'weight' wants a whole number, such as 3; found 'three'"]),
    ("weight: 3", "weight: -1", ["15:61: 'weight' is -1; it has to be 0 or more"]),
    ("weight: 3", "ttl: 1.5s", ["15:58: '1.5s' is no TTL: a TTL has whole seconds"]),
    ("weight: 3", "weight: true", ["15:61: 'weight' wants a whole number, such as 3; found true"]),
    ("A: 192.0.2.10,", "A: 192.0.2.300,", ["15:17: '192.0.2.300' is no IPv4 address, such as 192.0.2.1"]),
    ("A: 192.0.2.10,", "A: '2001:db8::1',", ["15:17: '2001:db8::1' is no IPv4 address, such as 192.0.2.1"]),
    ('"2001:db8:1::10"', "192.0.2.1", ["15:35: '192.0.2.1' is no IPv6 address, such as 2001:db8::1"]),
    ("192.0.2.11, 192.0.2.12", "192.0.2.11, 192.0.2.11", ["16:7: member 'fra2' has the address 192.0.2.11 twice"]),
    (
        "check: web\n    location: {lat: 50",
        "check: wob\n    location: {lat: 50",
        ["11:12: there is no check 'wob'; did you mean 'web'?"],
    ),
    (
        "pools:\n  eu",
        "pools:\n  a: {pools: {b: 1}}\n  b: {pools: {a: 1}}\n  eu",
        ["10:3: pool 'a' is in itself: a → b → a"],
    ),
    ("pools:\n  eu", "pools:\n  a: {pools: {ue: 1}}\n  eu", ["10:15: there is no pool 'ue'; known: a, eu, sorry, us"]),
    (
        "pools:\n  eu",
        "pools:\n  a: {pools: {us: 1}, check: web}\n  eu",
        ["10:23: pool 'a' is made of pools, so 'check' has no place here; set it in these"],
    ),
    ("pools:\n  eu", "pools:\n  a: {}\n  eu", ["10:6: pool 'a' has no members"]),
    ("min_healthy: 50%", "load: 8000", ["13:11: 'load' wants a mapping of keys to values; found 8000"]),
    ("min_healthy: 50%", "load: {target: 0}", ["13:20: 'target' is 0; it has to be more than 0"]),
    ("min_healthy: 50%", "load: {targt: 8}", ["13:12: unknown key 'targt'; did you mean 'target'?"]),
    (
        "min_healthy: 50%",
        "load: {target: 10, max: 8}",
        [
            "10:3: warning: pool 'eu' has a target of load, but check 'web' reports none: "
            "unless loads are sent over the API, it does nothing",
            "13:29: max is 8 and target 10; max has to be more, for loads go up and down",
        ],
    ),
    (
        "min_healthy: 50%",
        "load: {max: 8}",
        ["13:17: 'max' is set and 'target' is not; say what load to aim at, somewhat below max"],
    ),
    ("min_healthy: 50%", "load: {slew: 0%}", ["13:18: a slew of 0 % makes no steps; write 1% to 100%"]),
    ("min_healthy: 50%", "load: {slew: fast}", ["13:18: 'fast' is no percentage from 0 to 999; write 10%"]),
    ("min_healthy: 50%", "load: {every: 10ms}", ["13:19: 'every' is '10ms'; it has to be 1 or more"]),
    (
        "weight: 3",
        "load: {max: 8}",
        ["15:53: the key 'target' is missing"],
    ),
    (
        "pools:\n  eu",
        "pools:\n  a: {pools: {us: 1}, load: {target: 9}}\n  eu",
        ["10:23: pool 'a' is made of pools, so 'load' has no place here; set it in these"],
    ),
    ("lat: 39.04", "lat: 139.04", ["19:21: 'lat' is 139.04; it has to be 90 or less"]),
    (
        "min_healthy: 50%",
        "min_healthy: 0",
        ["13:18: '0' is no number of members; write a count of at least 1, or a share such as \"50%\""],
    ),
    ("weight: 3", "group: 1", ["15:60: 'group' wants a text; put it in quotes; found 1"]),
    ("state: drain", "state: drained", ["22:39: 'state' is 'drained'; it has to be up, down or drain"]),
    (
        '{A: 203.0.113.1, AAAA: "2001:db8:3::1"}',
        "{}",
        ["23:21: member 'static1' has no address; give it A, AAAA or both, or a CNAME or ALIAS instead"],
    ),
    ('{static1: {A: 203.0.113.1, AAAA: "2001:db8:3::1"}}', "{}", ["23:20: pool 'sorry' has no members"]),
    ("fra1:", "fra/1:", ["15:7: 'fra/1' is no name: use up to 63 letters, digits, '-', '_' and '.'"]),
    (
        "  sorry: {",
        "  a b: {members: {x: {A: 192.0.2.1}}}\n  sorry: {",
        ["23:3: 'a b' is no name: use up to 63 letters, digits, '-', '_' and '.'"],
    ),
    ("min_healthy: 50%", "select: wieghted", ["13:13: there is no selection 'wieghted'; did you mean 'weighted'?"]),
]
POLICIES = [
    (
        "      - {pools: {nearest: [eu, us]}}\n",
        "",
        ["27:5: policy 'global' has no rule for everybody; end it with one without conditions, {pools: [...]}"],
    ),
    (
        "{country: [KP], pools: []}",
        "{pools: []}",
        ["32:9: this rule is never reached: the one in line 31 fits everybody"],
    ),
    ("select: weighted", "select: wieghted", ["33:13: there is no selection 'wieghted'; did you mean 'weighted'?"]),
    ("select: weighted", "sticky: {ipv4: 33}", ["33:20: 'ipv4' is 33; it has to be 32 or less"]),
    ("select: weighted", "sticky: {ipv6: 0}", ["33:20: 'ipv6' is 0; it has to be 1 or more"]),
    ("select: weighted", "sticky: {ipv5: 1}", ["33:14: unknown key 'ipv5'; did you mean 'ipv6'?"]),
    *(
        ("fallback: sorry", f"locate: {written}", [f"36:13: {said}; write [ecs, resolver], [resolver] or [ecs]"])
        for written, said in (
            ("geoip", "'geoip' does not say whose address decides"),
            ("[ecs, client]", "'client' does not say whose address decides"),
            ("[ecs, ecs]", "this list does not say whose address decides"),
            ("[]", "this list does not say whose address decides"),
        )
    ),
    (
        "fallback: sorry",
        "locate: [resolver, ecs]",
        [
            "36:13: the resolver's address is always there, so 'ecs' after it is never looked at;"
            " write [ecs, resolver], [resolver] or [ecs]"
        ],
    ),
    ("fallback: sorry", "fallback: sory", ["36:15: there is no pool 'sory'; did you mean 'sorry'?"]),
    (
        "pools: [eu, us]}\n      - {country: [KP]",
        "pools: [eu, sue]}\n      - {country: [KP]",
        ["30:43: there is no pool 'sue'; known: eu, sorry, us"],
    ),
    (
        "pools: [eu, us]}\n      - {country: [KP]",
        "pools: [eu, eu]}\n      - {country: [KP]",
        ["30:43: pool 'eu' is named twice"],
    ),
    ("answers: 1", "answers: 65", ["34:14: 'answers' is 65; it has to be 64 or less"]),
    ("[DE, AT, NO]", "[de, AT]", ["29:20: 'de' is no country code: two capital letters, such as DE"]),
    ("[DE, AT, NO]", "DEU", ["29:19: 'DEU' is no country code: two capital letters, such as DE"]),
    (
        "country: [DE, AT, NO]",
        "subdivision: CA",
        ["29:23: 'CA' is no subdivision code: country, hyphen, code, such as US-CA"],
    ),
    (
        "continent: [EU, AF]",
        "continent: EUR",
        ["30:21: 'EUR' is no continent; write one of AF, AN, AS, EU, NA, OC, SA"],
    ),
    (
        "continent: [EU, AF]",
        "continent: []",
        ["30:21: the list is empty, so nobody fits; name at least one, or leave the key out"],
    ),
    (
        "203.0.113.0/24, office",
        "203.0.113.7/24, office",
        ["28:20: '203.0.113.7/24' has bits set past its prefix length; did you mean 203.0.113.0/24?"],
    ),
    (
        "203.0.113.0/24, office",
        "203.0.113.0/33",
        ["28:20: '203.0.113.0/33' is no network, such as 192.0.2.0/24 or 2001:db8::/32"],
    ),
    ("203.0.113.0/24, office", "ofice", ["28:20: there is no network 'ofice'; did you mean 'office'?"]),
    (
        "nearest: [eu, us]",
        "nearest: [eu, sorry]",
        ["32:32: pool 'sorry' has no location, which nearest needs; add location: {lat: 50.1, lon: 8.7} to it"],
    ),
    (
        "nearest: [eu, us]",
        "neerest: [eu]",
        ["32:10: the key 'nearest' is missing", "32:18: unknown key 'neerest'; did you mean 'nearest'?"],
    ),
    ("nearest: [eu, us]", "nearest: []", ["32:27: 'nearest' is empty; name at least one"]),
    ("nearest: [eu, us]", "weighted: {eu: 1, su: 1}", ["32:36: there is no pool 'su'; known: eu, sorry, us"]),
    ("nearest: [eu, us]", "weighted: {eu: -1}", ["32:33: 'eu' is -1; it has to be 0 or more"]),
    ("nearest: [eu, us]", "weighted: {}", ["32:28: 'weighted' is empty; name at least one"]),
    (
        "pools: [eu, us]}",
        "pools: [{weigted: {eu: 1}}, us]}",
        ["30:39: the key 'weighted' is missing", "30:40: unknown key 'weigted'; did you mean 'weighted'?"],
    ),
    (
        "nearest: [eu, us]",
        "nearest: [eu, us], bias: {sorry: 3}",
        ["32:44: pool 'sorry' is not among those of nearest, so it can have no bias; name it there"],
    ),
    ("nearest: [eu, us]", "nearest: [eu, us], bias: {us: 100}", ["32:48: 'us' is 100; it has to be 99 or less"]),
    (
        "nearest: [eu, us]",
        "nearest: [eu, us], ties: near",
        ["32:43: 'near' is no percentage from 0 to 999; write 10%"],
    ),
    ("fence: true", "fence: yes", ["29:53: 'fence' wants true or false; found 'yes'"]),
    ("    select: weighted", "    pools: [eu]", ["26:3: policy 'global' needs either 'rules' or 'pools'"]),
]
DELEGATED = [
    (
        "policies:\n",
        "policies:\n  a: {pools: {policy: b}}\n  b: {pools: [eu, {policy: a}]}\n",
        ["26:3: policy 'a' is in itself: a → b → a"],
    ),
    ("{nearest: [eu, us]}", "{policy: globl}", ["32:26: there is no policy 'globl'; did you mean 'global'?"]),
    ("{nearest: [eu, us]}", "[eu, {policy: 7}]", ["32:31: 'policy' wants a text; put it in quotes; found 7"]),
    (
        "policies:\n",
        "policies:\n  a: {pools: {weighted: {eu: 5, x: {policy: no}}}}\n",
        ["26:45: there is no policy 'no'; known: a, global"],
    ),
    (
        "policies:\n",
        "policies:\n  a: {pools: {weighted: {eu: {start: 2026-12-01, over: 1h}, x: {policy: global, weight: 5}}}}\n",
        [
            "26:30: a ramp has no place beside a policy; make a pool of the pools that share, and give that a weight",
        ],
    ),
    (
        "pools:\n  eu",
        "pools:\n  a: {pools: {eu: 1, x: {policy: global}}}\n  eu",
        ["10:25: a policy goes by the client's place, which a pool does not know; use weighted in a rule"],
    ),
    (
        "policies:\n",
        "policies:\n  a: {pools: [{policy: global}, eu, {policy: global}]}\n",
        ["26:37: this policy is named twice"],
    ),
]
RECORDS = [
    (
        "shop:  {CNAME: www}",
        "shop:  {CNAME: www, A: 192.0.2.1}",
        ["46:3: 'shop' has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)"],
    ),
    (
        "shop:  {CNAME: www}",
        "shop:  {CNAME: www, policy: global}",
        ["46:3: 'shop' has a CNAME and other data; a CNAME stands alone (RFC 1034 §3.6.2)"],
    ),
    ("shop:  {CNAME: www}", "shop:  {CNAME: [www, api]}", ["46:18: a name can have one CNAME only"]),
    (
        "NS: [ns1, ns2], MX",
        "CNAME: ns1, MX",
        [
            "39:3: example.com. has no name servers; give '@' its NS, such as NS: [ns1, ns2]",
            "39:3: the zone's own name cannot be a CNAME: it has SOA and NS (RFC 1034 §3.6.2)",
        ],
    ),
    ("old:   {A", "WWW:   {A", ["48:3: the name 'WWW' stands here a second time; the first is in line 43"]),
    ("old:   {A", "foo.example.org.: {A", ["48:3: 'foo.example.org.' lies outside of the zone example.com."]),
    ("old:   {A", "a b: {A", ["48:3: 'a b' has white space in it; write \\032 if that is meant"]),
    (TXT, "{SOA: x}", ["49:11: the SOA is made of the zone's 'soa' key; write it there"]),
    (TXT, "{AXFR: x}", ["49:11: AXFR is for questions and transactions, not for data of a zone"]),
    (TXT, "{txt: x}", ["49:11: unknown record type or key 'txt'; did you mean 'TXT'?"]),
    (TXT, "{polcy: global}", ["49:11: unknown record type or key 'polcy'; did you mean 'policy'?"]),
    (TXT, "{MX: mail}", ["49:15: 'mail' is no MX data: expecting an integer; such as 10 mail"]),
    (TXT, "{MX: }", ["49:15: the MX record has no data; such as 10 mail"]),
    (TXT, "{MX: []}", ["49:15: the MX record has no data"]),
    (TXT, "{MX: [[10 mail]]}", ["49:16: a list of MX data holds texts only"]),
    (
        TXT,
        '{MX: "10 mail\\n20 mail"}',
        ["49:15: the MX data has several lines; write one record in one line, several as a list"],
    ),
    (TXT, "{A: [192.0.2.1, 192.0.2.1]}", ["49:26: the A record '192.0.2.1' is listed twice"]),
    (TXT, "{A: 192.0.2.1, TYPE1: 192.0.2.2}", ["49:25: 'txt' has A under two spellings; use one"]),
    (TXT, "{TXT: {tl: 3, data: x}}", ["49:17: unknown key 'tl'; did you mean 'ttl'?"]),
    (TXT, "{TXT: {ttl: 3}}", ["49:16: the key 'data' is missing"]),
    (TXT, "{ttl: x, A: 192.0.2.1}", ["49:16: 'x' is no duration; write 30s, 5m, 1h30m or a number of seconds"]),
    (TXT, "{ttl: 30}", ["49:3: 'txt' has no records"]),
    (TXT, "3", ["49:10: 'txt' wants a mapping of types to data, such as {A: 192.0.2.1}"]),
    (WWW, "www:   {policy: globl}", ["43:19: there is no policy 'globl'; did you mean 'global'?"]),
    (WWW, "www:   {pool: europe}", ["43:17: there is no pool 'europe'; known: eu, sorry, us"]),
    (
        WWW,
        "www:   {pool: eu, select: any}",
        ["43:29: there is no selection 'any'; known: all, least_load, random, round_robin, sticky, weighted"],
    ),
    (
        WWW,
        "www:   {policy: global, A: 192.0.2.1}",
        ["43:3: 'www' has addresses and a policy or pool; its addresses come from pools"],
    ),
    (
        WWW,
        "www:   {policy: global, NS: ns1}",
        ["43:3: 'www' is delegated by its NS, so a policy or pool would never answer for it"],
    ),
    (
        WWW,
        "www:   {policy: global, pool: eu}",
        ["43:27: 'www' has a policy, so 'pool' has no place here; set it in the policy"],
    ),
    (TXT, "{A: 192.0.2.1, answers: 2}", ["49:25: 'answers' is for names with a pool, and 'txt' has none"]),
    (
        "  www:   {policy: global}\n",
        "",
        [
            "52:12: no policy answers for 'www', so no pool can be expected; give it a policy or a pool" + CODED,
            "53:12: no policy answers for 'www', so no pool can be expected; give it a policy or a pool" + CODED,
        ],
    ),
]
TESTS = [
    ("expect: us}", "expect: uss}", ["53:44: there is no pool 'uss'; did you mean 'us'?"]),
    ("expect: us}", "expect: []}", ["53:44: 'expect' is empty; name at least one"]),
    ("us/iad1", "us/iad9", ["54:42: pool 'us' has no member 'iad9'; did you mean 'iad2'?"]),
    (
        "from: 203.0.113.7",
        "from: 203.0.113.7, place: EU",
        ["53:5: a test needs either 'from', an address, or 'place', such as EU/FR"],
    ),
    ("from: 203.0.113.7", "from: here", ["53:23: 'here' is no address; write 192.0.2.1 or 2001:db8::1"]),
    ("place: EU/FR", "place: EU/fr", ["54:24: 'fr' is no country code: two capital letters, such as DE"]),
    ("place: EU/FR", "place: EU/US/CA-ON", ["54:24: the subdivision CA-ON is not in US"]),
    ("place: EU/FR", "place: EU/US/US-CA/x", ["54:24: 'EU/US/US-CA/x' is no place; write EU, EU/FR or NA/US/US-CA"]),
    (
        "name: www, from",
        "name: old, from",
        ["53:12: no policy answers for 'old', so no pool can be expected; give it a policy or a pool" + CODED],
    ),
    (
        "name: www, from: 203.0.113.7, expect: us",
        "name: www, expect: NODATA",
        ["53:5: a test needs either 'from', an address, or 'place', such as EU/FR"],
    ),
    (
        "from: 203.0.113.7, expect: us",
        "from: 203.0.113.7, expect: NXDOMIAN",
        ["53:44: there is no pool 'NXDOMIAN'; did you mean 'NXDOMAIN'?"],
    ),
    ("expect: us}", "expect: {us: 110%}}", ["53:49: '110%' is no share of the answers; write 95% or 90-100%"]),
    ("expect: us}", "expect: {us: 90}}", ["53:49: '90' is no share of the answers; write 95% or 90-100%"]),
    ("expect: us}", "expect: {us: 60-50%}}", ["53:49: '60-50%' is no share of the answers; write 95% or 90-100%"]),
    ("expect: us}", "expect: {uss: 90%}}", ["53:45: there is no pool 'uss'; did you mean 'us'?"]),
    ("expect: us}", "expect: {}}", ["53:44: 'expect' is empty; name at least one"]),
    ("expect: us}", "expect: us, type: MXX}", ["53:54: unknown record type 'MXX'; did you mean 'MX'?"]),
    ("expect: us}", "expect: us, type: mx}", ["53:54: unknown record type 'mx'; did you mean 'MX'?"]),
    (
        "expect: us}",
        "expect: us, type: ANY}",
        ["53:54: there are no records of the type ANY; ask for one that a zone can have, such as MX"],
    ),
    (
        ", expect: us}",
        "}",
        ["53:5: a test needs 'expect', a pool or a code such as NODATA, or 'records', or both"],
    ),
    (
        "expect: us}",
        "type: MX, records: [10 mail, mail]}",
        ["53:65: 'mail' is no MX data: expecting an integer; such as 10 mail"],
    ),
    ("expect: us}", "type: MX, records: []}", ["53:55: 'records' is empty; name at least one"]),
    ("expect: us}", "type: MX, records: {}}", ["53:55: 'records' wants a list, such as [a, b]; found a mapping"]),
    (
        "expect: us}",
        "type: SOA, records: ns1 hostmaster 1 2 3 4 5}",
        ["53:56: the SOA is made of the zone's 'soa' key, and its serial counted; expect NOERROR"],
    ),
    (
        "from: 203.0.113.7, expect: us",
        "type: HTTPS, expect: us",
        ["53:5: a test needs either 'from', an address, or 'place', such as EU/FR"],
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), HEAD + CHECKS + POOLS + POLICIES + DELEGATED + RECORDS + TESTS)
def test_a_mistake_is_told_with_its_place_and_the_way_out(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    assert problems(changed(old, new), tmp_path) == said


WARNINGS = [
    (
        "  mail:  {A: 192.0.2.25}\n",
        "",
        ["39:3: warning: the MX of example.com. leads to mail.example.com., which has no address records"],
    ),
    (
        "  mail:  {A: 192.0.2.25}\n",
        "  mail:  {CNAME: ns1}\n",
        [
            "39:3: warning: the MX of example.com. leads to"
            " mail.example.com., which is an alias; name the host itself (RFC 2181 §10.3)"
        ],
    ),
    (
        "mail:  {A: 192.0.2.25}",
        "sub: {NS: ns.sub}\n  mail: {A: 192.0.2.25}",
        ["42:3: warning: the NS of sub.example.com. leads to ns.sub.example.com., which has no address records"],
    ),
    (
        "NS: [ns1, ns2]",
        "NS: ns1",
        ["39:3: warning: example.com. has one name server; two or more survive the loss of one (RFC 1034 §4.1)"],
    ),
    (
        ', AAAA: "2001:db8:3::1"',
        "",
        [
            "26:3: warning: policy 'global': pool 'us' has A and AAAA, but 'sorry' A; a"
            " resolver that remembers 'no such address' from one tells it to clients of the other"
        ],
    ),
    ("checks:\n", "checks:\n  x: {type: tcp, port: 1}\n", ["6:3: warning: no pool uses the check 'x'"]),
    ("    fallback: sorry\n", "", ["23:3: warning: no policy or record uses the pool 'sorry'"]),
    ("policies:\n", "policies:\n  x: {pools: eu}\n", ["26:3: warning: no record uses the policy 'x'"]),
    (
        "country: [KP]",
        "country: [NO, DE]",
        ["31:9: warning: this rule is never reached: the one in line 29 fits all of its clients"],
    ),
    (
        "country: [KP]",
        "network: 203.0.113.64/26, continent: EU",
        ["31:9: warning: this rule is never reached: the one in line 28 fits all of its clients"],
    ),
    (
        "    answers: 1\n",
        "    sticky: {ipv4: 20}\n",
        ["26:3: warning: policy 'global' has prefixes for sticky, but chooses by weighted; say select: sticky"],
    ),
    (
        "    select: weighted\n",
        "    select: least_load\n",
        [
            f"{place}: warning: pool '{pool}' is to share by load, but {why}: "
            "unless loads are sent over the API, least_load is weighted"
            for place, pool, why in (
                ("10:3", "eu", "check 'web' reports none"),
                ("17:3", "us", "check 'web' reports none"),
                ("23:3", "sorry", "it has no check"),
            )
        ],
    ),
    (
        "min_healthy: 50%",
        "load: {target: 8000}",
        [
            "10:3: warning: pool 'eu' has a target of load, but check 'web' reports none: "
            "unless loads are sent over the API, it does nothing"
        ],
    ),
    (
        "sorry: {members: {static1: {",
        "sorry: {members: {static1: {load: {target: 8}, ",
        [
            "23:3: warning: pool 'sorry' has a target of load, but it has no check: "
            "unless loads are sent over the API, it does nothing"
        ],
    ),
    (
        "weight: 3",
        "weight: 3, group: rack1",
        [
            "15:7: warning: the groups of pool 'eu' have no effect: no policy or record takes several addresses of it"
            " without taking all; say answers: 2 there"
        ],
    ),
    ("min_healthy: 50%", "min_healthy: 3", ["13:18: warning: pool 'eu' has 2 members, so 3 can never be up"]),
]


GROUPED = changed("weight: 3", "weight: 3, group: rack1")
NO_EFFECT = [
    "15:7: warning: the groups of pool 'eu' have no effect: no policy or record takes several addresses of it"
    " without taking all; say answers: 2 there"
]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("answers: 1", "answers: 2", []),
        ("select: weighted\n    answers: 1", "select: all\n    answers: 2", NO_EFFECT),
        ("api:   {pool: eu,", "api:   {pool: eu, answers: 2,", []),
        ("api:   {pool: eu, select: round_robin}", "api:   {pool: eu, select: all, answers: 2}", NO_EFFECT),
        ("api:   {pool: eu, select: round_robin}", "api:   {pool: both, answers: 2}", []),
    ],
)
def test_groups_have_an_effect_where_some_of_several_addresses_are_answered(
    old: str, new: str, said: list[str], tmp_path: Path
) -> None:
    text = (
        GROUPED.replace("pools:\n  eu", "pools:\n  both: {pools: {eu: 1, us: 1}}\n  eu", 1)
        if "both" in new
        else GROUPED
    )
    assert old in text
    assert problems(text.replace(old, new, 1), tmp_path) == said


@pytest.mark.parametrize(("old", "new", "said"), WARNINGS)
def test_what_was_hardly_meant_is_a_warning(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    assert problems(changed(old, new), tmp_path) == said


def test_records_that_fit_no_message_are_refused(tmp_path: Path) -> None:
    addresses = ", ".join(f"10.1.{number // 256}.{number % 256}" for number in range(5000))
    said = problems(changed(WWW, f"{WWW}\n  many:  {{A: [{addresses}]}}"), tmp_path)
    assert [message.partition(": ")[2] for message in said] == [
        "the A records of many.example.com. take 80000 octets; at most 64000 fit a DNS message: give it fewer"
    ]


def test_signatures_that_fit_no_message_together_are_refused(tmp_path: Path) -> None:
    types = "".join(
        f"@ 300 IN RRSIG TYPE{65280 + n} 13 2 300 20261226070455 20261126070455 1 @ {'A' * 400}\n" for n in range(200)
    )
    path = tmp_path / "example.com.zone"
    path.write_text(f"@ 300 IN SOA ns1 host 1 2 3 4 5\n@ 300 IN NS ns1\nns1 300 IN A 192.0.2.1\n{types}")
    with pytest.raises(ConfigError, match=r"the RRSIG records of example.com. take [0-9]+ octets"):
        load([path], VOCABULARY)


def test_delegations_that_fit_no_message_with_their_glue_are_refused(tmp_path: Path) -> None:
    names = [f"s{number}.lab" for number in range(1000)]
    glue = "".join(f"\n  {name}: {{A: 192.0.2.1, AAAA: '2001:db8::1'}}" for name in names)
    said = problems(changed(WWW, f"{WWW}\n  lab: {{NS: [{', '.join(names)}]}}{glue}"), tmp_path)
    assert [message.partition(": ")[2] for message in said] == [
        "the delegation of lab.example.com. takes 132670 octets with its glue; at most 64000 fit a DNS message: give it"
        " fewer servers"
    ]


def test_wildcards_are_no_delegations(tmp_path: Path) -> None:
    said = problems(changed(WWW, f"{WWW}\n  '*.lab': {{NS: ns.example.net.}}"), tmp_path)
    assert [message.partition(": ")[2] for message in said] == [
        "'*.lab' is a wildcard with NS, of which nobody knows what it delegates (RFC 4592 §4.2); delegate names one by"
        " one"
    ]


def test_an_unknown_key_does_not_hide_what_else_is_wrong_with_its_entry(tmp_path: Path) -> None:
    said = problems(changed("country: [KP], pools: []", "country: [KP], pools: [euu], fnce: true"), tmp_path)
    assert [message.partition(": ")[2] for message in said] == [
        "there is no pool 'euu'; did you mean 'eu'?",
        "unknown key 'fnce'; did you mean 'fence'?",
    ]
