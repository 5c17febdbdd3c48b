"""What came by each transport, and the certificate → metric families. Pure. docs/admin.md lists them."""

from collections.abc import Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from geodns.control.certificates import Certificate
from geodns.control.totals import Totals
from geodns.serve.counts import Event

UDP = "udp"

CLOSED = {  # why we close a connection
    Event.CONNECTION_SHED: "shed",
    Event.CLIENT_SHED: "client_shed",
    Event.CONNECTION_IDLE: "idle",
    Event.CONNECTION_MALFORMED: "malformed",
    Event.HANDSHAKE_FAILED: "handshake",
    Event.PATIENCE_LOST: "abuse",
    Event.PROXY_REFUSED: "proxy",
}


def of_totals(totals: Totals) -> Iterator[Metric]:
    by = totals.transports
    queries = CounterMetricFamily("geodns_transport_queries", "Messages by how they came.", labels=("transport",))
    for how, events in by.items():
        queries.add_metric((how,), events[Event.DATAGRAM if how == UDP else Event.MESSAGE])
    yield queries
    streams = {how: events for how, events in by.items() if how != UDP}
    connections = CounterMetricFamily("geodns_connections", "Connections that were opened.", labels=("transport",))
    now = GaugeMetricFamily("geodns_connections_open", "Connections that are open.", labels=("transport",))
    closed = CounterMetricFamily(
        "geodns_connections_closed", "Connections that geodns closed, and why.", labels=("transport", "reason")
    )
    for how, events in streams.items():
        connections.add_metric((how,), events[Event.CONNECTED])
        now.add_metric((how,), max(0, events[Event.CONNECTED] - events[Event.DISCONNECTED]))
        for event, reason in CLOSED.items():
            closed.add_metric((how, reason), events[event])
    yield from (connections, now, closed)
    yield from _encrypted(totals)


def _encrypted(totals: Totals) -> Iterator[Metric]:
    secured = CounterMetricFamily(
        "geodns_handshakes",
        "TLS handshakes that succeeded; resumed: by an earlier session.",
        labels=("transport", "kind"),
    )
    for how in ("tls", "https"):
        if how in totals.transports:
            events = totals.transports[how]
            secured.add_metric((how, "full"), events[Event.SECURED] - events[Event.RESUMED])
            secured.add_metric((how, "resumed"), events[Event.RESUMED])
    yield secured
    https = totals.transports.get("https")
    refused = https[Event.REQUEST_REFUSED] if https else 0
    resets = https[Event.STREAM_RESET] if https else 0
    yield CounterMetricFamily("geodns_https_refused", "HTTP requests without a DNS query in them.", value=refused)
    yield CounterMetricFamily("geodns_https_resets", "HTTP/2 streams that clients have reset.", value=resets)


def of_certificates(shown: Sequence[Certificate], now: float) -> Iterator[Metric]:
    """None where nothing is encrypted."""
    if not shown:
        return
    expires = min(each.expires for each in shown) - now
    yield GaugeMetricFamily("geodns_certificate_expires_seconds", "Until the certificate expires.", value=expires)
    good = not any(each.is_broken for each in shown)
    yield GaugeMetricFamily("geodns_certificate_ok", "1 where its files are as good as what is shown.", value=good)
