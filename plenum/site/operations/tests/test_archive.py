"""The file of a backup: sealed, complete, bounded; whatever is done to it is noticed before it is used."""

import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plenum.site.operations import archive
from plenum.site.operations.archive import DamagedBackup, Manifest, Part

ROWS = [f"{number}\tĐảng bộ {number}\n".encode() for number in range(500)]


def made(path: Path, change: Callable[[Manifest], Manifest] = lambda manifest: manifest) -> Path:
    """A backup of one table; `change` falsifies its list of contents."""
    with archive.writing(path) as writer:
        part = writer.add("tree_unit", ("id", "name"), ROWS)
        manifest = Manifest(
            archive.FORMAT, "0.1.0", 1_700_000_000, "18.0", (("tree", "0001"),), (part,), {"s": (7, True)}
        )
        writer.finish(change(manifest))
    return path


def resealed(path: Path) -> None:
    """Give a falsified file a right seal, as somebody could who knows how."""
    with path.open("r+b") as file:
        archive._seal(file)


def refusal(path: Path) -> str:
    with pytest.raises(DamagedBackup) as caught, archive.reading(path):
        pass
    return str(caught.value)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = made(tmp_path / "b.zip")
    with archive.reading(path) as reader:
        (part,) = reader.manifest.parts
        assert (part.table, part.columns, part.rows) == ("tree_unit", ("id", "name"), 500)
        assert b"".join(reader.blocks(part)) == b"".join(ROWS)
        assert reader.manifest.sequences == {"s": (7, True)}
        assert reader.manifest.migrations == (("tree", "0001"),)
    assert path.stat().st_mode & 0o777 == 0o600
    assert zipfile.ZipFile(path).testzip() is None
    assert os.listdir(tmp_path) == ["b.zip"]


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = made(tmp_path / "b.zip")
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="Name another"):
        made(path)
    assert path.read_bytes() == before


def test_an_interrupted_backup_leaves_no_file(tmp_path: Path) -> None:
    def interrupted() -> Iterator[bytes]:
        yield from ROWS
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), archive.writing(tmp_path / "b.zip") as writer:
        writer.add("tree_unit", ("id",), interrupted())
    assert os.listdir(tmp_path) == []


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    path = made(tmp_path / "b.zip")
    whole = path.read_bytes()
    chance = random.Random(8)
    places = {*range(12), *range(len(whole) - 90, len(whole)), *chance.sample(range(len(whole)), 200)}
    for place in places:
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        assert refusal(path)


@pytest.mark.parametrize("cut", [0, 1, 50, 85, 86, 400])
def test_a_file_that_is_cut_off_or_added_to_is_refused(tmp_path: Path, cut: int) -> None:
    path = made(tmp_path / "b.zip")
    whole = path.read_bytes()
    for bad in (
        whole[:cut],
        whole[: len(whole) - cut - 1],
        whole[cut + 1 :],
        whole + b"x" * (cut + 1),
        b"x" + whole,
    ):
        path.write_bytes(bad)
        assert refusal(path)


def test_other_files_are_no_backups(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("manifest.json", "{}")
    assert "no backup of Plenum" in refusal(path)
    path.write_bytes(b"")
    assert "no backup of Plenum" in refusal(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: replace(found, format=archive.FORMAT + 1, plenum="9.9"), "Plenum 9.9, which is newer"),
        (lambda found: replace(found, parts=()), "not those in the list"),
        (lambda found: replace(found, parts=(*found.parts, *found.parts)), "not those in the list"),
        (
            lambda found: replace(found, parts=(replace(found.parts[0], table="other"),)),
            "not those in the list",
        ),
        (lambda found: replace(found, parts=(replace(found.parts[0], rows=499),)), "500 rows instead of 499"),
        (lambda found: replace(found, parts=(replace(found.parts[0], bytes=5),)), "not as large"),
        (lambda found: replace(found, parts=(replace(found.parts[0], bytes=-5),)), "less than nothing"),
        (
            lambda found: replace(found, parts=(replace(found.parts[0], sha256="0" * 64),)),
            "not what was written",
        ),
    ],
)
def test_a_list_of_contents_that_is_not_true_is_refused(
    tmp_path: Path, change: Callable[[Manifest], Manifest], says: str
) -> None:
    assert says in refusal(made(tmp_path / "b.zip", change))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "nonsense", '{"format": "1"}', '{"format": 1}', "[" * 100_000]
)
def test_a_list_of_contents_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as bad:
        bad.writestr("manifest.json", text)
        bad.comment = archive.SEAL + b"0" * 64
    resealed(path)
    assert refusal(path)


def test_a_bomb_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    """A part that unpacks to a thousand times what it says, and a list of contents without end."""
    path = tmp_path / "b.zip"
    part = Part("tree_unit", ("id",), 1, 10, "0" * 64)
    manifest = Manifest(1, "0.1.0", 0, "18", (), (part,), {})
    for name, size in (("tables/tree_unit", 200 * 2**20), ("manifest.json", 40 * 2**20)):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
            if name != "manifest.json":
                bomb.writestr("manifest.json", json.dumps(manifest, default=vars))
            with bomb.open(name, "w") as entry:
                for _block in range(size // 2**20):
                    entry.write(b"\n" * 2**20)
            bomb.comment = archive.SEAL + b"0" * 64
        resealed(path)
        assert refusal(path)


def test_a_part_that_lies_about_its_size_in_both_places_is_stopped(tmp_path: Path) -> None:
    path = made(tmp_path / "b.zip", lambda found: replace(found, parts=(replace(found.parts[0], bytes=100),)))
    whole = bytearray(path.read_bytes())
    real = sum(map(len, ROWS)).to_bytes(4, "little")
    central = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"manifest.json"))
    at = whole.index(real, central - 200) if real in whole[central - 200 : central + 46] else -1
    assert at > 0
    whole[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(bytes(whole))
    resealed(path)
    assert refusal(path)
