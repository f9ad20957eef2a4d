"""From an exchange on the wire to a sealed segment in the spool. Knows nothing of SQL, object stores or reports."""
