"""What can go wrong in the archive, as a tree.

    ArchiveError
    ├── ConfigError            a setting or an argument is wrong: nothing was done (exit status 2)
    ├── SpoolError             the spool cannot take what was fetched: disk full, read-only, I/O error
    ├── SegmentDamaged         bytes of a segment are not what a WARC/1.1 record must be
    ├── NotArchived            what was asked for is not in the archive
    ├── CatalogError           the catalog database refused or could not be reached
    ├── LeaseLost              another process may be at it: what this one still does is refused
    ├── ServerEnded            what should listen does not, or no longer
    └── StoreError             the object store
        ├── StoreUnreachable   transient: the same call may succeed later
        └── StoreRefused       permanent: credentials, bucket, or request are wrong
            ├── ObjectMissing  no object under this key
            └── ObjectDiffers  other bytes stand under this key already; they are never overwritten

Foreign exceptions are translated once, at the adapter, `from exc`. Whether trying again can help is a type, never a
word in a message.
"""


class ArchiveError(Exception):
    """Root of all that the archive raises on purpose. The message is meant for an operator: one line."""


class ConfigError(ArchiveError):
    pass


class SpoolError(ArchiveError):
    pass


class SegmentDamaged(ArchiveError):
    """`offset` is where the first bad record begins: all before it is sound."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class NotArchived(ArchiveError):
    pass


class CatalogError(ArchiveError):
    pass


class LeaseLost(ArchiveError):
    pass


class ServerEnded(ArchiveError):
    pass


class StoreError(ArchiveError):
    pass


class StoreUnreachable(StoreError):
    pass


class StoreRefused(StoreError):
    pass


class ObjectMissing(StoreRefused):
    pass


class ObjectDiffers(StoreRefused):
    pass
