"""Is this member up? One file per probe type; they report facts and judge nothing."""
