"""The test vectors of RFC 9460, appendix D: what is written of example.com., and what it is in wire form."""

FOO_COM = "03666f6f076578616d706c6503636f6d00"
FOO_ORG = "03666f6f076578616d706c65036f726700"
ESCAPED = f"0010{FOO_ORG}0001000c08665c6f6f2c626172026832"

# (what it shows, type, text, octets)
VECTORS = [
    ("figure 2: AliasMode", "HTTPS", "0 foo.example.com.", f"0000{FOO_COM}"),
    ("figure 3: the owner", "SVCB", "1 .", "000100"),
    ("figure 4: a port", "SVCB", "16 foo.example.com. port=53", f"0010{FOO_COM}000300020035"),
    ("figure 5: a key by its number", "SVCB", "1 foo.example.com. key667=hello", f"0001{FOO_COM}029b000568656c6c6f"),
    (
        "figure 6: its value in quotes, with an escape",
        "SVCB",
        '1 foo.example.com. key667="hello\\210qoo"',
        f"0001{FOO_COM}029b000968656c6c6fd2716f6f",
    ),
    (
        "figure 7: two hints in quotes",
        "SVCB",
        '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
        f"0001{FOO_COM}0006002020010db800000000000000000000000120010db8000000000000000000530001",
    ),
    (
        "figure 8: a hint with an IPv4 address inside",
        "SVCB",
        '1 example.com. ipv6hint="2001:db8:122:344::192.0.2.33"',
        "0001076578616d706c6503636f6d000006001020010db80122034400000000c0000221",
    ),
    (
        "figure 9: keys in any order, which are sorted",
        "SVCB",
        "16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
        f"0010{FOO_ORG}0000000400010004000100090268320568332d313900040004c0000201",
    ),
    ("figure 10: escapes in quotes", "SVCB", r'16 foo.example.org. alpn="f\\\\oo\\,bar,h2"', ESCAPED),
    ("figure 10: escapes without", "SVCB", r"16 foo.example.org. alpn=f\\\092oo\092,bar,h2", ESCAPED),
]

# (text that is no data, what is said of it)
FAILURES = [
    ("1 foo.example.com. key123=abc key123=def", 'duplicate key "123"'),  # figure 11
    ("1 foo.example.com. mandatory", "mandatory: value cannot be empty"),  # figure 12
    ("1 foo.example.com. alpn", "alpn: value cannot be empty"),
    ("1 foo.example.com. port", "port: value cannot be empty"),
    ("1 foo.example.com. ipv4hint", "ipv4hint: value cannot be empty"),
    ("1 foo.example.com. ipv6hint", "ipv6hint: value cannot be empty"),
    ("1 foo.example.com. no-default-alpn=abc", "no-default-alpn with non-empty value"),  # figure 13
    ("1 foo.example.com. mandatory=key123", "key 123 declared mandatory but not present"),  # figure 14
    ("1 foo.example.com. mandatory=mandatory", "listed the mandatory key as mandatory"),  # figure 15
    ("1 foo.example.com. mandatory=key123,key123 key123=abc", "mandatory: duplicate key 123"),  # figure 16
]
