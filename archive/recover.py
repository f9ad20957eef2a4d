"""Recover: finishes what a crash left in the spool, from wherever it stands (I4).

    NAME.warc.gz.open of a dead writer -> cut to its last whole capture, closed with a run note `lost`, sealed
    NAME.warc.gz of a dead writer      -> deposited
    leftovers of a finished deposit    -> removed

A living writer's files are its own. Also here: `rebuild`, which makes the derived rows anew from the stored segments.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import SEEK_END, FileIO
from pathlib import Path

from sqlalchemy import delete

from archive.capture import compose
from archive.capture.manifest import Manifest, decode_manifest
from archive.capture.records import read_records, write_record
from archive.capture.segment import OPEN, SEALED, lock_writer, seal_file, sound_length, spool_errors, writer_of
from archive.capture.writer import new_record_id, utc_now
from archive.deposit import CDXJ, MANIFEST, deposit
from archive.index.schema import DERIVED
from archive.ingest import ingest
from archive.runs import RUN, lose_runs
from archive.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """`runs` are those that a crash ended; `alive` counts the writers whose files were left to them."""

    segments: int
    runs: tuple[str, ...]
    alive: int


def recover(stores: Stores, *, now: Callable[[], datetime] = utc_now) -> Recovered:
    """Raises what `deposit` raises; everything not yet deposited is then still in the spool."""
    runs = lose_runs(stores.catalog, stores.spool)
    segments, alive = 0, 0
    for writer, names in _by_writer(stores.spool).items():
        lock = lock_writer(stores.spool, writer)
        if lock is None:
            alive += 1
            continue
        with closing(lock):
            for name in names:
                _seal_torn(stores.spool / f"{name}{OPEN}", now())
            segments += sum(_finish(stores, name) for name in names)
            Path(str(lock.name)).unlink(missing_ok=True)
    return Recovered(segments=segments, runs=runs, alive=alive)


def waiting(spool: Path) -> int:
    """How many segments are in the spool, open or sealed."""
    return sum(map(len, _by_writer(spool).values()))


def _by_writer(spool: Path) -> dict[str, list[str]]:
    names = sorted({path.name.split(".warc.gz")[0] for path in spool.glob(f"NIANBAO-*{SEALED}*")} | _left_over(spool))
    locks = sorted(path.stem for path in spool.glob("*.lock") if not RUN.fullmatch(path.stem))
    writers: dict[str, list[str]] = {writer: [] for writer in locks}  # some died before their first segment
    for name in names:
        writers.setdefault(writer_of(name), []).append(name)
    return writers


def _left_over(spool: Path) -> set[str]:
    return {path.name.removesuffix(suffix) for suffix in (CDXJ, MANIFEST) for path in spool.glob(f"NIANBAO-*{suffix}")}


def _seal_torn(torn: Path, now: datetime) -> None:
    """Seals a dead writer's open segment, where there is one."""
    if not torn.exists():
        return
    with spool_errors(torn), closing(FileIO(torn, "rb+")) as file:
        file.truncate(sound_length(file))
        file.seek(0)
        info = next(((record["WARC-Record-ID"], record.block()) for record in read_records(file)), None)
        if info is None:  # not even the warcinfo was whole: there is nothing in it
            torn.unlink()
            return
        warcinfo_id, fields = info[0], compose.read_fields(info[1])
        _append_note(file, warcinfo_id, fields.get("isPartOf", ""), fields.get("portals", ""), now)
        seal_file(torn, file)


def _append_note(file: FileIO, warcinfo_id: str, run: str, portals: str, now: datetime) -> None:
    fields = [("outcome", "lost"), ("portals", portals)]
    headers, block = compose.run_note(run, fields, at=now, record_id=new_record_id())
    file.seek(0, SEEK_END)
    parts: list[bytes] = []
    write_record(parts.append, (*headers, ("WARC-Warcinfo-ID", warcinfo_id)), block)
    note = memoryview(b"".join(parts))
    while note:
        note = note[file.write(note) :]
    os.fsync(file.fileno())


def _finish(stores: Stores, name: str) -> int:
    sealed = stores.spool / f"{name}{SEALED}"
    if sealed.exists():
        deposit(sealed, stores)
        return 1
    for suffix in (CDXJ, MANIFEST):
        (stores.spool / f"{name}{suffix}").unlink(missing_ok=True)
    return 0


def rebuild(stores: Stores) -> int:
    """Makes every derived row anew, in the order of sealing; gives the number of segments. One transaction: until it
    ends, and if it fails, the old rows stand."""
    with stores.catalog.begin() as connection:
        for table in DERIVED:
            connection.execute(delete(table))
        manifests = sorted(stored_manifests(stores), key=lambda manifest: (manifest.sealed_at, manifest.object))
        for manifest in manifests:
            with closing(stores.objects.open(manifest.object)) as segment:
                ingest(connection, stores.objects, manifest, segment)
    return len(manifests)


def stored_manifests(stores: Stores) -> Iterator[Manifest]:
    for key in stores.objects.keys("warc/"):
        if key.endswith(MANIFEST):
            with closing(stores.objects.open(key)) as stored:
                yield decode_manifest(stored.read())
