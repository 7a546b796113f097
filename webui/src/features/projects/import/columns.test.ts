import { expect, it } from "vitest";
import { delimitedColumns, jsonColumns } from "./columns";

it.each([
  ["commas", "id,sentence,label\n1,x,y", ["id", "sentence", "label"]],
  ["semicolons", "id;text, long;label\r\n", ["id", "text, long", "label"]],
  ["tabs behind a byte order mark", "\uFEFFid\ttext\n", ["id", "text"]],
  ["quotes", '"id","the ""text"", long",label\n', ["id", 'the "text", long', "label"]],
  ["one column", "text\nhello", ["text"]],
])("reads a header with %s", (_, head, columns) => {
  expect(delimitedColumns(head)).toEqual(columns);
});

it("reads the keys of JSON lines, and nothing from what is none", () => {
  expect(jsonColumns('{"id": 1, "text": "a"}\n{"id": 2}')).toEqual(["id", "text"]);
  expect(jsonColumns("not json")).toEqual([]);
});
