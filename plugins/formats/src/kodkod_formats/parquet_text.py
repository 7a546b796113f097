"""Text columns of a Parquet file, unpacked only once their real size is known.

A text that repeats is stored once in a column's dictionary, so a file of some kB may hold a
million copies of a megabyte, whatever its directory says. Text is therefore read as a
dictionary and indices, measured, and only then written out.
"""

import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import parquet

__all__ = ["text_paths", "text_size", "unpacked_type"]


def text_paths(schema: parquet.ParquetSchema) -> list[str]:
    """Return the paths of the leaves that hold text or bytes of varying length."""
    leaves = (schema.column(i) for i in range(len(schema)))
    return [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]


def text_size(array: pa.Array) -> int:
    """Return how many bytes of text `array` holds once each copy is written out."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _dictionary_size(array)
    if pa.types.is_struct(kind):
        return sum(text_size(array.field(i)) for i in range(kind.num_fields))
    if pa.types.is_map(kind):
        return text_size(array.keys) + text_size(array.items)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return text_size(array.values)
    return 0


def _dictionary_size(array: pa.Array) -> int:
    values = array.dictionary
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        values = values.cast(pa.large_binary())
    lengths = pc.call_function("binary_length", [values]).cast(pa.int64())
    return pc.call_function("sum", [lengths.take(array.indices)]).as_py() or 0


def unpacked_type(kind: pa.DataType) -> pa.DataType:
    """Return `kind` with plain text in place of dictionaries."""
    if pa.types.is_dictionary(kind):
        binary = pa.types.is_binary(kind.value_type) or pa.types.is_large_binary(kind.value_type)
        return pa.large_binary() if binary else pa.large_string()
    if pa.types.is_struct(kind):
        return pa.struct([_unpacked_field(kind.field(i)) for i in range(kind.num_fields)])
    if pa.types.is_map(kind):
        return pa.map_(_unpacked_field(kind.key_field), _unpacked_field(kind.item_field))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(_unpacked_field(kind.value_field), kind.list_size)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return pa.large_list(_unpacked_field(kind.value_field))
    return kind


def _unpacked_field(field: pa.Field) -> pa.Field:
    return field.with_type(unpacked_type(field.type))
