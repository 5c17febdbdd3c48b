"""What primaries say of a zone → when to ask again, and until when the copy is good. Pure: time is an argument.

Confirmed or Failed ─ course.heard ─▶ course ─ is_served, expires ─▶ the zone, or SERVFAIL
"""
