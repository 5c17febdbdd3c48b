from fuzz.combinations import everything, judge


def test_every_opcode_flag_type_and_class_gets_a_sane_reply_or_none() -> None:
    """All 65,536 headers, and of the types and classes one of 97 beside all that mean something.

    `python -m fuzz.combinations` leaves none out.
    """
    outcomes = judge(everything(97))
    assert outcomes["none"] == 32768  # the headers that say they are a response
    assert min(outcomes[f"rcode {code}"] for code in (0, 1, 3, 4, 5)) > 500
