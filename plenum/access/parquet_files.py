"""Writing a stream as a Parquet file, a row group at a time."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
from pyarrow import parquet

from plenum.access.streams import Stream

TYPES: Final[dict[type, Any]] = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    date: pa.date32(),
    Decimal: pa.decimal128(18, 4),
}


def schema_of(stream: Stream) -> Any:
    """The schema of the file, with the meaning of every column."""
    fields = [
        pa.field(each.name, TYPES[each.type], metadata={"meaning": each.meaning}) for each in stream.columns
    ]
    return pa.schema(fields, metadata={"plenum": json.dumps({"stream": stream.name, **stream.view})})


class _Outlet:
    """A file that is taken away while it is written."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.closed = False

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(self.pieces[-1])

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def pieces(stream: Stream, chunks: Iterator[Sequence[tuple[Any, ...]]]) -> Iterator[bytes]:
    """The bytes of the file, a row group for each chunk of rows as soon as it is read."""
    outlet, schema = _Outlet(), schema_of(stream)
    with parquet.ParquetWriter(pa.PythonFile(outlet, mode="w"), schema, compression="zstd") as writer:
        for rows in chunks:
            columns = [
                pa.array(values, field.type)
                for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            if piece := outlet.taken():
                yield piece
    yield outlet.taken()
