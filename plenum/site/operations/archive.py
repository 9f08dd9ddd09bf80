"""The file of a backup: an archive of one part for each table, a list of contents, and a seal over every byte.

It is a plain ZIP file that any program can open. Its comment, the last bytes of the file, is a seal: the SHA-256 of all
bytes before. The list of contents, `manifest.json`, says of each part how many rows and bytes it has, and its SHA-256.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

FORMAT = 1
"""Grows when older programs can no longer read the file."""

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 16 * 2**20
BLOCK = 2**20
SEAL = b"plenum backup sha256:"
SEALED = len(SEAL) + 64
EPOCH = (1980, 1, 1, 0, 0, 0)


class DamagedBackup(ValueError):
    """The file is no backup that can be restored; the message says why and what to do."""


@dataclass(frozen=True)
class Part:
    """The rows of one table as PostgreSQL writes them (`COPY … TO STDOUT`), in the order of the primary key."""

    table: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The name of the part in the archive."""
        return f"tables/{self.table}"


@dataclass(frozen=True)
class Manifest:
    """What is in a backup. `made` is seconds since 1970; `migrations` are those applied, as (room, name)."""

    format: int
    plenum: str
    made: int
    postgres: str
    migrations: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    sequences: dict[str, tuple[int, bool]]

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(part.rows for part in self.parts)

    @property
    def bytes(self) -> int:
        """How many bytes the parts have when they are unpacked."""
        return sum(part.bytes for part in self.parts)


class Writer:
    """An archive that is being written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(
        self, table: str, columns: tuple[str, ...], rows: Iterable[bytes | bytearray | memoryview]
    ) -> Part:
        """Add the rows of a table, as COPY gives them. Returns what was written."""
        digest, count, size = hashlib.sha256(), 0, 0
        with self._archive.open(_entry(f"tables/{table}"), "w", force_zip64=True) as part:
            for row in rows:
                part.write(row)
                digest.update(row)
                count += bytes(row).count(b"\n")
                size += len(row)
        return Part(table, columns, count, size, digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Add the list of contents."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        self._archive.writestr(_entry(MANIFEST), text.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write an archive to `path`: whole, sealed and readable by its owner only, or not at all.

    Raises FileExistsError if there is such a file already, OSError if it cannot be written.
    """
    if path.exists():
        raise FileExistsError(f"{path} is there already. Name another file.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield Writer(archive)
                archive.comment = SEAL + b"0" * 64
            _seal(file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _settle(path.parent)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _seal(file: BinaryIO) -> None:
    file.seek(0, os.SEEK_END)
    end = file.tell() - 64
    digest = _digest(file, end)
    file.seek(end)
    file.write(digest.encode())


def _settle(folder: Path) -> None:
    """Make the disk remember the name of a new file, where the system can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _digest(file: BinaryIO, length: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while length > 0:
        block = file.read(min(BLOCK, length))
        if not block:
            break
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()


class Reader:
    """An archive that has been examined whole."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def blocks(self, part: Part) -> Iterator[bytes]:
        """Yield what the part holds, in blocks, never more than it is said to hold. Raises DamagedBackup."""
        digest, left = hashlib.sha256(), part.bytes
        try:
            with self._archive.open(part.name) as stream:
                while block := stream.read(min(BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        raise DamagedBackup(
                            f"The part {part.name} holds more than it says. Use another backup."
                        )
                    digest.update(block)
                    yield block
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            if isinstance(error, DamagedBackup):
                raise
            raise DamagedBackup(
                f"The part {part.name} cannot be read: {error}. Use another backup."
            ) from error
        if left or digest.hexdigest() != part.sha256:
            raise DamagedBackup(f"The part {part.name} is not what was written. Use another backup.")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Examine the archive at `path` to its last byte and give access to it. Raises DamagedBackup, OSError."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        _check_seal(file, size, path)
        try:
            with zipfile.ZipFile(file) as archive:
                manifest = _manifest(archive)
                _check_contents(archive, manifest, size)
                reader = Reader(archive, manifest)
                for part in manifest.parts:
                    lines = sum(block.count(b"\n") for block in reader.blocks(part))
                    if lines != part.rows:
                        raise DamagedBackup(f"The part {part.name} has {lines} rows instead of {part.rows}.")
                yield reader
        except (zipfile.BadZipFile, NotImplementedError, RecursionError) as error:
            raise DamagedBackup(f"{path} cannot be read: {error}. Use another backup.") from error


def _check_seal(file: BinaryIO, size: int, path: Path) -> None:
    if size < SEALED:
        raise DamagedBackup(f"{path} is no backup of Plenum, or only the beginning of one.")
    file.seek(size - SEALED)
    seal = file.read(SEALED)
    if not seal.startswith(SEAL):
        raise DamagedBackup(
            f"{path} is no backup of Plenum, or it has been cut off or added to. Copy it anew, or use another."
        )
    if _digest(file, size - 64).encode() != seal[len(SEAL) :]:
        raise DamagedBackup(
            f"{path} is damaged: its bytes are not those that were written. Use another backup."
        )


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        with archive.open(MANIFEST) as stream:
            text = stream.read(LARGEST_MANIFEST + 1)
        if len(text) > LARGEST_MANIFEST:
            raise ValueError("it is too large")
        return understood(json.loads(text))
    except DamagedBackup:
        raise
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, RuntimeError) as error:
        raise DamagedBackup(f"The list of contents cannot be read: {error}. Use another backup.") from error


def understood(found: Any) -> Manifest:
    """Return the manifest in `found`, read from JSON. Raises DamagedBackup if it is of a later format."""
    if not isinstance(found["format"], int) or found["format"] > FORMAT:
        raise DamagedBackup(
            f"The backup was made by Plenum {found.get('plenum')}, which is newer than this one. "
            "Install that version, then restore."
        )
    parts = tuple(
        Part(
            str(part["table"]),
            tuple(map(str, part["columns"])),
            int(part["rows"]),
            int(part["bytes"]),
            part["sha256"],
        )
        for part in found["parts"]
    )
    if any(part.rows < 0 or part.bytes < 0 for part in parts):
        raise ValueError("a part has less than nothing")
    return Manifest(
        format=found["format"],
        plenum=str(found["plenum"]),
        made=int(found["made"]),
        postgres=str(found["postgres"]),
        migrations=tuple((str(room), str(name)) for room, name in found["migrations"]),
        parts=parts,
        sequences={
            str(name): (int(last), bool(called)) for name, (last, called) in found["sequences"].items()
        },
    )


def _check_contents(archive: zipfile.ZipFile, manifest: Manifest, size: int) -> None:
    """Refuse what is not listed, listed twice, or could unpack to more than it says."""
    entries = archive.infolist()
    names = sorted(entry.filename for entry in entries)
    if names != sorted([MANIFEST, *(part.name for part in manifest.parts)]):
        raise DamagedBackup("The parts are not those in the list of contents. Use another backup.")
    if sum(entry.compress_size for entry in entries) > size:
        raise DamagedBackup("Parts of the file overlap. Use another backup.")
    sizes = {part.name: part.bytes for part in manifest.parts}
    if any(entry.file_size != sizes.get(entry.filename, entry.file_size) for entry in entries):
        raise DamagedBackup("The parts are not as large as the list of contents says. Use another backup.")
