"""How a query ends: the response codes of RFC 1035 §4.1.1 RFC 6891 §9 and RFC 7873 §8."""

NOERROR = 0
FORMERR = 1
SERVFAIL = 2
NXDOMAIN = 3
NOTIMP = 4
REFUSED = 5
YXDOMAIN = 6  # a DNAME makes the name too long: RFC 6672 §2.2
BADVERS = 16
BADCOOKIE = 23
