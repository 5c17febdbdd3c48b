"""Knot Resolver, version 5. It knows no client subnet: its clients are where it is itself.

A server on a port of its own can only be asked by policy.STUB, which passes answers on as they are.
"""

from tests.resolvers.questions import MANY
from tests.resolvers.resolver import Kind, Setting
from tests.scenarios.server import LOCAL

_CONFIG = """\
net.listen('{host}', {setting.port}, {{ kind = 'dns' }})
-- What would ask the Internet by itself.
for _, name in ipairs({{'ta_update', 'ta_signal_query', 'priming', 'detect_time_skew', 'detect_time_jump'}}) do
    modules.unload(name)
end
trust_anchors.remove('.')
cache.open(10 * MB, 'lmdb://{setting.folder}/cache')
policy.add(policy.suffix(policy.STUB({{'{host}@{setting.upstream}'}}), policy.todnames({{'example.com'}})))
"""


def _configure(setting: Setting) -> list[str]:
    config = setting.folder / "kresd.conf"
    config.write_text(_CONFIG.format(host=LOCAL, setting=setting))
    return ["-n", "-c", str(config), str(setting.folder)]


KRESD = Kind(
    name="knot-resolver",
    program="kresd",
    package="knot-resolver",
    configure=_configure,
    keeps_negatives=True,
    at_once=MANY,
    follows=False,
)
