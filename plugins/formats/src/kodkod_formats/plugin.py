"""Specs of the plugin; importing this imports nothing heavy."""

from collections.abc import Iterable

from kodkod.api import ComponentSpec, ExporterSpec, ImporterSpec, hookimpl
from kodkod_formats import params

API = "2.0"

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@hookimpl
def register_components() -> Iterable[ComponentSpec]:
    """Declare the formats that are read and written."""
    return (*_importers(), *_exporters())


def _importers() -> Iterable[ImporterSpec]:
    yield ImporterSpec(
        name="csv",
        title="CSV",
        summary="Fields between commas or semicolons; separator and encoding are found out",
        factory="kodkod_formats.delimited:CsvImporter",
        params=params.CsvParams,
        extensions=(".csv", ".txt"),
    )
    yield ImporterSpec(
        name="tsv",
        title="TSV",
        summary="Fields between tabs",
        factory="kodkod_formats.delimited:TsvImporter",
        params=params.TsvParams,
        extensions=(".tsv", ".tab"),
    )
    yield ImporterSpec(
        name="xlsx",
        title="Excel workbook",
        summary="One sheet of an XLSX workbook, its first row the names of the columns",
        factory="kodkod_formats.xlsx_reader:XlsxImporter",
        params=params.XlsxParams,
        extensions=(".xlsx", ".xlsm"),
    )
    yield ImporterSpec(
        name="parquet",
        title="Parquet",
        summary="Typed columns, quick and exact; the best choice for large corpora",
        factory="kodkod_formats.parquet_reader:ParquetImporter",
        params=params.ParquetParams,
        extensions=(".parquet", ".pq"),
    )
    yield ImporterSpec(
        name="jsonl",
        title="JSON Lines",
        summary="One JSON object on each line",
        factory="kodkod_formats.jsonl_reader:JsonlImporter",
        params=params.JsonlParams,
        extensions=(".jsonl", ".ndjson"),
    )


def _exporters() -> Iterable[ExporterSpec]:
    yield ExporterSpec(
        name="csv",
        title="CSV",
        summary="Read by everything; lists are written as JSON text",
        factory="kodkod_formats.csv_writer:CsvExporter",
        params=params.CsvExportParams,
        extension=".csv",
        media_type="text/csv",
    )
    yield ExporterSpec(
        name="xlsx",
        title="Excel workbook",
        summary="For spreadsheets; at most 1,048,575 rows, lists are written as JSON text",
        factory="kodkod_formats.xlsx_writer:XlsxExporter",
        params=params.XlsxExportParams,
        extension=".xlsx",
        media_type=XLSX_MEDIA_TYPE,
    )
    yield ExporterSpec(
        name="parquet",
        title="Parquet",
        summary="Typed columns, small and exact; read by R, Python and databases",
        factory="kodkod_formats.parquet_writer:ParquetExporter",
        params=params.ParquetExportParams,
        extension=".parquet",
        media_type="application/vnd.apache.parquet",
    )
    yield ExporterSpec(
        name="jsonl",
        title="JSON Lines",
        summary="One JSON object on each line; lists stay lists",
        factory="kodkod_formats.jsonl_writer:JsonlExporter",
        params=params.JsonlExportParams,
        extension=".jsonl",
        media_type="application/x-ndjson",
    )
